// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package binding

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// IAdjudicatorChannel is an auto generated low-level Go binding around an user-defined struct.
type IAdjudicatorChannel struct {
	Phase      uint8
	DepA       *big.Int
	DepB       *big.Int
	WithdrawnA *big.Int
	WithdrawnB *big.Int
	Holder     uint8
	Partly     bool
	Rev        common.Address
	Deadline   uint64
	ToHolder   *big.Int
	Left       *big.Int
	Cap        *big.Int
	Undecided  uint16
	LocksHash  [32]byte
	Decided    [4]*big.Int
}

// IAdjudicatorCommitment is an auto generated low-level Go binding around an user-defined struct.
type IAdjudicatorCommitment struct {
	Holder uint8
	N      uint64
	ToA    *big.Int
	ToB    *big.Int
	AccA   *big.Int
	AccB   *big.Int
	OutA   *big.Int
	OutB   *big.Int
	Rev    common.Address
}

// IAdjudicatorParams is an auto generated low-level Go binding around an user-defined struct.
type IAdjudicatorParams struct {
	A     common.Address
	B     common.Address
	PayA  common.Address
	PayB  common.Address
	Token common.Address
	Delay uint32
	Nonce uint64
}

// IAdjudicatorSig is an auto generated low-level Go binding around an user-defined struct.
type IAdjudicatorSig struct {
	R  [32]byte
	Vs [32]byte
}

