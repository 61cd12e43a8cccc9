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
	ABI: "[{\"inputs\":[],\"name\":\"DepositsMissing\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"GasTooLow\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"InvalidShortString\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"LocksDiffer\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Lower\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NotConserved\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NothingArrived\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NothingOwed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Reentered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"str\",\"type\":\"string\"}],\"name\":\"StringTooLong\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TooMuch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"TransferFailed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"Undecided\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"UnexpectedValue\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WithdrawalsMissing\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongClaims\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongLocks\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"enumIAdjudicator.Phase\",\"name\":\"phase\",\"type\":\"uint8\"}],\"name\":\"WrongPhase\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"}],\"name\":\"WrongPreimage\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSecret\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSide\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"WrongSignature\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"toA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"toB\",\"type\":\"uint128\"}],\"name\":\"Closing\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidB\",\"type\":\"uint128\"}],\"name\":\"Cooperated\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"side\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Deposited\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Owed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"OwedClaimed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"tower\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"bounty\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paid\",\"type\":\"uint128\"}],\"name\":\"Punished\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes\",\"name\":\"claims\",\"type\":\"bytes\"},{\"indexed\":false,\"internalType\":\"bytes\",\"name\":\"refunds\",\"type\":\"bytes\"}],\"name\":\"Resolved\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"paidB\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"ended\",\"type\":\"bool\"}],\"name\":\"Settled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"totalA\",\"type\":\"uint128\"},{\"indexed\":false,\"internalType\":\"uint128\",\"name\":\"totalB\",\"type\":\"uint128\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"channel\",\"outputs\":[{\"components\":[{\"internalType\":\"enumIAdjudicator.Phase\",\"name\":\"phase\",\"type\":\"uint8\"},{\"internalType\":\"uint128\",\"name\":\"depA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"depB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"withdrawnA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"withdrawnB\",\"type\":\"uint128\"},{\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"internalType\":\"bool\",\"name\":\"partly\",\"type\":\"bool\"},{\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint128\",\"name\":\"toHolder\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"left\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"cap\",\"type\":\"uint128\"},{\"internalType\":\"uint16\",\"name\":\"undecided\",\"type\":\"uint16\"},{\"internalType\":\"bytes32\",\"name\":\"locksHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[4]\",\"name\":\"decided\",\"type\":\"uint256[4]\"}],\"internalType\":\"structIAdjudicator.Channel\",\"name\":\"c\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"channelId\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sig\",\"type\":\"tuple\"}],\"name\":\"claimOwed\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"holder\",\"type\":\"uint8\"},{\"internalType\":\"uint64\",\"name\":\"n\",\"type\":\"uint64\"},{\"internalType\":\"uint128\",\"name\":\"toA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"toB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outB\",\"type\":\"uint128\"},{\"internalType\":\"address\",\"name\":\"rev\",\"type\":\"address\"}],\"internalType\":\"structIAdjudicator.Commitment\",\"name\":\"c\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"peerSig\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"holderSig\",\"type\":\"tuple\"}],\"name\":\"close\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint128\",\"name\":\"a\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"b\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"accB\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"outB\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigA\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigB\",\"type\":\"tuple\"}],\"name\":\"coop\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint8\",\"name\":\"side\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"deposit\",\"outputs\":[],\"stateMutability\":\"payable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"domainSeparator\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"eip712Domain\",\"outputs\":[{\"internalType\":\"bytes1\",\"name\":\"fields\",\"type\":\"bytes1\"},{\"internalType\":\"string\",\"name\":\"name\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"verifyingContract\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[]\",\"name\":\"extensions\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"owedNonce\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes32\",\"name\":\"secret\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"tower\",\"type\":\"address\"},{\"internalType\":\"uint128\",\"name\":\"bounty\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"grantSig\",\"type\":\"tuple\"}],\"name\":\"punish\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"claims\",\"type\":\"bytes\"}],\"name\":\"resolve\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"}],\"name\":\"settle\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"bytes\",\"name\":\"locks\",\"type\":\"bytes\"}],\"name\":\"settlePartial\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"a\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"b\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payA\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"payB\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"uint32\",\"name\":\"delay\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"internalType\":\"structIAdjudicator.Params\",\"name\":\"p\",\"type\":\"tuple\"},{\"internalType\":\"uint128\",\"name\":\"totalA\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"totalB\",\"type\":\"uint128\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigA\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"vs\",\"type\":\"bytes32\"}],\"internalType\":\"structIAdjudicator.Sig\",\"name\":\"sigB\",\"type\":\"tuple\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "Adjudicator",
	Bin: "0x6101806040523461013a5760405161001860408261013e565b600481526020810190631b9ddb9960e21b82526040519161003a60408461013e565b600183526020830191603160f81b835261005381610175565b6101205261006084610175565b61014052519020918260e05251902080610100524660a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a081526100c960c08261013e565b5190206080523060c05246610160526040516144b190816101e182396080518161419d015260a05181614254015260c0518161416e015260e051816141ec01526101005181614212015261012051816121020152610140518161212b01526101605181818161376a01526138a20152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761016157604052565b634e487b7160e01b5f52604160045260245ffd5b601f8151116101a0576020815191015160208210610191571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fdfe6101a06040526004361015610012575f80fd5b5f6080525f3560e01c8063114d8b041461354b57806318c6255e146132e657806328079e4a1461325a5780634c7d15de14612a3e5780634d939034146127295780635aed7a901461220757806384b0196e146120ca57806387964b5014611e9c5780638ec5435314611a6e57806393f7ba8f1461168d578063b070708514610a85578063b59134d914610a1e578063b7d9c80e146105d4578063db6823b21461010b5763f698da25146100c3575f80fd5b34610105576080517ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101055760206100fd614157565b604051908152f35b60805180fd5b34610105577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161010081126101055760e0136101055760e43567ffffffffffffffff8111610105576101639036906004016135eb565b60ff6080515c166105a85760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c16176080515d6101a3613d7e565b92919390600181019081549060805150640fffffffff8260a01c169586421061057c576101d186868461403c565b60805197885b8960081b908a8204610100148b15171561029e578a600e1b8281046040148315171561029e578911156102cf5761020f8b8787614130565b608051929061021f828c8c61439f565b91805b83811061024657505050506102409161023a91613aa4565b99613c09565b986101d7565b6001836102538484613c36565b1c1615610263575b600101610222565b948560061b8681046040148715171561029e5760208101811161029e576001916020610296928f01013560801c90613aa4565b95905061025b565b7f4e487b71000000000000000000000000000000000000000000000000000000006080515260116004526024608051fd5b838360f282901c6103ff16158c8a898b841561045757505f92507e030000000000000000000000000000000000000000000000000000000000009055555b6effffffffffffffffffffffffffffff8381169461033b91869161033691607888901c16613c36565b613c36565b92839060fc1c60019081161461044d575b5060607f44519f31bde398e151af7ce07f25658a7fc66da11a892dd7d8ffbdbb561ce8fb91604051906fffffffffffffffffffffffffffffffff871682526fffffffffffffffffffffffffffffffff861660208301526040820152a26084359173ffffffffffffffffffffffffffffffffffffffff83168303610105576044359073ffffffffffffffffffffffffffffffffffffffff82168203610105576103f49184613f09565b60643573ffffffffffffffffffffffffffffffffffffffff811681036101055761041d92613f09565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c166080515d60805180f35b939250606061034c565b91926f01000000000000000000000000000000881015610550577f2002000000000000000000000000000000000000000000000000000000000000607889901b7f0ffc0000000000000000000000000000000000000000000000000000000000008916177f10000000000000000000000000000000000000000000000000000000000000008916171790915564100000000011156105505773ffffffffffffffffffffffffffffffffffffffff8116780fffffffff00000000000000000000000000000000000000008216177ffffffffc000000000000000000000000000000000000000000000000000000009190911617905561030d565b7fd887771b00000000000000000000000000000000000000000000000000000000608051526004608051fd5b7f085de62500000000000000000000000000000000000000000000000000000000608051526004608051fd5b7fb5dfd9e500000000000000000000000000000000000000000000000000000000608051526004608051fd5b346101055760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610105576040516101e0810181811067ffffffffffffffff8211176109ed5760409081526080805183528051602084015280518383015280516060840152805183820152805160a0840152805160c0840152805160e08401528051610100840152805161012084015280516101408401528051610160840152805161018084015280516101a084015290519061069590826136f2565b60803682376101c082015260043560805152600460205260406080512080549060805150600160038360f01c166106cb816136bb565b6106d4816136bb565b8085526106e0816136bb565b6106e9816136bb565b036108b15760010154607882811c6effffffffffffffffffffffffffffff9081166040860152928316602085015281901c6fffffffffffffffffffffffffffffffff1660808401521660608201525b6101c060405191805161074a816136bb565b83526fffffffffffffffffffffffffffffffff60208201511660208401526fffffffffffffffffffffffffffffffff60408201511660408401526fffffffffffffffffffffffffffffffff60608201511660608401526fffffffffffffffffffffffffffffffff608082015116608084015260ff60a08201511660a084015260c0810151151560c084015273ffffffffffffffffffffffffffffffffffffffff60e08201511660e084015267ffffffffffffffff610100820151166101008401526fffffffffffffffffffffffffffffffff610120820151166101208401526fffffffffffffffffffffffffffffffff610140820151166101408401526fffffffffffffffffffffffffffffffff6101608201511661016084015261ffff610180820151166101808401526101a08101516101a084015201516101c08201608051905b6004821061089b5761024084f35b602080600192855181520193019101909161088d565b90600283516108bf816136bb565b6108c8816136bb565b146108d5575b5050610738565b60018281015460f283901c6103ff1661018086015260fd83901c8216821460c086015260fc83901c90911660a08086019190915281901c640fffffffff1661010085015273ffffffffffffffffffffffffffffffffffffffff811660e0850152906effffffffffffffffffffffffffffff90607881901c82166fffffffffffffffffffffffffffffffff6109698584613fe7565b16610160870152610140860152166101208401526002820154806109e857507fc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a4705b6101a08401526080515b60048110156109de57806109cb6001928486614130565b6101c0860151600583901b0152016109b4565b50505081806108ce565b6109aa565b7f4e487b71000000000000000000000000000000000000000000000000000000006080515260416004526024608051fd5b346101055760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101055773ffffffffffffffffffffffffffffffffffffffff610a6a613584565b16608051526003602052602060406080512054604051908152f35b34610105577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161012081126101055760e0136101055760e43567ffffffffffffffff811161010557610add9036906004016135eb565b60a05260e0526101043567ffffffffffffffff811161010557610b049036906004016135eb565b60c0526101405260ff6080515c166105a85760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c16176080515d610b4b613d7e565b9061018052610b6260a05160e0516101805161403c565b60016101805101546040516101005260a0610100510161010051811067ffffffffffffffff8211176109ed576040818152610120819052610ba390826136f2565b61012051368237610100515260805160206101005101526080516101205161010051015260608061010051015260606080610100510152602260c0510661103b57610bef60c0516140d0565b606061010051015260a05160061c7f07fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe60a05160051c16908082046002149015171561029e57610c3d906140d0565b60806101005101526080516060610100510151526080516080610100510151528060e21c6101605261078060a05111155f14611301576101605160805150610c8c60805160a05160e05161439f565b90610ca66101205161010051015160c051610140516143c1565b916080515b81811061106757505061016052505b60c051610120516101005101510361103b576020610100510151610d6c575b827f90f462aecc8dfebd7a7a0c33c746db3b7f0393b4a97238fa0fe003ac26838221610d2b6060610100510151610d396080610100510151610120515193849361012051855261012051850190613678565b908382036020850152613678565b0390a27fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c166080515d60805180f35b600160fc83901c16916effffffffffffffffffffffffffffff607882901c811690610d968261411f565b9060805150633fffffff8560c41c1691610dbe81610db8896101005151613c7f565b51613aa4565b807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81011161029e57811561100a57610e3893610e2f927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff610e2293010490613aa4565b6101005151909790613c7f565b51908416613aa4565b9160805150610e566103ff8260f21c16602061010051015190613c36565b906001808260fd1c16149260805150808511908115610fef575b50610550577e020000000000000000000000000000000000000000000000000000000000009215610fe6577f2000000000000000000000000000000000000000000000000000000000000000935b7dffffffffffffffffffffffffffffff0000000000000000000000000000007fffffffffffffffffffffffffffffffffff0000000000000000000000000000007f10000000000000000000000000000000000000000000000000000000000000007ff0000000000000000000000000000000000000000000000000000000000000008516169460f21b9316161717171717610180515560805150641000000000640fffffffff8260a01c16608051501015610550576101605160e21b9160c41b9073ffffffffffffffffffffffffffffffffffffffff780fffffffff00000000000000000000000000000000000000007fffffffffffffffffffffffff0000000000000000000000000000000000000000831616911617171760016101805101558180610cd9565b60805193610ebe565b6f010000000000000000000000000000009150101588610e70565b7f4e487b71000000000000000000000000000000000000000000000000000000006080515260126004526024608051fd5b7fb65d087000000000000000000000000000000000000000000000000000000000608051526004608051fd5b60805161029e57808060061b0461012051148115171561120b5760208160061b018160061b1161120b578060061b60e051016001821b841615936001602083013560481c16958084145f1461129257506101205161010051015160028101811161120b5760205f6101205151828101906002856101405101013582528381526110f361012051826136f2565b6101205151918291518091835e8101838152039060025afa15611285575f51833503611259578580611241575b1561123857602060606101005101519161115f7fffff0000000000000000000000000000000000000000000000000000000000008760f01b16846143f7565b6002835191610140510101358282850101520190525b6101205161010051015160228101811161120b57602281816111a99301610120516101005101520160c051610140516143c1565b945b1561120057906111dd8392600180951b17966111d76020610100515194013560801c610db88386613c7f565b92613c7f565b526111ee6020610100510151613c09565b60206101005101525b01929192610cab565b9450506001906111f7565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b505f9450611175565b5065ffffffffffff602084013560501c164210611120565b837f2849974c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b61012051513d5f823e3d90fd5b949586806112e8575b156112e057600118956112db60806101005101517fffff0000000000000000000000000000000000000000000000000000000000008660f01b16906143f7565b6111ab565b95505f6111ab565b5065ffffffffffff602084013560501c1642101561129b565b91906080515b808060081b04610100148115171561029e578060081b81600e1b0461012051148160081b15171561029e5760a05181600e1b10156116855761018051611351908290600301613c43565b90549060031b1c906080515061136f8160081b60a05160e05161439f565b916113896101205161010051015160c051610140516143c1565b928260081b5b8181106113ea5750506113e592506113ad8260036101805101613c43565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff829392549160031b92831b921b1916179055613c09565b611307565b60016113fc8560089796971b83613c36565b1b818060061b0461012051148215171561029e5760208260061b018260061b1161029e578084161593600160208460061b60e05101013560481c16958084145f1461160d57506101205161010051015160028101811161029e576020610120515181810160028461014051010135815282825261147c61012051836136f2565b610120515191518091835e81019060805182528060805192039060025afa156115fe576080515160e051600686901b0135036115ce5785806115af575b156115a45760206060610100510151916114f87fffff0000000000000000000000000000000000000000000000000000000000008760f01b16846143f7565b6002835191610140510101358282850101520190525b6101205161010051015160228101811161029e57602281816115429301610120516101005101520160c051610140516143c1565b945b1561159957906001929117946115756101005151916111d760208560061b60e05101013560801c610db88386613c7f565b526115866020610100510151613c09565b60206101005101525b019392919361138f565b94505060019061158f565b50608051945061150e565b5065ffffffffffff60208560061b60e05101013560501c1642106114b9565b837f2849974c00000000000000000000000000000000000000000000000000000000608051526004526024608051fd5b61012051513d608051823e3d90fd5b94958680611665575b1561165b576001189561165660806101005101517fffff0000000000000000000000000000000000000000000000000000000000008660f01b16906143f7565b611544565b9550608051611544565b5065ffffffffffff60208560061b60e05101013560501c16421015611616565b509091610cba565b34610105577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101a081126101055760e013610105576116cd613619565b6116d5613638565b9060407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedc3601126101055760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe9c3601126101055760ff6080515c166105a85760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c16176080515d600161176c613d3f565b920180549293916effffffffffffffffffffffffffffff808516926fffffffffffffffffffffffffffffffff851692918484108015611a50575b611a24576117da6fffffffffffffffffffffffffffffffff8a16986117cb8a87613aa4565b92607882901c81169116613aa4565b106105505761183660405160208101907fa7e7d66f670498fa7d78e5b941259497a9ee1bb485f93017fcb4451cbd38c8e282528460408201528560608201528960808201526080815261182e60a0826136f2565b519020614307565b61183e613a18565b61187c610144357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6101243592821c011685614417565b50611886816136bb565b15918215926119ff575b50506119ae576118dd6118a1613a3b565b91610184357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101643593821c011690614417565b506118e7816136bb565b15918215926119da575b50506119ae577effffffffffffffffffffffffffffffff000000000000000000000000000000607889901b1683179055604080516fffffffffffffffffffffffffffffffff958616815294909716602085015261041d96611990947fb92806c87db4f76c6aefc5fd3517b07d661503ff060092ca478e925d8fa9cc569190a261198a61197b6139d1565b92611984613a5e565b92613c36565b91613f09565b61198a61199b6139d1565b926119a4613a81565b9260781c90613c36565b7f356a441800000000000000000000000000000000000000000000000000000000608051526004608051fd5b73ffffffffffffffffffffffffffffffffffffffff91925081169116141589806118f1565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a80611890565b7f7448669c00000000000000000000000000000000000000000000000000000000608051526004608051fd5b508660781c6fffffffffffffffffffffffffffffffff8a16106117a6565b34610105577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161018081126101055760e013610105576101043573ffffffffffffffffffffffffffffffffffffffff81169081810361010557611ad1613658565b60407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffebc3601126101055760ff6080515c166105a85760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c16176080515d8092611b3d613d7e565b9591600182969201549360206040516080518152601b828201527f79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179860408201527ffffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd036414160e4357f79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f8179809606082015260808051805280519160015afa15611e8f5773ffffffffffffffffffffffffffffffffffffffff60805151168015159081611e6f575b5015611e43576fffffffffffffffffffffffffffffffff9760805150611c776001808360fc1c1614976040519a8b9185606060208501947fa28a3f6565613275a62444688fac7a2f64619ade4a6126b0b4bb1d98bdffb1f186528960408201520152169a8b60808201526080815261182e60a0826136f2565b8715611e3257611cc5611c88613a18565b915b610164357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101443593821c011690614417565b50611ccf816136bb565b1591821592611e0d575b50506119ae5761041d98611cf0611daf9783613fe7565b809111611dd3575b506fffffffffffffffffffffffffffffffff94909416937fddff5d53da3ca7f892e124a235fc66de60d396b9d763af6b2e3559f8bbafdd37916060915f90600190611d5890899060781c6effffffffffffffffffffffffffffff16613c36565b9a7e03000000000000000000000000000000000000000000000000000000000000815501556040519081528560208201526fffffffffffffffffffffffffffffffff89166040820152a2611daa6139d1565b613f09565b611db76139d1565b9015611dcb57611dc5613a5e565b90613f09565b611dc5613a81565b6fffffffffffffffffffffffffffffffff1694507fddff5d53da3ca7f892e124a235fc66de60d396b9d763af6b2e3559f8bbafdd37611cf8565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a80611cd9565b611cc5611e3d613a3b565b91611c8a565b7ff86c49bc00000000000000000000000000000000000000000000000000000000608051526004608051fd5b905073ffffffffffffffffffffffffffffffffffffffff86161489611bfe565b6040513d608051823e3d90fd5b346101055760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610105576080515c60ff166105a85760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006080515c16176080515d611f0b613d7e565b600182015490919060a01c640fffffffff16421061057c5760f282901c6103ff1661209e577e0300000000000000000000000000000000000000000000000000000000000081555f6001909101556080516effffffffffffffffffffffffffffff8281169391607884901c9091169061029e5783611f8891613c36565b91600180849260fc1c1614612095575b507f44519f31bde398e151af7ce07f25658a7fc66da11a892dd7d8ffbdbb561ce8fb60606040516fffffffffffffffffffffffffffffffff861681526fffffffffffffffffffffffffffffffff8516602082015260016040820152a26084359173ffffffffffffffffffffffffffffffffffffffff83168303612091576044359073ffffffffffffffffffffffffffffffffffffffff82168203612091576120409184613f09565b60643573ffffffffffffffffffffffffffffffffffffffff811681036120915761206992613f09565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c165f5d005b5f80fd5b92915083611f98565b7fc8dcac8200000000000000000000000000000000000000000000000000000000608051526004608051fd5b34610105576080517ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610105576121a76121267f0000000000000000000000000000000000000000000000000000000000000000614348565b61214f7f0000000000000000000000000000000000000000000000000000000000000000614348565b604051906020906121b59061216483856136f2565b608080518552513681376040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190613678565b908582036040870152613678565b46606085015230608085015260805160a085015283810360c08501528180845192838152019301916080515b8281106121f057505050500390f35b8351855286955093810193928101926001016121e1565b34612091577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161022081126120915760e01361209157612247613619565b61224f613638565b90612258613658565b9061014435916fffffffffffffffffffffffffffffffff83168093036120915761016435916fffffffffffffffffffffffffffffffff83168093036120915761018435946fffffffffffffffffffffffffffffffff86168096036120915760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe5c3601126120915760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1c3601126120915760ff5f5c166127015760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c16175f5d612344613d3f565b94919790956fffffffffffffffffffffffffffffffff808060018a015497169516931697612388836123838461237a888a613aa4565b5f608052613aa4565b613aa4565b612392828b613aa4565b036126d9576effffffffffffffffffffffffffffff95868816908a821080156126cb575b6126a357878116918483118015612697575b61266f5761241061240a8561247d9b8f61241a976123f36123f98f6123f3612400956123f39b613c36565b90613aa4565b918c613c36565b9d60781c16613c36565b88613aa4565b9160781c86613c36565b986040519460208601967f08c114a23e689cdb3edba693ec7d92f989c1ae074328379171d2786a086d850b88528c60408801526060870152608086015260a085015260c084015260e0830152610100820152610100815261182e610120826136f2565b612485613a18565b6124c36101c4357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6101a43592821c011685614417565b506124cd816136bb565b159182159261264a575b50506125fd576125246124e8613a3b565b91610204357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6101e43593821c011690614417565b5061252e816136bb565b1591821592612625575b50506125fd57612069935f60016125f5947e03000000000000000000000000000000000000000000000000000000000000815501557f50975718b207973aae74adbdf6375692cefa6a2d7cf6ea26d0a5c774cdc61da3604051806125e26fffffffffffffffffffffffffffffffff88166fffffffffffffffffffffffffffffffff8716839092916fffffffffffffffffffffffffffffffff60209181604085019616845216910152565b0390a26125ed6139d1565b611dc5613a5e565b611dcb6139d1565b7f356a4418000000000000000000000000000000000000000000000000000000005f5260045ffd5b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158580612538565b73ffffffffffffffffffffffffffffffffffffffff91925081169116141586806124d7565b7fe05126e6000000000000000000000000000000000000000000000000000000005f5260045ffd5b50858260781c116123c8565b7f59433e52000000000000000000000000000000000000000000000000000000005f5260045ffd5b5082888a60781c16106123b6565b7fbf9e15f8000000000000000000000000000000000000000000000000000000005f5260045ffd5b7fb5dfd9e5000000000000000000000000000000000000000000000000000000005f5260045ffd5b346120915760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261209157612760613584565b6127686135a7565b9060443573ffffffffffffffffffffffffffffffffffffffff8116928382036120915760407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9c3601126120915760ff5f5c166127015773ffffffffffffffffffffffffffffffffffffffff9060017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c16175f5d168093813303612938575b505073ffffffffffffffffffffffffffffffffffffffff821692835f52600260205260405f20815f5260205260405f205490811561291057846128bb955f52600260205260405f20825f526020525f60408120557ffd7fff93305712da8a459cdc8c914ee306e7db6d8adba2ea3fb2afde4318983e604051806128af8688836020909392919373ffffffffffffffffffffffffffffffffffffffff60408201951681520152565b0390a35a915a93613e7a565b156128e8577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c165f5d005b7f90b8ec18000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f797dba54000000000000000000000000000000000000000000000000000000005f5260045ffd5b6129c06129f991835f52600360205260405f2080549061295782613c09565b90556040519060208201927f04e9301bbc3bb62d4c743d912ac4c8c31b3107eecb4b6ee81fcf9ae9adb71d48845273ffffffffffffffffffffffffffffffffffffffff89166040840152866060840152608083015260a082015260a0815261182e60c0826136f2565b6084357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b60643593821c011690614417565b50909190612a06816136bb565b1591821592612a1d575b50506125fd578284612808565b73ffffffffffffffffffffffffffffffffffffffff16141590508385612a10565b34612091577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016102a081126120915760e013612091576101207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1c360112612091576102043567ffffffffffffffff811161209157612ac29036906004016135eb565b9060407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffddc3601126120915760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd9c3601126120915760ff5f5c166127015760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c16175f5d612b51613d3f565b919390600160ff612b60613ab1565b1611613232575f90603f831615801590613227575b6131a2575f5f5b8481106131ca575069feffffffffffffffffff166131a25760018101918254612ba3613ac1565b612bab613ae1565b612bb3613b01565b90612bbc613b21565b90612bc5613b41565b916fffffffffffffffffffffffffffffffff8080808080612be4613b61565b9a169616971693169416951694612c0786612383836123838c6123838b8a613aa4565b612c118584613aa4565b036126d9576effffffffffffffffffffffffffffff92838d168d8686868410928315613190575b5050506126a357848916938385118015613184575b61266f57612c5a91613c36565b612c6391613aa4565b91612c6d91613c36565b612c7691613aa4565b9960781c1690612c8591613c36565b612c8e91613aa4565b9160781c612c9b91613c36565b612ca491613aa4565b95843690612cb192613bbb565b8051906020012087612cc1613ab1565b612cc9613bf1565b612cd1613ac1565b612cd9613ae1565b612ce1613b01565b612ce9613b21565b90612cf2613b41565b92612cfb613b61565b94612d046139f4565b966040519860208a019a7fdd7411e6dbfa8abddd3cc5aae97b94ad733d59b28d2e12f9a4f43679c3db59448c5260408b015260ff1660608a015267ffffffffffffffff1660808901526fffffffffffffffffffffffffffffffff1660a08801526fffffffffffffffffffffffffffffffff1660c08701526fffffffffffffffffffffffffffffffff1660e08601526fffffffffffffffffffffffffffffffff166101008501526fffffffffffffffffffffffffffffffff166101208401526fffffffffffffffffffffffffffffffff1661014083015273ffffffffffffffffffffffffffffffffffffffff1661016082015283610180820152826101a08201526101a08152612e156101c0826136f2565b519020612e2190614307565b612e29613ab1565b60ff1661317757612e38613a3b565b612e76610244357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169060ff601b6102243592821c011685614417565b50612e80816136bb565b1591821592613152575b50506125fd5760ff612e9a613ab1565b1661314157612ee7612eaa613a18565b915b610284357f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81169160ff601b6102643593821c011690614417565b50612ef1816136bb565b159182159261311c575b50506125fd5784613111575b5060a43563ffffffff811680910361209157612f239042613aa4565b9360ff612f2e613ab1565b1661310757612f4386925b6123838989613aa4565b612f4b613ab1565b9281811180156130ed575b6130c5577ffffc0000000000000000000000000000000000000000000000000000000000007ff0000000000000000000000000000000000000000000000000000000000000007e020000000000000000000000000000000000000000000000000000000000009560fc1b169360ec1b169160781b171717179055612fd86139f4565b936410000000008310156130c5576fffffffffffffffffffffffffffffffff60c09481937ffd5c2fe61049509a5ebf87663509f7946df2b32c7fb8f128f6219ee8943fb85d9773ffffffffffffffffffffffffffffffffffffffff8760a01b911617905567ffffffffffffffff61304d613ab1565b9573ffffffffffffffffffffffffffffffffffffffff61306b613bf1565b836130746139f4565b9160ff6040519b168b521660208a01521660408801521660608601521660808401521660a0820152a27fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c165f5d005b7fd887771b000000000000000000000000000000000000000000000000000000005f5260045ffd5b506f01000000000000000000000000000000821015612f56565b612f438792612f39565b600283015587612f07565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158980612efb565b612ee761314c613a3b565b91612eac565b73ffffffffffffffffffffffffffffffffffffffff9192508116911614158a80612e8a565b61317f613a18565b612e38565b50888a60781c11612c4d565b9091925060781c1610868f8790612c38565b7f76802860000000000000000000000000000000000000000000000000000000005f5260045ffd5b9260208401841161120b576131ed90602085890101358093179260801c90613aa4565b926040810180911115612b7c577f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5061f1808311612b75565b7fa9e46fb8000000000000000000000000000000000000000000000000000000005f5260045ffd5b346120915760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261209157613291613584565b73ffffffffffffffffffffffffffffffffffffffff6132ae6135a7565b91165f52600260205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161012081126120915760e0136120915760e43560ff811680910361209157610104359060ff5f5c166127015760017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c16175f5d600181116132325761336e613760565b9161337883613c90565b506133816139d1565b5f919073ffffffffffffffffffffffffffffffffffffffff81166134ba57508091503403613492575b801561346a577f7228659d25fc7d9d822ea69a3325c01b3df0942925a9c833f89e19ad53c6765291816040926133df86613c90565b6effffffffffffffffffffffffffffff8082169160781c169084155f14613451576134129261340d91613aa4565b613cf5565b855f526004602052835f205582519182526020820152a27fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff005f5c165f5d005b906134659261345f91613aa4565b90613cf5565b613412565b7f62af86ad000000000000000000000000000000000000000000000000000000005f5260045ffd5b7f123146a6000000000000000000000000000000000000000000000000000000005f5260045ffd5b346134925761351d6134cb8261427a565b925a604051917f23b872dd0000000000000000000000000000000000000000000000000000000060208401523360248401523060448401526064830152606482526135176084836136f2565b836142d1565b156128e85761352b9061427a565b81811161353a575b50506133aa565b6135449250613c36565b8380613533565b346120915760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126120915760206100fd613760565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361209157565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361209157565b359073ffffffffffffffffffffffffffffffffffffffff8216820361209157565b9181601f840112156120915782359167ffffffffffffffff8311612091576020838186019501011161209157565b60e435906fffffffffffffffffffffffffffffffff8216820361209157565b61010435906fffffffffffffffffffffffffffffffff8216820361209157565b61012435906fffffffffffffffffffffffffffffffff8216820361209157565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b600411156136c557565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761373357604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b60405160208101907f0000000000000000000000000000000000000000000000000000000000000000825230604082015260043573ffffffffffffffffffffffffffffffffffffffff811680910361209157606082015260243573ffffffffffffffffffffffffffffffffffffffff811680910361209157608082015260443573ffffffffffffffffffffffffffffffffffffffff81168091036120915760a082015260643573ffffffffffffffffffffffffffffffffffffffff81168091036120915760c082015260843573ffffffffffffffffffffffffffffffffffffffff81168091036120915760e082015260a43563ffffffff81168091036120915761010082015260c43567ffffffffffffffff8116809103612091576101208201526101208152613892610140826136f2565b51902090565b60405160208101917f0000000000000000000000000000000000000000000000000000000000000000835230604083015273ffffffffffffffffffffffffffffffffffffffff6138e7826135ca565b16606083015273ffffffffffffffffffffffffffffffffffffffff61390e602083016135ca565b16608083015273ffffffffffffffffffffffffffffffffffffffff613935604083016135ca565b1660a083015273ffffffffffffffffffffffffffffffffffffffff61395c606083016135ca565b1660c083015273ffffffffffffffffffffffffffffffffffffffff613983608083016135ca565b1660e083015260a08101359063ffffffff82168092036120915760c091610100840152013567ffffffffffffffff8116809103612091576101208201526101208152613892610140826136f2565b60843573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b6101e43573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b60043573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b60243573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b60443573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b60643573ffffffffffffffffffffffffffffffffffffffff811681036120915790565b9190820180921161120b57565b60e43560ff811681036120915790565b610124356fffffffffffffffffffffffffffffffff811681036120915790565b610144356fffffffffffffffffffffffffffffffff811681036120915790565b610164356fffffffffffffffffffffffffffffffff811681036120915790565b610184356fffffffffffffffffffffffffffffffff811681036120915790565b6101a4356fffffffffffffffffffffffffffffffff811681036120915790565b6101c4356fffffffffffffffffffffffffffffffff811681036120915790565b67ffffffffffffffff811161373357601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b929192613bc782613b81565b91613bd560405193846136f2565b829481845281830111612091578281602093845f960137010152565b6101043567ffffffffffffffff811681036120915790565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff811461120b5760010190565b9190820391821161120b57565b6004821015613c525701905f90565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b906002811015613c525760051b0190565b5f52600460205260405f20549060038260f01c16613cad816136bb565b613cb6816136bb565b60018111613cc15750565b7f96fe8cdd000000000000000000000000000000000000000000000000000000005f52613ced816136bb565b60045260245ffd5b6f01000000000000000000000000000000613d108383613aa4565b10156130c5577e010000000000000000000000000000000000000000000000000000000000009160781b171790565b613d496004613898565b90815f52600460205260405f209081549060038260f01c16613d6a816136bb565b613d73816136bb565b60018103613cc15750565b613d886004613898565b90815f52600460205260405f209081549060038260f01c16613da9816136bb565b613db2816136bb565b60028103613cc15750565b73ffffffffffffffffffffffffffffffffffffffff8116613de657505f8080938193617530f190565b6040517fa9059cbb00000000000000000000000000000000000000000000000000000000602082015273ffffffffffffffffffffffffffffffffffffffff90921660248301526044820192909252613e77916203d09090613e7283606481015b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018552846136f2565b6142d1565b90565b939092919373ffffffffffffffffffffffffffffffffffffffff8116613ea75750505f809381938293f190565b6040517fa9059cbb00000000000000000000000000000000000000000000000000000000602082015273ffffffffffffffffffffffffffffffffffffffff90941660248501526044840194909452613e7793909150613e728360648101613e46565b908215613fb0575a73ffffffffffffffffffffffffffffffffffffffff8316929083613fdd57620109a0905b10613fb5578382613f4592613dbd565b613fb057602073ffffffffffffffffffffffffffffffffffffffff7f7db67ca0eaf1eb1df6356349ae960f6d765d6ac9107e8ba57035a12bab0d529092845f526002835260405f208282165f52835260405f20613fa3878254613aa4565b90556040519586521693a3565b505050565b7f858c8974000000000000000000000000000000000000000000000000000000005f5260045ffd5b6203efd090613f35565b90633fffffff9060c41c16906effffffffffffffffffffffffffffff90614012828260781c1661411f565b9283810293818504149015171561120b5716908082111561403657613e7791613c36565b50505f90565b9061404990833691613bbb565b60208151910120911591825f146140c5577fc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470905b0361408f57816140b7575b5061408f57565b7f56d7119b000000000000000000000000000000000000000000000000000000005f5260045ffd5b60029150015415155f614088565b60028201549061407d565b906140da82613b81565b6140e760405191826136f2565b8281527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06141158294613b81565b0190602036910137565b601d1c6001810180911161120b5790565b82600361413d9201613c43565b90549060031b1c91155f146141535760e21c1790565b5090565b73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016301480614251575b156141bf577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a0815261389260c0826136f2565b507f00000000000000000000000000000000000000000000000000000000000000004614614196565b5f602091604051838101907f70a08231000000000000000000000000000000000000000000000000000000008252306024820152602481526142bd6044826136f2565b51915afa601f3d1116905f5191156128e857565b92915f906020928286858451940192f191826142ea5750565b9091503d15614301575060015f5114601f3d111690565b3b151590565b604290614312614157565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b60ff811690601f821161437757604051916143646040846136f2565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b5060061c90610100810180911161120b57808210156143bc575090565b905090565b908210156143d157013560f01c90565b50507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff90565b90600290825190602182850191805f1a602084015360011a910153019052565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a084116144a6579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa1561449b575f5173ffffffffffffffffffffffffffffffffffffffff81161561449157905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f916003919056",
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
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32)
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
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32)
func (adjudicator *Adjudicator) TryPackChannelId(p IAdjudicatorParams) ([]byte, error) {
	return adjudicator.abi.Pack("channelId", p)
}

// UnpackChannelId is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x114d8b04.
//
// Solidity: function channelId((address,address,address,address,address,uint32,uint64) p) view returns(bytes32)
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
	return nil, errors.New("Unknown error")
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
