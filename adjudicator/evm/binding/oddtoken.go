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

// OddTokenMetaData contains all meta data concerning the OddToken contract.
var OddTokenMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"name\":\"allowance\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"decimals\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"fee\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"mint\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"percent\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"percent_\",\"type\":\"uint256\"}],\"name\":\"rebase\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bool\",\"name\":\"silent_\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"stopped_\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"shares_\",\"type\":\"bool\"}],\"name\":\"set\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"fee_\",\"type\":\"uint256\"}],\"name\":\"setFee\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"shares\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"sharesOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"silent\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"stopped\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"transfer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "OddToken",
	Bin: "0x60808060405234601a576064600355610bb9908161001f8239f35b5f80fdfe60806040526004361015610011575f80fd5b5f3560e01c806303314efa1461013457806306fdde031461012f578063095ea7b31461012a57806323b872dd14610125578063313ce567146101205780633a4539bd1461011b5780633dcd08bd1461011657806340c10f191461011157806369fe0e2d1461010c57806370a082311461010757806370ba11131461010257806375f12b21146100fd57806395d89b41146100f8578063a9059cbb146100f3578063bc4f2d6d146100ee578063dd62ed3e146100e9578063ddca3f43146100e45763f5eb42dc146100df575f80fd5b610936565b6108fb565b61086a565b610833565b6107e3565b610778565b610735565b6106fa565b610689565b610652565b6105e8565b6105a8565b610511565b6104bb565b610407565b6102c9565b610214565b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757602060ff60045460101c166040519015158152f35b5f80fd5b604051906040820182811067ffffffffffffffff82111761019f5760405260038252565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602060409481855280519182918282880152018686015e5f8582860101520116010190565b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775761027f61024d61017b565b7f4f646400000000000000000000000000000000000000000000000000000000006020820152604051918291826101cc565b0390f35b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361017757565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361017757565b346101775760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757610300610283565b60243590811580156103cc575b1561036e576103619061033e3373ffffffffffffffffffffffffffffffffffffffff165f52600160205260405f2090565b9073ffffffffffffffffffffffffffffffffffffffff165f5260205260405f2090565b5560405160018152602090f35b60646040517f08c379a000000000000000000000000000000000000000000000000000000000815260206004820152601460248201527f66726f6d207a65726f206f7220746f207a65726f0000000000000000000000006044820152fd5b50335f5260016020526104008160405f209073ffffffffffffffffffffffffffffffffffffffff165f5260205260405f2090565b541561030d565b346101775760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775761043e610283565b6104466102a6565b6044359073ffffffffffffffffffffffffffffffffffffffff83165f52600160205261049260405f203373ffffffffffffffffffffffffffffffffffffffff165f5260205260405f2090565b9283548381039081116104b6576104a99455610ab5565b6040519015158152602090f35b610a0e565b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775760206040515f8152f35b60243590811515820361017757565b60443590811515820361017757565b346101775760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610177576004358015158103610177576105546104f3565b61ff0061055f610502565b1515927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000062ff000060ff600454931515169560101b1691161791151560081b1617176004555f80f35b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757602060ff600454166040519015158152f35b346101775760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775761061f610283565b73ffffffffffffffffffffffffffffffffffffffff60243591165f525f60205260405f2080549182018092116104b65755005b346101775760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757600435600255005b346101775760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775773ffffffffffffffffffffffffffffffffffffffff6106d5610283565b165f525f602052602060646106f160405f205460035490610a6b565b04604051908152f35b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610177576020600354604051908152f35b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757602060ff60045460081c166040519015158152f35b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775761027f6107b161017b565b7f4f444400000000000000000000000000000000000000000000000000000000006020820152604051918291826101cc565b346101775760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757602061082961081f610283565b6024359033610ab5565b6040519015158152f35b346101775760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261017757600435600355005b346101775760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775760206108f26108a6610283565b73ffffffffffffffffffffffffffffffffffffffff6108c36102a6565b91165f526001835260405f209073ffffffffffffffffffffffffffffffffffffffff165f5260205260405f2090565b54604051908152f35b34610177575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610177576020600254604051908152f35b346101775760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101775761096d610283565b60ff60045460101c16156109b05773ffffffffffffffffffffffffffffffffffffffff165f525f60205261027f60405f2054604051918291829190602083019252565b60646040517f08c379a000000000000000000000000000000000000000000000000000000000815260206004820152601060248201527f756e6b6e6f776e2066756e6374696f6e000000000000000000000000000000006044820152fd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b919082039182116104b657565b919082018092116104b657565b906064820291808304606414901517156104b657565b818102929181159184041417156104b657565b8115610a88570490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b909160ff60045460081c16610b5b57610af0610ae7610b3b83610b4895610b1c610b14610af0610ae7610b4099610a55565b60035490610a7e565b9273ffffffffffffffffffffffffffffffffffffffff165f525f60205260405f2090565b918254610a3b565b9055610b35610b2d60025483610a6b565b6103e8900490565b90610a3b565b610a55565b918254610a48565b905560045460ff16610b5957600190565b005b60646040517f08c379a000000000000000000000000000000000000000000000000000000000815260206004820152600760248201527f73746f70706564000000000000000000000000000000000000000000000000006044820152fd",
}

