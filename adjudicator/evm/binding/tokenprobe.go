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

// TokenProbeMove is an auto generated low-level Go binding around an user-defined struct.
type TokenProbeMove struct {
	Done    bool
	Taken   *big.Int
	Arrived *big.Int
}

// TokenProbeMetaData contains all meta data concerning the TokenProbe contract.
var TokenProbeMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"allow\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"contractTokenProbe\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"held\",\"type\":\"bool\"}],\"name\":\"run\",\"outputs\":[{\"components\":[{\"internalType\":\"bool\",\"name\":\"done\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"taken\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"arrived\",\"type\":\"uint256\"}],\"internalType\":\"structTokenProbe.Move\",\"name\":\"deposit\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bool\",\"name\":\"done\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"taken\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"arrived\",\"type\":\"uint256\"}],\"internalType\":\"structTokenProbe.Move\",\"name\":\"payout\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "TokenProbe",
	Bin: "0x60806040526004361015610011575f80fd5b5f3560e01c80639697e765146101705763a79fafa41461002f575f80fd5b3461016c5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016c576100666102a8565b60243573ffffffffffffffffffffffffffffffffffffffff81169182820361016c57610165610139926100e061016a95604051907f095ea7b300000000000000000000000000000000000000000000000000000000602083015260248201525f6044820152604481526100da6064826102cb565b846105a7565b506040517f095ea7b300000000000000000000000000000000000000000000000000000000602082015273ffffffffffffffffffffffffffffffffffffffff909116602482015260448035908201529283906064820190565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018452836102cb565b6105a7565b005b5f80fd5b3461016c5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261016c576101a76102a8565b6024359073ffffffffffffffffffffffffffffffffffffffff82169182810361016c5760643591604435831515840361016c5760c0946101e5610339565b946101ee610339565b9015610270575090610200918361046a565b918251610252575b5050610250905b610232604051809460408091805115158452602081015160208501520151910152565b805115156060840152602081015160808401526040015160a0830152565bf35b8293509061026891604061025094015191610368565b919084610208565b92916102829195506102509483610368565b938451610291575b505061020f565b6102a1925060408501519161046a565b848061028a565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361016c57565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761030c57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b604051906060820182811067ffffffffffffffff82111761030c576040525f6040838281528260208201520152565b919073ffffffffffffffffffffffffffffffffffffffff90610388610339565b501691823b1561016c57604051927fa79fafa400000000000000000000000000000000000000000000000000000000845273ffffffffffffffffffffffffffffffffffffffff821660048501523060248501528260448501525f8460648183855af193841561045f5761044c9461044f575b50604051927f23b872dd0000000000000000000000000000000000000000000000000000000060208501528160248501523060448501526064840152606483526104456084846102cb565b3091610647565b90565b5f610459916102cb565b5f6103fa565b6040513d5f823e3d90fd5b906104d69161050261044c9461047e610339565b506040517fa9059cbb00000000000000000000000000000000000000000000000000000000602082015273ffffffffffffffffffffffffffffffffffffffff8516602482015260448101919091529384906064820190565b037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018552846102cb565b3090610647565b3d15610561573d9067ffffffffffffffff821161030c576040519161055660207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f84011601846102cb565b82523d5f602084013e565b606090565b60208151910151906020811061057a575090565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff9060200360031b1b1690565b5f9182918273ffffffffffffffffffffffffffffffffffffffff60208451940192165af16105d3610509565b816105dc575090565b80518015925082156105ed57505090565b602011159150816105fc575090565b6001915061060990610566565b1490565b9190820391821161061a57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b91939290610689610656610339565b9561068361066484876106c8565b9361067961067284896106c8565b96886105a7565b15158952866106c8565b946106c8565b92808211156106c05761069b9161060d565b6020850152808211156106b8576106b19161060d565b6040830152565b50505f6106b1565b50505f61069b565b5f9190829173ffffffffffffffffffffffffffffffffffffffff6040518160208201937f70a08231000000000000000000000000000000000000000000000000000000008552166024820152602481526107236044826102cb565b5192165afa610730610509565b908061074a575b156107455761044c90610566565b505f90565b5060208151101561073756",
}

// TokenProbe is an auto generated Go binding around an Ethereum contract.
type TokenProbe struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *TokenProbe) GetABI() abi.ABI {
	return c.abi
}

// NewTokenProbe creates a new instance of TokenProbe.
func NewTokenProbe() *TokenProbe {
	parsed, err := TokenProbeMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &TokenProbe{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *TokenProbe) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAllow is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa79fafa4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allow(address token, address spender, uint256 amount) returns()
func (tokenProbe *TokenProbe) PackAllow(token common.Address, spender common.Address, amount *big.Int) []byte {
	enc, err := tokenProbe.abi.Pack("allow", token, spender, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllow is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa79fafa4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allow(address token, address spender, uint256 amount) returns()
func (tokenProbe *TokenProbe) TryPackAllow(token common.Address, spender common.Address, amount *big.Int) ([]byte, error) {
	return tokenProbe.abi.Pack("allow", token, spender, amount)
}

// PackRun is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9697e765.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function run(address token, address account, uint256 amount, bool held) returns((bool,uint256,uint256) deposit, (bool,uint256,uint256) payout)
func (tokenProbe *TokenProbe) PackRun(token common.Address, account common.Address, amount *big.Int, held bool) []byte {
	enc, err := tokenProbe.abi.Pack("run", token, account, amount, held)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRun is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9697e765.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function run(address token, address account, uint256 amount, bool held) returns((bool,uint256,uint256) deposit, (bool,uint256,uint256) payout)
func (tokenProbe *TokenProbe) TryPackRun(token common.Address, account common.Address, amount *big.Int, held bool) ([]byte, error) {
	return tokenProbe.abi.Pack("run", token, account, amount, held)
}

// RunOutput serves as a container for the return parameters of contract
// method Run.
type RunOutput struct {
	Deposit TokenProbeMove
	Payout  TokenProbeMove
}

// UnpackRun is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9697e765.
//
// Solidity: function run(address token, address account, uint256 amount, bool held) returns((bool,uint256,uint256) deposit, (bool,uint256,uint256) payout)
func (tokenProbe *TokenProbe) UnpackRun(data []byte) (RunOutput, error) {
	out, err := tokenProbe.abi.Unpack("run", data)
	outstruct := new(RunOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Deposit = *abi.ConvertType(out[0], new(TokenProbeMove)).(*TokenProbeMove)
	outstruct.Payout = *abi.ConvertType(out[1], new(TokenProbeMove)).(*TokenProbeMove)
	return *outstruct, nil
}