// AdjudicatorMetaData contains all meta data concerning the Adjudicator contract.
var AdjudicatorMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[],\"name\":\"DepositsMissing\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"GasTooLow\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"InvalidShortString\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"LocksDiffer\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Lower\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NotConserved\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NothingArrived\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NothingOwed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Reentered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"str\",\"type\":\"string\"}],\"name\":\"StringTooLong\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TooMuch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TransferFailed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Undecided\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"UnexpectedValue\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WithdrawalsMissing\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongClaims\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongLocks\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"enumIAdjudicator.Phase\",\"name\":\"phase\",\"type\":\"uint8\"}],\"name\":\"WrongPhase\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"}],\"name\":\"WrongPreimage\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSecret\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSide\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSignature\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"toA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"toB\",\"type\":\"uint128\"}],\"name\":\"Closing\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidB\",\"type\":\"uint128\"}],\"name\":\"Cooperated\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"side\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Deposited\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Owed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"OwedClaimed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"tower\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"bounty\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paid\",\"type\":\"uint128\"}],\"name\":\"Punished\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes\",\"name\":\"claims\",\"type\":\"bytes\"},{\"indexed\":false,\"internalType\":\"bytes\",\"name\":\"refunds\",\"type\":\"bytes\"}],\"name\":\"Resolved\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidB\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"ended\",\"type\":\"bool\"}],\"name\":\"Settled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"totalA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"totalB\",\"type\":\"uint128\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"channel\",\"outputs\":[{\"components\":[{\"internalType\":\"enumIAdjudicator.Phase\",\"name\":\"phase\",\"type\":\"uint8\"},{\"internalType\":\"uint128\",\"name\":\"depA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"depB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"withdrawnA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"withdrawnB\",\"type\":\"uint128\"},{\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"internalType\":\"bool\",\"name\":\"partly\",\"type\":\"bool\"},{\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint128\",\"name\":\"toHolder\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"left\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"cap\",\"type\":\"uint128\"},{\"internalType\":\"uint16\",\"name\":\"undecided\",\"type\":\"uint16\"},{\"internalType\":\"bytes32\",\"name\":\"locksHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[4]\",\"name\":\"decided\",\"type\":\"uint256[4]\"}],\"internalType\":\"structIAdjudicator.Channel\",\"name\":\"c\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"channelId\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sig\",\"type\":\"tuple\"}],\"name\":\"claimOwed\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"internalType\":\"uint128\",\"name\":\"toA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"toB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outB\",\"type\":\"uint128\"},{\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"}],\"internalType\":\"structIAdjudicator.Commitment\",\"name\":\"c\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"peerSig\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"holderSig\",\"type\":\"tuple\"}],\"name\":\"close\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint128\",\"name\":\"a\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"b\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outB\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigA\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigB\",\"type\":\"tuple\"}],\"name\":\"coop\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint8\",\"name\":\"side\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"deposit\",\"outputs\":[],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"eip712Domain\",\"outputs\":[{\"internalType\":\"bytes1\",\"name\":\"fields\",\"type\":\"bytes1\"},{\"internalType\":\"string\",\"name\":\"name\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"verifyingContract\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[]\",\"name\":\"extensions\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"owedNonce\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes32\",\"name\":\"secret\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"tower\",\"type\":\"address\"},{\"internalType\":\"uint128\",\"name\":\"bounty\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"grantSig\",\"type\":\"tuple\"}],\"name\":\"punish\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"claims\",\"type\":\"bytes\"}],\"name\":\"resolve\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"settle\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"}],\"name\":\"settlePartial\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint128\",\"name\":\"totalA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"totalB\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigA\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigB\",\"type\":\"tuple\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "Adjudicator",
	Bin: "0x6101806040523461014157604051610018604082610145565b600481526020810190631b9ddb9960e21b82526040519161003a604084610145565b600183526020830191603160f81b83526100538161017c565b610120526100608461017c565b61014052519020918260e05251902080610100524660a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a081526100c960c082610145565b5190206080523060c0524661016052604051613c3b90816101e8823960805181613967015260a05181613a24015260c05181613938015260e051816139b6015261010051816139dc01526101205181611c2a01526101405181611c530152610160518181816131b50152818161358101526135dd0152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761016857604052565b634e487b7160e01b5f52604160045260245ffd5b601f8151116101a7576020815191015160208210610198571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fdfe6101406040526004361015610012575f80fd5b5f610120525f3560e01c8063114d8b041461302757806318c6255e14612dfc57806328079e4a14612d705780634c7d15de146125a25780634d939034146122285780635aed7a9014611d3257806384b0196e14611bf157806387964b5014611a065780638ec543531461162657806393f7ba8f14611269578063b070708514610a4c578063b59134d9146109e3578063b7d9c80e14610546578063db6823b21461010e5763f698da25146100c4575f80fd5b3461010757610120517ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101075760206100ff613921565b604051908152f35b6101205180fd5b34610107577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161010081126101075760e0136101075760e43567ffffffffffffffff8111610107576101669036906004016130a6565b610120515c610518576001610120515d61017e6135d5565b92600182018054926101205150640fffffffff8460a01c16928342106104ea576101a981898461382a565b6101b5818989856138b3565b610120519860069290921c9190895b83811061049057505050506101d98487613779565b1593841561033057505f92507e030000000000000000000000000000000000000000000000000000000000009055555b6effffffffffffffffffffffffffffff8381169461023791869161023291607888901c16613483565b613483565b92839060f21c600190811614610326575b5060607f44519f31bde398e151af7ce07f25658a7fc66da11a892dd7d8ffbdbb561ce8fb91604051906fffffffffffffffffffffffffffffffff871682526fffffffffffffffffffffffffffffffff861660208301526040820152a26084359173ffffffffffffffffffffffffffffffffffffffff83168303610107576044359073ffffffffffffffffffffffffffffffffffffffff82168203610107576102f09184613631565b60643573ffffffffffffffffffffffffffffffffffffffff811681036101075761031992613631565b61012051805d6101205180f35b9392506060610248565b91926f0100000000000000000000000000000088101561046257607888901b7e040000000000000000000000000000000000000000000000000000000000008816177ffff00000000000000000000000000000000000000000000000000000000000008816177e0a0000000000000000000000000000000000000000000000000000000000001790915564100000000011156104625773ffffffffffffffffffffffffffffffffffffffff8116780fffffffff0000000000000000000000000000000000000000821617793ff000000000000000000000000000000000000000000000000091909116179061042486613acb565b1561042f5755610209565b7f4e487b710000000000000000000000000000000000000000000000000000000061012051526012600452602461012051fd5b7fd887771b000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b600381901c7f1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01682016020015160ff82161c600116156104d3575b6001016101c4565b600681901b83016020013560801c909a01996104cb565b7f085de625000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b7fb5dfd9e5000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b346101075760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610107576040516101e0810181811067ffffffffffffffff8211176109b05760409081526101208051835280516020840152805183830152805160608401528051608080850191909152815160a0850152815160c0850152815160e0850152815161010085015281518483015281516101408501528151610160850152815161018085015290516101a0840152905190919061060d8382613399565b823682376101c082015260043561012051526004602052604061012051208054906101205150600160038360f01c1661064581613176565b61064e81613176565b80855261065a81613176565b61066381613176565b0361082c5760010154607882811c6effffffffffffffffffffffffffffff9081166040860152928316602085015281901c6fffffffffffffffffffffffffffffffff1660808401521660608201526101c0905b6040519281516106c581613176565b84526fffffffffffffffffffffffffffffffff60208301511660208501526fffffffffffffffffffffffffffffffff60408301511660408501526fffffffffffffffffffffffffffffffff60608301511660608501526fffffffffffffffffffffffffffffffff6080830151169084015260ff60a08201511660a084015260c0810151151560c084015273ffffffffffffffffffffffffffffffffffffffff60e08201511660e084015267ffffffffffffffff610100820151166101008401526fffffffffffffffffffffffffffffffff610120820151166101208401526fffffffffffffffffffffffffffffffff610140820151166101408401526fffffffffffffffffffffffffffffffff6101608201511661016084015261ffff610180820151166101808401526101a08101516101a084015201516101c0820161012051905b600482106108165761024084f35b6020806001928551815201930191019091610808565b906002835161083a81613176565b61084381613176565b14610854575b50506101c0906106b6565b600c6103ff6001840154610120515060018460f21c166001808660f31c161461ffff6108808488613779565b16610180890152151560c088015260a08088019190915281901c640fffffffff1661010087015273ffffffffffffffffffffffffffffffffffffffff811660e0870152607884901c6effffffffffffffffffffffffffffff90811661014088018190529085166101208801526fffffffffffffffffffffffffffffffff906109089083613809565b166101608701526002850154806109ab57507fc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a4705b6101a087015260c41c161115610998575060405161012051909160030190825b60048210610982575050509081610976846101c094613399565b828201525b9083610849565b600160208192855481520193019101909161095c565b6101c092915060f41c828201515261097b565b61093c565b7f4e487b710000000000000000000000000000000000000000000000000000000061012051526041600452602461012051fd5b346101075760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101075773ffffffffffffffffffffffffffffffffffffffff610a2f613060565b166101205152600360205260206040610120512054604051908152f35b34610107577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161012081126101075760e0136101075760e43567ffffffffffffffff811161010757610aa49036906004016130a6565b9060a0526101043567ffffffffffffffff811161010757610ac99036906004016130a6565b91610120515c610518576001610120515d610ae26135d5565b90929160e0529190610af78160a0518461382a565b60f283901c6001166101005260a051610b1390829085856138b3565b6080526101205193602286066110e657610b2c82613b59565b95610b6281907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0603f6040519301168201604052565b60c081905261012051928392909160200190829084905b8083018510611114575b5050507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0915060c05190030160c051526110e6578061108b5750610120515061012051907f07fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe8160051c168160061c81046002148260061c15171561105857610c347fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0603f6040519301168201604052565b6101205160a051919790916020015b8360a051018110611037575b60a051900360061c5b8360061c8110610f185750508652610c7b602260c0515104875160011c906132bc565b9081610cdf575b867f90f462aecc8dfebd7a7a0c33c746db3b7f0393b4a97238fa0fe003ac268382216040516040815280610ccf610cbe6040830160c051613133565b828103602084015260e05195613133565b0390a261012051805d6101205180f35b6103001015610eff57610cf8908460f49695961c6132bc565b93610120519360038401945b60805151811015610d625780610d1e6001926080516134ca565b51610d2982896138a4565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff829392549160031b92831b921b191617905501610d04565b509193509193610d9090935b6effffffffffffffffffffffffffffff92610d8b908585166132bc565b6132bc565b600160f384901c811614929091607882901c16808311908115610ee4575b50610462577e020000000000000000000000000000000000000000000000000000000000009215610eba577effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7e08000000000000000000000000000000000000000000000000000000000000945b60f41b9416917dffffffffffffffffffffffffffffff0000000000000000000000000000007fffffffffffffffffffffffffffffffffff0000000000000000000000000000007e040000000000000000000000000000000000000000000000000000000000007ffffc00000000000000000000000000000000000000000000000000000000000085161693161617171717179055818080808080610c82565b7effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6101205194610e1b565b6f010000000000000000000000000000009150101587610dae565b50919092610d90610f11608051613490565b5193610d6e565b600381901c7f1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01682016020015160ff82161c6001161580610ff3575b610fa4575b60a05160019190910160061b016020015b8360a051018110610f83575b60a051900360061c610c58565b65ffffffffffff813560501c16421015610f9f57604001610f6a565b610f76565b918860208460061b60a0510101356101005160018260481c1603610fe5575b50600282856021602095600195018260081c8782015301530193915050610f59565b60801c909501946002610fc3565b5060207f1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08260031c1660805101018051600160ff84161b9182821790521615610f54565b65ffffffffffff813560501c1642101561105357604001610c43565b610c4f565b7f4e487b710000000000000000000000000000000000000000000000000000000061012051526011600452602461012051fd5b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8101908111611058577f2849974c000000000000000000000000000000000000000000000000000000006101205152600452602461012051fd5b7fb65d0870000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b9091928435928360f01c908960061c82101590821017611236576001810193623fffc08160ea1c1660a0510160028801356101205152602061012051816101205160025afa1561010757808f913561012051510361120157600160ff6020611fe093013595161b9260f31c169065ffffffffffff8460501c164210156111ec575060209060805101019081518181166111df571790526101005160018260481c16146111d1575b50602281818781943701945b0193929190610b79565b60801c909a019960226111bb565b50505050936022906111c7565b016020018051909117905250936022906111c7565b5050505095505090507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0915092898080610b83565b509450505050507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0600191898080610b83565b34610107577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101a081126101075760e013610107576112a96130d4565b6112b16130f3565b9060407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedc3601126101075760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe9c36011261010757610120515c610518576001610120515d6001611320613579565b920180549293916effffffffffffffffffffffffffffff808516926fffffffffffffffffffffffffffffffff851692918484108015611608575b6115da5761138e6fffffffffffffffffffffffffffffffff8a169861137f8a876132bc565b92607882901c811691166132bc565b10610462576113ea60405160208101907fa7e7d66f670498fa7d78e5b941259497a9ee1bb485f93017fcb4451cbd38c8e28252846040820152856060820152896080820152608081526113e260a082613399565b519020613a8a565b6113f2613230565b611430610144357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6101243592821c011685613ba1565b5061143a81613176565b15918215926115b5575b505061156257611491611455613253565b91610184357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101643593821c011690613ba1565b5061149b81613176565b1591821592611590575b5050611562577effffffffffffffffffffffffffffffff000000000000000000000000000000607889901b1683179055604080516fffffffffffffffffffffffffffffffff958616815294909716602085015261031996611544947fb92806c87db4f76c6aefc5fd3517b07d661503ff060092ca478e925d8fa9cc569190a261153e61152f6131e9565b92611538613276565b92613483565b91613631565b61153e61154f6131e9565b92611558613299565b9260781c90613483565b7f356a4418000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b73ffffffffffffffffffffffffffffffffffffffff91925081169116141589806114a5565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a80611444565b7f7448669c000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b508660781c6fffffffffffffffffffffffffffffffff8a161061135a565b34610107577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161018081126101075760e013610107576101043573ffffffffffffffffffffffffffffffffffffffff81169081810361010757611689613113565b60407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffebc36011261010757610120515c610518576001610120515d806116cc6135d5565b929160018296920154926020604051610120518152601b828201527f79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179860408201527ffffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd036414160e4357f79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f817980960608201526101205161012051526080610120519160015afa156119f85773ffffffffffffffffffffffffffffffffffffffff61012051511680151590816119d8575b50156119aa5761012051506001808660f21c16149561180e604051916fffffffffffffffffffffffffffffffff60208401917fa28a3f6565613275a62444688fac7a2f64619ade4a6126b0b4bb1d98bdffb1f183528660408601528c60608601521692836080820152608081526113e260a082613399565b87156119995761185c61181f613230565b915b610164357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101443593821c011690613ba1565b5061186681613176565b1591821592611974575b505061156257610319986119469660781c6effffffffffffffffffffffffffffff16957fddff5d53da3ca7f892e124a235fc66de60d396b9d763af6b2e3559f8bbafdd37936060935f926001926118ef926fffffffffffffffffffffffffffffffff926118de908d90613809565b80911161196a575b50168099613483565b9a7e03000000000000000000000000000000000000000000000000000000000000815501556040519081528560208201526fffffffffffffffffffffffffffffffff89166040820152a26119416131e9565b613631565b61194e6131e9565b90156119625761195c613276565b90613631565b61195c613299565b829150168f6118e6565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a80611870565b61185c6119a4613253565b91611821565b7ff86c49bc000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b905073ffffffffffffffffffffffffffffffffffffffff85161489611796565b6040513d61012051823e3d90fd5b346101075760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261010757610120515c610518576001610120515d611a4d6135d5565b9060018101546101205150640fffffffff8160a01c1642106104ea57611a739083613779565b611bc3577e0300000000000000000000000000000000000000000000000000000000000081555f600190910155610120516effffffffffffffffffffffffffffff8281169391607884901c909116906110585783611ad091613483565b91600180849260f21c1614611bba575b507f44519f31bde398e151af7ce07f25658a7fc66da11a892dd7d8ffbdbb561ce8fb60606040516fffffffffffffffffffffffffffffffff861681526fffffffffffffffffffffffffffffffff8516602082015260016040820152a26084359173ffffffffffffffffffffffffffffffffffffffff83168303611bb6576044359073ffffffffffffffffffffffffffffffffffffffff82168203611bb657611b889184613631565b60643573ffffffffffffffffffffffffffffffffffffffff81168103611bb657611bb192613631565b5f805d005b5f80fd5b92915083611ae0565b7fc8dcac82000000000000000000000000000000000000000000000000000000006101205152600461012051fd5b3461010757610120517ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261010757611cd0611c4e7f0000000000000000000000000000000000000000000000000000000000000000613b02565b611c777f0000000000000000000000000000000000000000000000000000000000000000613b02565b60405190602090611cde90611c8c8385613399565b61012080518552513681376040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190613133565b908582036040870152613133565b4660608501523060808501526101205160a085015283810360c0850152818084519283815201930191610120515b828110611d1b57505050500390f35b835185528695509381019392810192600101611d0c565b34611bb6577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016102208112611bb65760e013611bb657611d726130d4565b611d7a6130f3565b90611d83613113565b9061014435916fffffffffffffffffffffffffffffffff8316809303611bb65761016435916fffffffffffffffffffffffffffffffff8316809303611bb65761018435946fffffffffffffffffffffffffffffffff8616809603611bb65760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe5c360112611bb65760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1c360112611bb6575f5c6122005760015f5d611e47613579565b94919790956fffffffffffffffffffffffffffffffff808060018a015497169516931697611e8783610d8b84611e7d888a6132bc565b5f610120526132bc565b611e91828b6132bc565b036121d8576effffffffffffffffffffffffffffff95868816908a821080156121ca575b6121a257878116918483118015612196575b61216e57611f0f611f0985611f7c9b8f611f1997611ef2611ef88f611ef2611eff95611ef29b613483565b906132bc565b918c613483565b9d60781c16613483565b886132bc565b9160781c86613483565b986040519460208601967f08c114a23e689cdb3edba693ec7d92f989c1ae074328379171d2786a086d850b88528c60408801526060870152608086015260a085015260c084015260e083015261010082015261010081526113e261012082613399565b611f84613230565b611fc26101c4357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6101a43592821c011685613ba1565b50611fcc81613176565b1591821592612149575b50506120fc57612023611fe7613253565b91610204357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101e43593821c011690613ba1565b5061202d81613176565b1591821592612124575b50506120fc57611bb1935f60016120f4947e03000000000000000000000000000000000000000000000000000000000000815501557f50975718b207973aae74adbdf6375692cefa6a2d7cf6ea26d0a5c774cdc61da3604051806120e16fffffffffffffffffffffffffffffffff88166fffffffffffffffffffffffffffffffff8716839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b0390a26120ec6131e9565b61195c613276565b6119626131e9565b7f356a4418000000000000000000000000000000000000000000000000000000005f5260045ffd5b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158580612037565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158680611fd6565b7fe05126e6000000000000000000000000000000000000000000000000000000005f5260045ffd5b50858260781c11611ec7565b7f59433e52000000000000000000000000000000000000000000000000000000005f5260045ffd5b5082888a60781c1610611eb5565b7fbf9e15f8000000000000000000000000000000000000000000000000000000005f5260045ffd5b7fb5dfd9e5000000000000000000000000000000000000000000000000000000005f5260045ffd5b34611bb65760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112611bb65761225f613060565b612267613083565b906044359073ffffffffffffffffffffffffffffffffffffffff821692838303611bb65760407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9c360112611bb6575f5c6122005773ffffffffffffffffffffffffffffffffffffffff9060015f5d169081330361242a575b73ffffffffffffffffffffffffffffffffffffffff811691825f52600260205260405f20815f5260205260405f2054948515612402577ffd7fff93305712da8a459cdc8c914ee306e7db6d8adba2ea3fb2afde4318983e60408592835f526002602052815f20855f526020525f828120558151908152886020820152a35a915a906123a15750505f809381938293f15b15612379575f805d005b7f90b8ec18000000000000000000000000000000000000000000000000000000005f5260045ffd5b5f809350826020959260449497604051947fa9059cbb00000000000000000000000000000000000000000000000000000000865260048601526024850152f1905f5190826123f1575b505061236f565b6123fb9250613adc565b81806123ea565b7f797dba54000000000000000000000000000000000000000000000000000000005f5260045ffd5b815f52600360205260405f2080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8114612575576124d5818593600161250e9401905560405160208101917f04e9301bbc3bb62d4c743d912ac4c8c31b3107eecb4b6ee81fcf9ae9adb71d48835273ffffffffffffffffffffffffffffffffffffffff8716604083015285606083015289608083015260a082015260a081526113e260c082613399565b6084357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b60643593821c011690613ba1565b5090919061251b81613176565b1591821592612554575b5050156122df577f356a4418000000000000000000000000000000000000000000000000000000005f5260045ffd5b73ffffffffffffffffffffffffffffffffffffffff16141590508286612525565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b34611bb6577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016102a08112611bb65760e013611bb6576101207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1c360112611bb6576102043567ffffffffffffffff8111611bb6576126269036906004016130a6565b60407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffddc360112611bb65760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd9c360112611bb6575f5c6122005760015f5d61268c613579565b909193600160ff61269b6132c9565b1611612d48575f90603f851615801590612d3d575b612cfe575f60205b868110612d26575069feffffffffffffffffff16612cfe57600184018054610d8b6126e16132d9565b6126e96132f9565b906126f2613319565b916126fb613339565b6fffffffffffffffffffffffffffffffff6127448a610d8b61271b613359565b968480808080612729613379565b95169a169b169716981694859116998a93610d8b8b8a6132bc565b61274e85846132bc565b036121d8576effffffffffffffffffffffffffffff928b841683811086868f8315612cef575b5050506121a257848916938385118015612ce3575b61216e5761279691613483565b61279f916132bc565b916127a991613483565b6127b2916132bc565b9860781c16906127c191613483565b6127ca916132bc565b9160781c6127d791613483565b6127e0916132bc565b918636906127ed92613407565b80519060200120876127fd6132c9565b61280561346b565b61280d6132d9565b6128156132f9565b61281d613319565b612825613339565b9061282e613359565b92612837613379565b9461284061320c565b966040519860208a019a7fdd7411e6dbfa8abddd3cc5aae97b94ad733d59b28d2e12f9a4f43679c3db59448c5260408b015260ff1660608a015267ffffffffffffffff1660808901526fffffffffffffffffffffffffffffffff1660a08801526fffffffffffffffffffffffffffffffff1660c08701526fffffffffffffffffffffffffffffffff1660e08601526fffffffffffffffffffffffffffffffff166101008501526fffffffffffffffffffffffffffffffff166101208401526fffffffffffffffffffffffffffffffff1661014083015273ffffffffffffffffffffffffffffffffffffffff1661016082015285610180820152826101a08201526101a081526129516101c082613399565b51902061295d90613a8a565b6129656132c9565b60ff16612cd657612974613253565b6129b2610244357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6102243592821c011685613ba1565b506129bc81613176565b1591821592612cb1575b50506120fc5760ff6129d66132c9565b16612ca057612a236129e6613230565b915b610284357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6102643593821c011690613ba1565b50612a2d81613176565b1591821592612c7b575b50506120fc5786612c70575b5060a43563ffffffff8116809103611bb657612a5f90426132bc565b9360ff612a6a6132c9565b16612c6657612a7f81945b610d8b85846132bc565b95612a886132c9565b8786118015612c4c575b612c24577f03fc0000000000000000000000000000000000000000000000000000000000007e020000000000000000000000000000000000000000000000000000000000009160f21b168860781b871717179055612aee61320c565b95641000000000861015612c2457612b0590613acb565b918215612bf7577ffd5c2fe61049509a5ebf87663509f7946df2b32c7fb8f128f6219ee8943fb85d9760c0977ffffffffffffffff00000000000000000000000000000000000000000000000006fffffffffffffffffffffffffffffffff979588960460ce1b9260be1b169073ffffffffffffffffffffffffffffffffffffffff8960a01b9116171717905567ffffffffffffffff612ba26132c9565b9573ffffffffffffffffffffffffffffffffffffffff612bc061346b565b83612bc961320c565b9160ff6040519b168b521660208a01521660408801521660608601521660808401521660a0820152a25f805d005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b7fd887771b000000000000000000000000000000000000000000000000000000005f5260045ffd5b506f01000000000000000000000000000000881015612a92565b612a7f8394612a75565b600286015587612a43565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158980612a37565b612a23612cab613253565b916129e8565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a806129c6565b612cde613230565b612974565b50888a60781c11612789565b60781c1610905086868f612774565b7f76802860000000000000000000000000000000000000000000000000000000005f5260045ffd5b92604090848401358093179260801c0193016126b8565b5061f18085116126b0565b7fa9e46fb8000000000000000000000000000000000000000000000000000000005f5260045ffd5b34611bb65760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112611bb657612da7613060565b73ffffffffffffffffffffffffffffffffffffffff612dc4613083565b91165f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101208112611bb65760e013611bb65760e43560ff8116809103611bb65761010435905f5c6122005760015f5d60018111612d4857612e5c6131ad565b91825f52600460205260405f2090612e73826134de565b50612e7c6131e9565b5f9073ffffffffffffffffffffffffffffffffffffffff8116612f89575050803403612f6157915b8215612f395782827f7228659d25fc7d9d822ea69a3325c01b3df0942925a9c833f89e19ad53c6765294612ed96040956134de565b6effffffffffffffffffffffffffffff8082169160781c169085155f14612f1f57612f0c92612f07916132bc565b61352f565b905b5582519182526020820152a25f805d005b90612f3392612f2d916132bc565b9061352f565b90612f0e565b7f62af86ad000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f123146a6000000000000000000000000000000000000000000000000000000005f5260045ffd5b9391909334612f615760205f6064612fa084613a4a565b94604051907f23b872dd000000000000000000000000000000000000000000000000000000008252336004830152306024830152604482015282855af15f5181613016575b501561237957612ff490613a4a565b818111613003575b5050612ea4565b61300e929450613483565b918480612ffc565b613021915082613adc565b87612fe5565b34611bb65760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112611bb65760206100ff6131ad565b6004359073ffffffffffffffffffffffffffffffffffffffff82168203611bb657565b6024359073ffffffffffffffffffffffffffffffffffffffff82168203611bb657565b9181601f84011215611bb65782359167ffffffffffffffff8311611bb65760208381860195010111611bb657565b60e435906fffffffffffffffffffffffffffffffff82168203611bb657565b61010435906fffffffffffffffffffffffffffffffff82168203611bb657565b61012435906fffffffffffffffffffffffffffffffff82168203611bb657565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b6004111561318057565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b6101206040517f0000000000000000000000000000000000000000000000000000000000000000815230602082015260e0600460408301372090565b60843573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b6101e43573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b60043573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b60243573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b60443573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b60643573ffffffffffffffffffffffffffffffffffffffff81168103611bb65790565b9190820180921161257557565b60e43560ff81168103611bb65790565b610124356fffffffffffffffffffffffffffffffff81168103611bb65790565b610144356fffffffffffffffffffffffffffffffff81168103611bb65790565b610164356fffffffffffffffffffffffffffffffff81168103611bb65790565b610184356fffffffffffffffffffffffffffffffff81168103611bb65790565b6101a4356fffffffffffffffffffffffffffffffff81168103611bb65790565b6101c4356fffffffffffffffffffffffffffffffff81168103611bb65790565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176133da57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b92919267ffffffffffffffff82116133da576040519161344f601f82017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200184613399565b829481845281830111611bb6578281602093845f960137010152565b6101043567ffffffffffffffff81168103611bb65790565b9190820391821161257557565b80511561349d5760200190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b805182101561349d5760209160051b010190565b549060038260f01c16600181116134f25750565b6134fb81613176565b7f96fe8cdd000000000000000000000000000000000000000000000000000000005f5261352781613176565b60045260245ffd5b6f0100000000000000000000000000000061354a83836132bc565b1015612c24577e010000000000000000000000000000000000000000000000000000000000009160781b171790565b6101206040517f0000000000000000000000000000000000000000000000000000000000000000815230602082015260e0600460408301372090815f52600460205260405f209081549060038260f01c16600181036134f25750565b6101206040517f0000000000000000000000000000000000000000000000000000000000000000815230602082015260e0600460408301372090815f52600460205260405f209081549060038260f01c16600281036134f25750565b9082156136e2575a73ffffffffffffffffffffffffffffffffffffffff83169290831590811561376f57620109a0905b1061374757156136e757505f8080808685617530f15b6136e257602073ffffffffffffffffffffffffffffffffffffffff7f7db67ca0eaf1eb1df6356349ae960f6d765d6ac9107e8ba57035a12bab0d529092845f526002835260405f208282165f52835260405f206136d58782546132bc565b90556040519586521693a3565b505050565b60205f60446040517fa9059cbb00000000000000000000000000000000000000000000000000000000815285600482015287602482015282856203d090f1905f519082613736575b5050613677565b6137409250613adc565b5f8061372f565b7f858c8974000000000000000000000000000000000000000000000000000000005f5260045ffd5b6203efd090613661565b91906103ff9060c41c169182600c81116137f6575060f41c805b61379a5750565b918015612575577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff01917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff810190808211612575571680613793565b9061380692935060f41c90613483565b90565b6138169060ce1c91613acb565b908181029181830414901517156125755790565b90600261383b920154923691613407565b602081519101209080155f1461389e57507fc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470905b0361387657565b7f56d7119b000000000000000000000000000000000000000000000000000000005f5260045ffd5b9061386f565b600482101561349d5701905f90565b929391506138c084613b59565b936103008111156139075750509060035f9101905b835181101561390357806138eb600192846138a4565b90549060031b1c6138fc82876134ca565b52016138d5565b5050565b909192506139125750565b60f41c61391e83613490565b52565b73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016301480613a21575b15613989577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a08152613a1b60c082613399565b51902090565b507f00000000000000000000000000000000000000000000000000000000000000004614613960565b5f6024816020937f70a08231000000000000000000000000000000000000000000000000000000008252306004525afa601f3d1116905f51911561237957565b604290613a95613921565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b60311c600181018091116125755790565b903d80613aeb5750503b151590565b60201115915081613afa575090565b600191501490565b60ff811690601f8211613b315760405191613b1e604084613399565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b906001613fff60405193017e7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081600e1c9182865260091c163660208601370160051b8201604052565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411613c30579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15613c25575f5173ffffffffffffffffffffffffffffffffffffffff811615613c1b57905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f916003919056",
}