// OddToken is an auto generated Go binding around an Ethereum contract.
type OddToken struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *OddToken) GetABI() abi.ABI {
	return c.abi
}

// NewOddToken creates a new instance of OddToken.
func NewOddToken() *OddToken {
	parsed, err := OddTokenMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &OddToken{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *OddToken) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allowance(address , address ) view returns(uint256)
func (oddToken *OddToken) PackAllowance(arg0 common.Address, arg1 common.Address) []byte {
	enc, err := oddToken.abi.Pack("allowance", arg0, arg1)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allowance(address , address ) view returns(uint256)
func (oddToken *OddToken) TryPackAllowance(arg0 common.Address, arg1 common.Address) ([]byte, error) {
	return oddToken.abi.Pack("allowance", arg0, arg1)
}

// UnpackAllowance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd62ed3e.
//
// Solidity: function allowance(address , address ) view returns(uint256)
func (oddToken *OddToken) UnpackAllowance(data []byte) (*big.Int, error) {
	out, err := oddToken.abi.Unpack("allowance", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address spender, uint256 amount) returns(bool)
func (oddToken *OddToken) PackApprove(spender common.Address, amount *big.Int) []byte {
	enc, err := oddToken.abi.Pack("approve", spender, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address spender, uint256 amount) returns(bool)
func (oddToken *OddToken) TryPackApprove(spender common.Address, amount *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("approve", spender, amount)
}

// UnpackApprove is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x095ea7b3.
//
// Solidity: function approve(address spender, uint256 amount) returns(bool)
func (oddToken *OddToken) UnpackApprove(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("approve", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address who) view returns(uint256)
func (oddToken *OddToken) PackBalanceOf(who common.Address) []byte {
	enc, err := oddToken.abi.Pack("balanceOf", who)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address who) view returns(uint256)
func (oddToken *OddToken) TryPackBalanceOf(who common.Address) ([]byte, error) {
	return oddToken.abi.Pack("balanceOf", who)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address who) view returns(uint256)
func (oddToken *OddToken) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := oddToken.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function decimals() view returns(uint8)
func (oddToken *OddToken) PackDecimals() []byte {
	enc, err := oddToken.abi.Pack("decimals")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function decimals() view returns(uint8)
func (oddToken *OddToken) TryPackDecimals() ([]byte, error) {
	return oddToken.abi.Pack("decimals")
}

// UnpackDecimals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x313ce567.
//
// Solidity: function decimals() view returns(uint8)
func (oddToken *OddToken) UnpackDecimals(data []byte) (uint8, error) {
	out, err := oddToken.abi.Unpack("decimals", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xddca3f43.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fee() view returns(uint256)
func (oddToken *OddToken) PackFee() []byte {
	enc, err := oddToken.abi.Pack("fee")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xddca3f43.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fee() view returns(uint256)
func (oddToken *OddToken) TryPackFee() ([]byte, error) {
	return oddToken.abi.Pack("fee")
}

// UnpackFee is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xddca3f43.
//
// Solidity: function fee() view returns(uint256)
func (oddToken *OddToken) UnpackFee(data []byte) (*big.Int, error) {
	out, err := oddToken.abi.Unpack("fee", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (oddToken *OddToken) PackMint(to common.Address, amount *big.Int) []byte {
	enc, err := oddToken.abi.Pack("mint", to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (oddToken *OddToken) TryPackMint(to common.Address, amount *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("mint", to, amount)
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (oddToken *OddToken) PackName() []byte {
	enc, err := oddToken.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() view returns(string)
func (oddToken *OddToken) TryPackName() ([]byte, error) {
	return oddToken.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (oddToken *OddToken) UnpackName(data []byte) (string, error) {
	out, err := oddToken.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackPercent is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70ba1113.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function percent() view returns(uint256)
func (oddToken *OddToken) PackPercent() []byte {
	enc, err := oddToken.abi.Pack("percent")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPercent is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70ba1113.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function percent() view returns(uint256)
func (oddToken *OddToken) TryPackPercent() ([]byte, error) {
	return oddToken.abi.Pack("percent")
}

// UnpackPercent is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70ba1113.
//
// Solidity: function percent() view returns(uint256)
func (oddToken *OddToken) UnpackPercent(data []byte) (*big.Int, error) {
	out, err := oddToken.abi.Unpack("percent", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRebase is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbc4f2d6d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rebase(uint256 percent_) returns()
func (oddToken *OddToken) PackRebase(percent *big.Int) []byte {
	enc, err := oddToken.abi.Pack("rebase", percent)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRebase is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbc4f2d6d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rebase(uint256 percent_) returns()
func (oddToken *OddToken) TryPackRebase(percent *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("rebase", percent)
}

// PackSet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3a4539bd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function set(bool silent_, bool stopped_, bool shares_) returns()
func (oddToken *OddToken) PackSet(silent bool, stopped bool, shares bool) []byte {
	enc, err := oddToken.abi.Pack("set", silent, stopped, shares)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3a4539bd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function set(bool silent_, bool stopped_, bool shares_) returns()
func (oddToken *OddToken) TryPackSet(silent bool, stopped bool, shares bool) ([]byte, error) {
	return oddToken.abi.Pack("set", silent, stopped, shares)
}

// PackSetFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x69fe0e2d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setFee(uint256 fee_) returns()
func (oddToken *OddToken) PackSetFee(fee *big.Int) []byte {
	enc, err := oddToken.abi.Pack("setFee", fee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x69fe0e2d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setFee(uint256 fee_) returns()
func (oddToken *OddToken) TryPackSetFee(fee *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("setFee", fee)
}

// PackShares is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x03314efa.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function shares() view returns(bool)
func (oddToken *OddToken) PackShares() []byte {
	enc, err := oddToken.abi.Pack("shares")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackShares is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x03314efa.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function shares() view returns(bool)
func (oddToken *OddToken) TryPackShares() ([]byte, error) {
	return oddToken.abi.Pack("shares")
}

// UnpackShares is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x03314efa.
//
// Solidity: function shares() view returns(bool)
func (oddToken *OddToken) UnpackShares(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("shares", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSharesOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf5eb42dc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function sharesOf(address who) view returns(uint256)
func (oddToken *OddToken) PackSharesOf(who common.Address) []byte {
	enc, err := oddToken.abi.Pack("sharesOf", who)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSharesOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf5eb42dc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function sharesOf(address who) view returns(uint256)
func (oddToken *OddToken) TryPackSharesOf(who common.Address) ([]byte, error) {
	return oddToken.abi.Pack("sharesOf", who)
}

// UnpackSharesOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf5eb42dc.
//
// Solidity: function sharesOf(address who) view returns(uint256)
func (oddToken *OddToken) UnpackSharesOf(data []byte) (*big.Int, error) {
	out, err := oddToken.abi.Unpack("sharesOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSilent is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3dcd08bd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function silent() view returns(bool)
func (oddToken *OddToken) PackSilent() []byte {
	enc, err := oddToken.abi.Pack("silent")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSilent is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3dcd08bd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function silent() view returns(bool)
func (oddToken *OddToken) TryPackSilent() ([]byte, error) {
	return oddToken.abi.Pack("silent")
}

// UnpackSilent is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3dcd08bd.
//
// Solidity: function silent() view returns(bool)
func (oddToken *OddToken) UnpackSilent(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("silent", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackStopped is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x75f12b21.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stopped() view returns(bool)
func (oddToken *OddToken) PackStopped() []byte {
	enc, err := oddToken.abi.Pack("stopped")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStopped is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x75f12b21.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stopped() view returns(bool)
func (oddToken *OddToken) TryPackStopped() ([]byte, error) {
	return oddToken.abi.Pack("stopped")
}

// UnpackStopped is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x75f12b21.
//
// Solidity: function stopped() view returns(bool)
func (oddToken *OddToken) UnpackStopped(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("stopped", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (oddToken *OddToken) PackSymbol() []byte {
	enc, err := oddToken.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() view returns(string)
func (oddToken *OddToken) TryPackSymbol() ([]byte, error) {
	return oddToken.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (oddToken *OddToken) UnpackSymbol(data []byte) (string, error) {
	out, err := oddToken.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transfer(address to, uint256 amount) returns(bool)
func (oddToken *OddToken) PackTransfer(to common.Address, amount *big.Int) []byte {
	enc, err := oddToken.abi.Pack("transfer", to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transfer(address to, uint256 amount) returns(bool)
func (oddToken *OddToken) TryPackTransfer(to common.Address, amount *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("transfer", to, amount)
}

// UnpackTransfer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa9059cbb.
//
// Solidity: function transfer(address to, uint256 amount) returns(bool)
func (oddToken *OddToken) UnpackTransfer(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("transfer", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 amount) returns(bool)
func (oddToken *OddToken) PackTransferFrom(from common.Address, to common.Address, amount *big.Int) []byte {
	enc, err := oddToken.abi.Pack("transferFrom", from, to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 amount) returns(bool)
func (oddToken *OddToken) TryPackTransferFrom(from common.Address, to common.Address, amount *big.Int) ([]byte, error) {
	return oddToken.abi.Pack("transferFrom", from, to, amount)
}

// UnpackTransferFrom is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x23b872dd.
//
// Solidity: function transferFrom(address from, address to, uint256 amount) returns(bool)
func (oddToken *OddToken) UnpackTransferFrom(data []byte) (bool, error) {
	out, err := oddToken.abi.Unpack("transferFrom", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}