// Adjudicator is an auto generated Go binding around an Ethereum contract.
type Adjudicator struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Adjudicator) GetABI() abi.ABI {
	return c.abi
}

// NewAdjudicator creates a new instance of Adjudicator.
func NewAdjudicator() *Adjudicator {
	parsed, err := AdjudicatorMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Adjudicator{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Adjudicator) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackChannel is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb7d9c80e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function channel(bytes32 id) view returns((uint8,uint128,uint128,uint128,uint128,uint8,bool,address,uint64,uint128,uint128,uint128,uint16,bytes32,uint256[4]) c)
func (adjudicator *Adjudicator) PackChannel(id [32]byte) []byte {
	enc, err := adjudicator.abi.Pack("channel", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackChannel is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb7d9c80e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function channel(bytes32 id) view returns((uint8,uint128,uint128,uint128,uint128,uint8,bool,address,uint64,uint128,uint128,uint128,uint16,bytes32,uint256[4]) c)
func (adjudicator *Adjudicator) TryPackChannel(id [32]byte) ([]byte, error) {
	return adjudicator.abi.Pack("channel", id)
}

// UnpackChannel is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb7d9c80e.
//
// Solidity: function channel(bytes32 id) view returns((uint8,uint128,uint128,uint128,uint128,uint8,bool,address,uint64,uint128,uint128,uint128,uint16,bytes32,uint256[4]) c)
func (adjudicator *Adjudicator) UnpackChannel(data []byte) (IAdjudicatorChannel, error) {
	out, err := adjudicator.abi.Unpack("channel", data)
	if err != nil {
		return *new(IAdjudicatorChannel), err
	}
	out0 := *abi.ConvertType(out[0], new(IAdjudicatorChannel)).(*IAdjudicatorChannel)
	return out0, nil
}

// PackChannelId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x114d8b04.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32 id)
func (adjudicator *Adjudicator) PackChannelId(p IAdjudicatorParams) []byte {
	enc, err := adjudicator.abi.Pack("channelId", p)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackChannelId is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x114d8b04.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32 id)
func (adjudicator *Adjudicator) TryPackChannelId(p IAdjudicatorParams) ([]byte, error) {
	return adjudicator.abi.Pack("channelId", p)
}

// UnpackChannelId is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x114d8b04.
//
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32 id)
func (adjudicator *Adjudicator) UnpackChannelId(data []byte) ([32]byte, error) {
	out, err := adjudicator.abi.Unpack("channelId", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackClaimOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4d939034.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimOwed(address token, address who, address to, (bytes32,bytes32) sig) returns()
func (adjudicator *Adjudicator) PackClaimOwed(token common.Address, who common.Address, to common.Address, sig IAdjudicatorSig) []byte {
	enc, err := adjudicator.abi.Pack("claimOwed", token, who, to, sig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4d939034.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimOwed(address token, address who, address to, (bytes32,bytes32) sig) returns()
func (adjudicator *Adjudicator) TryPackClaimOwed(token common.Address, who common.Address, to common.Address, sig IAdjudicatorSig) ([]byte, error) {
	return adjudicator.abi.Pack("claimOwed", token, who, to, sig)
}

// PackClose is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4c7d15de.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function close((address,address,address,address,address,uint32,uint64) p, (uint8,uint64,uint128,uint128,uint128,uint128,uint128,uint128,address) c, bytes locks, (bytes32,bytes32) peerSig, (bytes32,bytes32) holderSig) returns()
func (adjudicator *Adjudicator) PackClose(p IAdjudicatorParams, c IAdjudicatorCommitment, locks []byte, peerSig IAdjudicatorSig, holderSig IAdjudicatorSig) []byte {
	enc, err := adjudicator.abi.Pack("close", p, c, locks, peerSig, holderSig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClose is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4c7d15de.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function close((address,address,address,address,address,uint32,uint64) p, (uint8,uint64,uint128,uint128,uint128,uint128,uint128,uint128,address) c, bytes locks, (bytes32,bytes32) peerSig, (bytes32,bytes32) holderSig) returns()
func (adjudicator *Adjudicator) TryPackClose(p IAdjudicatorParams, c IAdjudicatorCommitment, locks []byte, peerSig IAdjudicatorSig, holderSig IAdjudicatorSig) ([]byte, error) {
	return adjudicator.abi.Pack("close", p, c, locks, peerSig, holderSig)
}

// PackCoop is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5aed7a90.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function coop((address,address,address,address,address,uint32,uint64) p, uint128 a, uint128 b, uint128 accA, uint128 accB, uint128 outA, uint128 outB, (bytes32,bytes32) sigA, (bytes32,bytes32) sigB) returns()
func (adjudicator *Adjudicator) PackCoop(p IAdjudicatorParams, a *big.Int, b *big.Int, accA *big.Int, accB *big.Int, outA *big.Int, outB *big.Int, sigA IAdjudicatorSig, sigB IAdjudicatorSig) []byte {
	enc, err := adjudicator.abi.Pack("coop", p, a, b, accA, accB, outA, outB, sigA, sigB)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCoop is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5aed7a90.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function coop((address,address,address,address,address,uint32,uint64) p, uint128 a, uint128 b, uint128 accA, uint128 accB, uint128 outA, uint128 outB, (bytes32,bytes32) sigA, (bytes32,bytes32) sigB) returns()
func (adjudicator *Adjudicator) TryPackCoop(p IAdjudicatorParams, a *big.Int, b *big.Int, accA *big.Int, accB *big.Int, outA *big.Int, outB *big.Int, sigA IAdjudicatorSig, sigB IAdjudicatorSig) ([]byte, error) {
	return adjudicator.abi.Pack("coop", p, a, b, accA, accB, outA, outB, sigA, sigB)
}

// PackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18c6255e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deposit((address,address,address,address,address,uint32,uint64) p, uint8 side, uint256 amount) payable returns()
func (adjudicator *Adjudicator) PackDeposit(p IAdjudicatorParams, side uint8, amount *big.Int) []byte {
	enc, err := adjudicator.abi.Pack("deposit", p, side, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18c6255e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deposit((address,address,address,address,address,uint32,uint64) p, uint8 side, uint256 amount) payable returns()
func (adjudicator *Adjudicator) TryPackDeposit(p IAdjudicatorParams, side uint8, amount *big.Int) ([]byte, error) {
	return adjudicator.abi.Pack("deposit", p, side, amount)
}

// PackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (adjudicator *Adjudicator) PackDomainSeparator() []byte {
	enc, err := adjudicator.abi.Pack("domainSeparator")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDomainSeparator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf698da25.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (adjudicator *Adjudicator) TryPackDomainSeparator() ([]byte, error) {
	return adjudicator.abi.Pack("domainSeparator")
}

// UnpackDomainSeparator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf698da25.
//
// Solidity: function domainSeparator() view returns(bytes32)
func (adjudicator *Adjudicator) UnpackDomainSeparator(data []byte) ([32]byte, error) {
	out, err := adjudicator.abi.Unpack("domainSeparator", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (adjudicator *Adjudicator) PackEip712Domain() []byte {
	enc, err := adjudicator.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (adjudicator *Adjudicator) TryPackEip712Domain() ([]byte, error) {
	return adjudicator.abi.Pack("eip712Domain")
}

// Eip712DomainOutput serves as a container for the return parameters of contract
// method Eip712Domain.
type Eip712DomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackEip712Domain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (adjudicator *Adjudicator) UnpackEip712Domain(data []byte) (Eip712DomainOutput, error) {
	out, err := adjudicator.abi.Unpack("eip712Domain", data)
	outstruct := new(Eip712DomainOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Fields = *abi.ConvertType(out[0], new([1]byte)).(*[1]byte)
	outstruct.Name = *abi.ConvertType(out[1], new(string)).(*string)
	outstruct.Version = *abi.ConvertType(out[2], new(string)).(*string)
	outstruct.ChainId = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	outstruct.VerifyingContract = *abi.ConvertType(out[4], new(common.Address)).(*common.Address)
	outstruct.Salt = *abi.ConvertType(out[5], new([32]byte)).(*[32]byte)
	outstruct.Extensions = *abi.ConvertType(out[6], new([]*big.Int)).(*[]*big.Int)
	return *outstruct, nil
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed(address token, address who) view returns(uint256)
func (adjudicator *Adjudicator) PackOwed(token common.Address, who common.Address) []byte {
	enc, err := adjudicator.abi.Pack("owed", token, who)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed(address token, address who) view returns(uint256)
func (adjudicator *Adjudicator) TryPackOwed(token common.Address, who common.Address) ([]byte, error) {
	return adjudicator.abi.Pack("owed", token, who)
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x28079e4a.
//
// Solidity: function owed(address token, address who) view returns(uint256)
func (adjudicator *Adjudicator) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := adjudicator.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOwedNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb59134d9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owedNonce(address who) view returns(uint256)
func (adjudicator *Adjudicator) PackOwedNonce(who common.Address) []byte {
	enc, err := adjudicator.abi.Pack("owedNonce", who)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwedNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb59134d9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owedNonce(address who) view returns(uint256)
func (adjudicator *Adjudicator) TryPackOwedNonce(who common.Address) ([]byte, error) {
	return adjudicator.abi.Pack("owedNonce", who)
}

// UnpackOwedNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb59134d9.
//
// Solidity: function owedNonce(address who) view returns(uint256)
func (adjudicator *Adjudicator) UnpackOwedNonce(data []byte) (*big.Int, error) {
	out, err := adjudicator.abi.Unpack("owedNonce", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPunish is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ec54353.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function punish((address,address,address,address,address,uint32,uint64) p, bytes32 secret, address tower, uint128 bounty, (bytes32,bytes32) grantSig) returns()
func (adjudicator *Adjudicator) PackPunish(p IAdjudicatorParams, secret [32]byte, tower common.Address, bounty *big.Int, grantSig IAdjudicatorSig) []byte {
	enc, err := adjudicator.abi.Pack("punish", p, secret, tower, bounty, grantSig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPunish is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ec54353.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function punish((address,address,address,address,address,uint32,uint64) p, bytes32 secret, address tower, uint128 bounty, (bytes32,bytes32) grantSig) returns()
func (adjudicator *Adjudicator) TryPackPunish(p IAdjudicatorParams, secret [32]byte, tower common.Address, bounty *big.Int, grantSig IAdjudicatorSig) ([]byte, error) {
	return adjudicator.abi.Pack("punish", p, secret, tower, bounty, grantSig)
}

// PackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb0707085.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function resolve((address,address,address,address,address,uint32,uint64) p, bytes locks, bytes claims) returns()
func (adjudicator *Adjudicator) PackResolve(p IAdjudicatorParams, locks []byte, claims []byte) []byte {
	enc, err := adjudicator.abi.Pack("resolve", p, locks, claims)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb0707085.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function resolve((address,address,address,address,address,uint32,uint64) p, bytes locks, bytes claims) returns()
func (adjudicator *Adjudicator) TryPackResolve(p IAdjudicatorParams, locks []byte, claims []byte) ([]byte, error) {
	return adjudicator.abi.Pack("resolve", p, locks, claims)
}

// PackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x87964b50.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settle((address,address,address,address,address,uint32,uint64) p) returns()
func (adjudicator *Adjudicator) PackSettle(p IAdjudicatorParams) []byte {
	enc, err := adjudicator.abi.Pack("settle", p)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x87964b50.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settle((address,address,address,address,address,uint32,uint64) p) returns()
func (adjudicator *Adjudicator) TryPackSettle(p IAdjudicatorParams) ([]byte, error) {
	return adjudicator.abi.Pack("settle", p)
}

// PackSettlePartial is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb6823b2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settlePartial((address,address,address,address,address,uint32,uint64) p, bytes locks) returns()
func (adjudicator *Adjudicator) PackSettlePartial(p IAdjudicatorParams, locks []byte) []byte {
	enc, err := adjudicator.abi.Pack("settlePartial", p, locks)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettlePartial is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb6823b2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settlePartial((address,address,address,address,address,uint32,uint64) p, bytes locks) returns()
func (adjudicator *Adjudicator) TryPackSettlePartial(p IAdjudicatorParams, locks []byte) ([]byte, error) {
	return adjudicator.abi.Pack("settlePartial", p, locks)
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x93f7ba8f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw((address,address,address,address,address,uint32,uint64) p, uint128 totalA, uint128 totalB, (bytes32,bytes32) sigA, (bytes32,bytes32) sigB) returns()
func (adjudicator *Adjudicator) PackWithdraw(p IAdjudicatorParams, totalA *big.Int, totalB *big.Int, sigA IAdjudicatorSig, sigB IAdjudicatorSig) []byte {
	enc, err := adjudicator.abi.Pack("withdraw", p, totalA, totalB, sigA, sigB)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x93f7ba8f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw((address,address,address,address,address,uint32,uint64) p, uint128 totalA, uint128 totalB, (bytes32,bytes32) sigA, (bytes32,bytes32) sigB) returns()
func (adjudicator *Adjudicator) TryPackWithdraw(p IAdjudicatorParams, totalA *big.Int, totalB *big.Int, sigA IAdjudicatorSig, sigB IAdjudicatorSig) ([]byte, error) {
	return adjudicator.abi.Pack("withdraw", p, totalA, totalB, sigA, sigB)
}

// AdjudicatorClosing represents a Closing event raised by the Adjudicator contract.
type AdjudicatorClosing struct {
	Id       [32]byte
	Holder   uint8
	N        uint64
	Rev      common.Address
	Deadline uint64
	ToA      *big.Int
	ToB      *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const AdjudicatorClosingEventName = "Closing"

// ContractEventName returns the user-defined event name.
func (AdjudicatorClosing) ContractEventName() string {
	return AdjudicatorClosingEventName
}

// UnpackClosingEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Closing(bytes32 indexed id, uint8 holder, uint64 n, address rev, uint64 deadline, uint128 toA, uint128 toB)
func (adjudicator *Adjudicator) UnpackClosingEvent(log *types.Log) (*AdjudicatorClosing, error) {
	event := "Closing"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorClosing)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorCooperated represents a Cooperated event raised by the Adjudicator contract.
type AdjudicatorCooperated struct {
	Id    [32]byte
	PaidA *big.Int
	PaidB *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const AdjudicatorCooperatedEventName = "Cooperated"

// ContractEventName returns the user-defined event name.
func (AdjudicatorCooperated) ContractEventName() string {
	return AdjudicatorCooperatedEventName
}

// UnpackCooperatedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Cooperated(bytes32 indexed id, uint128 paidA, uint128 paidB)
func (adjudicator *Adjudicator) UnpackCooperatedEvent(log *types.Log) (*AdjudicatorCooperated, error) {
	event := "Cooperated"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorCooperated)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorDeposited represents a Deposited event raised by the Adjudicator contract.
type AdjudicatorDeposited struct {
	Id     [32]byte
	Side   uint8
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AdjudicatorDepositedEventName = "Deposited"

// ContractEventName returns the user-defined event name.
func (AdjudicatorDeposited) ContractEventName() string {
	return AdjudicatorDepositedEventName
}

// UnpackDepositedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Deposited(bytes32 indexed id, uint8 side, uint256 amount)
func (adjudicator *Adjudicator) UnpackDepositedEvent(log *types.Log) (*AdjudicatorDeposited, error) {
	event := "Deposited"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorDeposited)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorEIP712DomainChanged represents a EIP712DomainChanged event raised by the Adjudicator contract.
type AdjudicatorEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const AdjudicatorEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (AdjudicatorEIP712DomainChanged) ContractEventName() string {
	return AdjudicatorEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (adjudicator *Adjudicator) UnpackEIP712DomainChangedEvent(log *types.Log) (*AdjudicatorEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorOwed represents a Owed event raised by the Adjudicator contract.
type AdjudicatorOwed struct {
	Token  common.Address
	Who    common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AdjudicatorOwedEventName = "Owed"

// ContractEventName returns the user-defined event name.
func (AdjudicatorOwed) ContractEventName() string {
	return AdjudicatorOwedEventName
}

// UnpackOwedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Owed(address indexed token, address indexed who, uint256 amount)
func (adjudicator *Adjudicator) UnpackOwedEvent(log *types.Log) (*AdjudicatorOwed, error) {
	event := "Owed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorOwed)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorOwedClaimed represents a OwedClaimed event raised by the Adjudicator contract.
type AdjudicatorOwedClaimed struct {
	Token  common.Address
	Who    common.Address
	To     common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AdjudicatorOwedClaimedEventName = "OwedClaimed"

// ContractEventName returns the user-defined event name.
func (AdjudicatorOwedClaimed) ContractEventName() string {
	return AdjudicatorOwedClaimedEventName
}

// UnpackOwedClaimedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OwedClaimed(address indexed token, address indexed who, address to, uint256 amount)
func (adjudicator *Adjudicator) UnpackOwedClaimedEvent(log *types.Log) (*AdjudicatorOwedClaimed, error) {
	event := "OwedClaimed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorOwedClaimed)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorPunished represents a Punished event raised by the Adjudicator contract.
type AdjudicatorPunished struct {
	Id     [32]byte
	Tower  common.Address
	Bounty *big.Int
	Paid   *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AdjudicatorPunishedEventName = "Punished"

// ContractEventName returns the user-defined event name.
func (AdjudicatorPunished) ContractEventName() string {
	return AdjudicatorPunishedEventName
}

// UnpackPunishedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Punished(bytes32 indexed id, address tower, uint128 bounty, uint128 paid)
func (adjudicator *Adjudicator) UnpackPunishedEvent(log *types.Log) (*AdjudicatorPunished, error) {
	event := "Punished"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorPunished)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorResolved represents a Resolved event raised by the Adjudicator contract.
type AdjudicatorResolved struct {
	Id      [32]byte
	Claims  []byte
	Refunds []byte
	Raw     *types.Log // Blockchain specific contextual infos
}

const AdjudicatorResolvedEventName = "Resolved"

// ContractEventName returns the user-defined event name.
func (AdjudicatorResolved) ContractEventName() string {
	return AdjudicatorResolvedEventName
}

// UnpackResolvedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Resolved(bytes32 indexed id, bytes claims, bytes refunds)
func (adjudicator *Adjudicator) UnpackResolvedEvent(log *types.Log) (*AdjudicatorResolved, error) {
	event := "Resolved"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorResolved)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorSettled represents a Settled event raised by the Adjudicator contract.
type AdjudicatorSettled struct {
	Id    [32]byte
	PaidA *big.Int
	PaidB *big.Int
	Ended bool
	Raw   *types.Log // Blockchain specific contextual infos
}

const AdjudicatorSettledEventName = "Settled"

// ContractEventName returns the user-defined event name.
func (AdjudicatorSettled) ContractEventName() string {
	return AdjudicatorSettledEventName
}

// UnpackSettledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Settled(bytes32 indexed id, uint128 paidA, uint128 paidB, bool ended)
func (adjudicator *Adjudicator) UnpackSettledEvent(log *types.Log) (*AdjudicatorSettled, error) {
	event := "Settled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorSettled)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AdjudicatorWithdrawn represents a Withdrawn event raised by the Adjudicator contract.
type AdjudicatorWithdrawn struct {
	Id     [32]byte
	TotalA *big.Int
	TotalB *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const AdjudicatorWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (AdjudicatorWithdrawn) ContractEventName() string {
	return AdjudicatorWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(bytes32 indexed id, uint128 totalA, uint128 totalB)
func (adjudicator *Adjudicator) UnpackWithdrawnEvent(log *types.Log) (*AdjudicatorWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != adjudicator.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AdjudicatorWithdrawn)
	if len(log.Data) > 0 {
		if err := adjudicator.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range adjudicator.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (adjudicator *Adjudicator) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["DepositsMissing"].ID.Bytes()[:4]) {
		return adjudicator.UnpackDepositsMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["GasTooLow"].ID.Bytes()[:4]) {
		return adjudicator.UnpackGasTooLowError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return adjudicator.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["LocksDiffer"].ID.Bytes()[:4]) {
		return adjudicator.UnpackLocksDifferError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["Lower"].ID.Bytes()[:4]) {
		return adjudicator.UnpackLowerError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["NotConserved"].ID.Bytes()[:4]) {
		return adjudicator.UnpackNotConservedError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["NothingArrived"].ID.Bytes()[:4]) {
		return adjudicator.UnpackNothingArrivedError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["NothingOwed"].ID.Bytes()[:4]) {
		return adjudicator.UnpackNothingOwedError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["Reentered"].ID.Bytes()[:4]) {
		return adjudicator.UnpackReenteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return adjudicator.UnpackStringTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return adjudicator.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["TooMuch"].ID.Bytes()[:4]) {
		return adjudicator.UnpackTooMuchError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["TransferFailed"].ID.Bytes()[:4]) {
		return adjudicator.UnpackTransferFailedError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["Undecided"].ID.Bytes()[:4]) {
		return adjudicator.UnpackUndecidedError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["UnexpectedValue"].ID.Bytes()[:4]) {
		return adjudicator.UnpackUnexpectedValueError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WithdrawalsMissing"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWithdrawalsMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongClaims"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongClaimsError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongLocks"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongLocksError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongPhase"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongPhaseError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongPreimage"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongPreimageError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongSecret"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongSecretError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongSide"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongSideError(raw[4:])
	}
	if bytes.Equal(raw[:4], adjudicator.abi.Errors["WrongSignature"].ID.Bytes()[:4]) {
		return adjudicator.UnpackWrongSignatureError(raw[4:])
	}
	return nil, errors.New("binding: unknown error")
}

// AdjudicatorDepositsMissing represents a DepositsMissing error raised by the Adjudicator contract.
type AdjudicatorDepositsMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DepositsMissing()
func AdjudicatorDepositsMissingErrorID() common.Hash {
	return common.HexToHash("0x59433e52b3666ec59c2da370eb01943e6476d47ba2232bf78825e9248eb56c75")
}

// UnpackDepositsMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DepositsMissing()
func (adjudicator *Adjudicator) UnpackDepositsMissingError(raw []byte) (*AdjudicatorDepositsMissing, error) {
	out := new(AdjudicatorDepositsMissing)
	if err := adjudicator.abi.UnpackIntoInterface(out, "DepositsMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorGasTooLow represents a GasTooLow error raised by the Adjudicator contract.
type AdjudicatorGasTooLow struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error GasTooLow()
func AdjudicatorGasTooLowErrorID() common.Hash {
	return common.HexToHash("0x858c897494c7f53c9d7835dd0dd2e3db55d92f5ac70eb5042dfc2b82a0fee685")
}

// UnpackGasTooLowError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error GasTooLow()
func (adjudicator *Adjudicator) UnpackGasTooLowError(raw []byte) (*AdjudicatorGasTooLow, error) {
	out := new(AdjudicatorGasTooLow)
	if err := adjudicator.abi.UnpackIntoInterface(out, "GasTooLow", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorInvalidShortString represents a InvalidShortString error raised by the Adjudicator contract.
type AdjudicatorInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func AdjudicatorInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (adjudicator *Adjudicator) UnpackInvalidShortStringError(raw []byte) (*AdjudicatorInvalidShortString, error) {
	out := new(AdjudicatorInvalidShortString)
	if err := adjudicator.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorLocksDiffer represents a LocksDiffer error raised by the Adjudicator contract.
type AdjudicatorLocksDiffer struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error LocksDiffer()
func AdjudicatorLocksDifferErrorID() common.Hash {
	return common.HexToHash("0x56d7119b568b5a11d131cbeb936928f72bb93371b5935c342eb8ea7c352e3913")
}

// UnpackLocksDifferError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error LocksDiffer()
func (adjudicator *Adjudicator) UnpackLocksDifferError(raw []byte) (*AdjudicatorLocksDiffer, error) {
	out := new(AdjudicatorLocksDiffer)
	if err := adjudicator.abi.UnpackIntoInterface(out, "LocksDiffer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorLower represents a Lower error raised by the Adjudicator contract.
type AdjudicatorLower struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Lower()
func AdjudicatorLowerErrorID() common.Hash {
	return common.HexToHash("0x7448669c8d832baa1b7b5594bf04912ac1f263c1873c661453011b17cefe07dd")
}

// UnpackLowerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Lower()
func (adjudicator *Adjudicator) UnpackLowerError(raw []byte) (*AdjudicatorLower, error) {
	out := new(AdjudicatorLower)
	if err := adjudicator.abi.UnpackIntoInterface(out, "Lower", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorNotConserved represents a NotConserved error raised by the Adjudicator contract.
type AdjudicatorNotConserved struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotConserved()
func AdjudicatorNotConservedErrorID() common.Hash {
	return common.HexToHash("0xbf9e15f85168f23e4151854ce9755b6bcc0b92437869ff3146ff51999c3a8006")
}

// UnpackNotConservedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotConserved()
func (adjudicator *Adjudicator) UnpackNotConservedError(raw []byte) (*AdjudicatorNotConserved, error) {
	out := new(AdjudicatorNotConserved)
	if err := adjudicator.abi.UnpackIntoInterface(out, "NotConserved", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorNothingArrived represents a NothingArrived error raised by the Adjudicator contract.
type AdjudicatorNothingArrived struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingArrived()
func AdjudicatorNothingArrivedErrorID() common.Hash {
	return common.HexToHash("0x62af86adfed7d189ddef0951dc212ac48c8700e57358739f8939db3ad250cc88")
}

// UnpackNothingArrivedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingArrived()
func (adjudicator *Adjudicator) UnpackNothingArrivedError(raw []byte) (*AdjudicatorNothingArrived, error) {
	out := new(AdjudicatorNothingArrived)
	if err := adjudicator.abi.UnpackIntoInterface(out, "NothingArrived", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorNothingOwed represents a NothingOwed error raised by the Adjudicator contract.
type AdjudicatorNothingOwed struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingOwed()
func AdjudicatorNothingOwedErrorID() common.Hash {
	return common.HexToHash("0x797dba544d72fb0dfb4c7610346de0274cf6d4e8b1d64dc398abc9027c89eff2")
}

// UnpackNothingOwedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingOwed()
func (adjudicator *Adjudicator) UnpackNothingOwedError(raw []byte) (*AdjudicatorNothingOwed, error) {
	out := new(AdjudicatorNothingOwed)
	if err := adjudicator.abi.UnpackIntoInterface(out, "NothingOwed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorReentered represents a Reentered error raised by the Adjudicator contract.
type AdjudicatorReentered struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Reentered()
func AdjudicatorReenteredErrorID() common.Hash {
	return common.HexToHash("0xb5dfd9e53a10d4d747ca3de749b98baf23546e800cbacdb1dbc28233e586d1ee")
}

// UnpackReenteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Reentered()
func (adjudicator *Adjudicator) UnpackReenteredError(raw []byte) (*AdjudicatorReentered, error) {
	out := new(AdjudicatorReentered)
	if err := adjudicator.abi.UnpackIntoInterface(out, "Reentered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorStringTooLong represents a StringTooLong error raised by the Adjudicator contract.
type AdjudicatorStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func AdjudicatorStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (adjudicator *Adjudicator) UnpackStringTooLongError(raw []byte) (*AdjudicatorStringTooLong, error) {
	out := new(AdjudicatorStringTooLong)
	if err := adjudicator.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorTooEarly represents a TooEarly error raised by the Adjudicator contract.
type AdjudicatorTooEarly struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly()
func AdjudicatorTooEarlyErrorID() common.Hash {
	return common.HexToHash("0x085de625ed51bbce95c12627fc263453b8d214878d184bd1eaa2cc357a507a30")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly()
func (adjudicator *Adjudicator) UnpackTooEarlyError(raw []byte) (*AdjudicatorTooEarly, error) {
	out := new(AdjudicatorTooEarly)
	if err := adjudicator.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorTooMuch represents a TooMuch error raised by the Adjudicator contract.
type AdjudicatorTooMuch struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooMuch()
func AdjudicatorTooMuchErrorID() common.Hash {
	return common.HexToHash("0xd887771ba4ebb7853564df2edfebb34d6a6bd1369d42d13e49cb5ed06ba06963")
}

// UnpackTooMuchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooMuch()
func (adjudicator *Adjudicator) UnpackTooMuchError(raw []byte) (*AdjudicatorTooMuch, error) {
	out := new(AdjudicatorTooMuch)
	if err := adjudicator.abi.UnpackIntoInterface(out, "TooMuch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorTransferFailed represents a TransferFailed error raised by the Adjudicator contract.
type AdjudicatorTransferFailed struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TransferFailed()
func AdjudicatorTransferFailedErrorID() common.Hash {
	return common.HexToHash("0x90b8ec1877afffd816d05d9b13947f3ff18ec5851c38bad15ec2b710f92391b1")
}

// UnpackTransferFailedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TransferFailed()
func (adjudicator *Adjudicator) UnpackTransferFailedError(raw []byte) (*AdjudicatorTransferFailed, error) {
	out := new(AdjudicatorTransferFailed)
	if err := adjudicator.abi.UnpackIntoInterface(out, "TransferFailed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorUndecided represents a Undecided error raised by the Adjudicator contract.
type AdjudicatorUndecided struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Undecided()
func AdjudicatorUndecidedErrorID() common.Hash {
	return common.HexToHash("0xc8dcac82fd4f98821e787e2b147e8d61f028a64de9724a072bedf2112e23f599")
}

// UnpackUndecidedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Undecided()
func (adjudicator *Adjudicator) UnpackUndecidedError(raw []byte) (*AdjudicatorUndecided, error) {
	out := new(AdjudicatorUndecided)
	if err := adjudicator.abi.UnpackIntoInterface(out, "Undecided", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorUnexpectedValue represents a UnexpectedValue error raised by the Adjudicator contract.
type AdjudicatorUnexpectedValue struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UnexpectedValue()
func AdjudicatorUnexpectedValueErrorID() common.Hash {
	return common.HexToHash("0x123146a6160b2504d201f10ff4798df3f432b7537a32946086efde7109c01449")
}

// UnpackUnexpectedValueError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UnexpectedValue()
func (adjudicator *Adjudicator) UnpackUnexpectedValueError(raw []byte) (*AdjudicatorUnexpectedValue, error) {
	out := new(AdjudicatorUnexpectedValue)
	if err := adjudicator.abi.UnpackIntoInterface(out, "UnexpectedValue", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWithdrawalsMissing represents a WithdrawalsMissing error raised by the Adjudicator contract.
type AdjudicatorWithdrawalsMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WithdrawalsMissing()
func AdjudicatorWithdrawalsMissingErrorID() common.Hash {
	return common.HexToHash("0xe05126e6f187cb70b7b16247ef8388abbd8084bc509925c20283d21c7752d7c6")
}

// UnpackWithdrawalsMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WithdrawalsMissing()
func (adjudicator *Adjudicator) UnpackWithdrawalsMissingError(raw []byte) (*AdjudicatorWithdrawalsMissing, error) {
	out := new(AdjudicatorWithdrawalsMissing)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WithdrawalsMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongClaims represents a WrongClaims error raised by the Adjudicator contract.
type AdjudicatorWrongClaims struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongClaims()
func AdjudicatorWrongClaimsErrorID() common.Hash {
	return common.HexToHash("0xb65d087039667bb5635c8aea85507a4abfa644735e5680c91f93e4d60d749af2")
}

// UnpackWrongClaimsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongClaims()
func (adjudicator *Adjudicator) UnpackWrongClaimsError(raw []byte) (*AdjudicatorWrongClaims, error) {
	out := new(AdjudicatorWrongClaims)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongClaims", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongLocks represents a WrongLocks error raised by the Adjudicator contract.
type AdjudicatorWrongLocks struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongLocks()
func AdjudicatorWrongLocksErrorID() common.Hash {
	return common.HexToHash("0x76802860d918314e2b2af5d58c4e291570ac611549053948ce5a83563155061c")
}

// UnpackWrongLocksError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongLocks()
func (adjudicator *Adjudicator) UnpackWrongLocksError(raw []byte) (*AdjudicatorWrongLocks, error) {
	out := new(AdjudicatorWrongLocks)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongLocks", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongPhase represents a WrongPhase error raised by the Adjudicator contract.
type AdjudicatorWrongPhase struct {
	Phase uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPhase(uint8 phase)
func AdjudicatorWrongPhaseErrorID() common.Hash {
	return common.HexToHash("0x96fe8cdd585d6e16539084786ef0330f221a01706accefe0bc861b9b7c7ccd00")
}

// UnpackWrongPhaseError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPhase(uint8 phase)
func (adjudicator *Adjudicator) UnpackWrongPhaseError(raw []byte) (*AdjudicatorWrongPhase, error) {
	out := new(AdjudicatorWrongPhase)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongPhase", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongPreimage represents a WrongPreimage error raised by the Adjudicator contract.
type AdjudicatorWrongPreimage struct {
	Index *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongPreimage(uint256 index)
func AdjudicatorWrongPreimageErrorID() common.Hash {
	return common.HexToHash("0x2849974cb52cdd5c2d246636df97df3f8946951cbf84295360ce6b96f8311bd4")
}

// UnpackWrongPreimageError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongPreimage(uint256 index)
func (adjudicator *Adjudicator) UnpackWrongPreimageError(raw []byte) (*AdjudicatorWrongPreimage, error) {
	out := new(AdjudicatorWrongPreimage)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongPreimage", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongSecret represents a WrongSecret error raised by the Adjudicator contract.
type AdjudicatorWrongSecret struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongSecret()
func AdjudicatorWrongSecretErrorID() common.Hash {
	return common.HexToHash("0xf86c49bc29377ac8559edf8e40740e9824a2522f54af67fe1ab8ea6a00dc3c95")
}

// UnpackWrongSecretError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongSecret()
func (adjudicator *Adjudicator) UnpackWrongSecretError(raw []byte) (*AdjudicatorWrongSecret, error) {
	out := new(AdjudicatorWrongSecret)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongSecret", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongSide represents a WrongSide error raised by the Adjudicator contract.
type AdjudicatorWrongSide struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongSide()
func AdjudicatorWrongSideErrorID() common.Hash {
	return common.HexToHash("0xa9e46fb80a70e8172ff20f03b1f590d264b33d29a266512c993034cc2488aca9")
}

// UnpackWrongSideError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongSide()
func (adjudicator *Adjudicator) UnpackWrongSideError(raw []byte) (*AdjudicatorWrongSide, error) {
	out := new(AdjudicatorWrongSide)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongSide", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AdjudicatorWrongSignature represents a WrongSignature error raised by the Adjudicator contract.
type AdjudicatorWrongSignature struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongSignature()
func AdjudicatorWrongSignatureErrorID() common.Hash {
	return common.HexToHash("0x356a4418f1eef7f62645c68bfadd1ae31eb511e1aec565848a520050282a2470")
}

// UnpackWrongSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongSignature()
func (adjudicator *Adjudicator) UnpackWrongSignatureError(raw []byte) (*AdjudicatorWrongSignature, error) {
	out := new(AdjudicatorWrongSignature)
	if err := adjudicator.abi.UnpackIntoInterface(out, "WrongSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}
