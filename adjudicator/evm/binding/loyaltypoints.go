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

// LoyaltyPointsMetaData contains all meta data concerning the LoyaltyPoints contract.
var LoyaltyPointsMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"string\",\"name\":\"name_\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"symbol_\",\"type\":\"string\"},{\"internalType\":\"uint8\",\"name\":\"decimals_\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"issuer\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"membersOnly_\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"ECDSAInvalidSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"ECDSAInvalidSignatureLength\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"ECDSAInvalidSignatureS\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"allowance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientAllowance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"balance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientBalance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"approver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidApprover\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSpender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"}],\"name\":\"ERC2612ExpiredSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"signer\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"ERC2612InvalidSigner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"currentNonce\",\"type\":\"uint256\"}],\"name\":\"InvalidAccountNonce\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"InvalidShortString\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"NotAMember\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"OwnableInvalidOwner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"OwnableUnauthorizedAccount\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"str\",\"type\":\"string\"}],\"name\":\"StringTooLong\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"decimals\",\"type\":\"uint8\"}],\"name\":\"TooManyDecimals\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"Issued\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"isMember\",\"type\":\"bool\"}],\"name\":\"Member\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"on\",\"type\":\"bool\"}],\"name\":\"MembersOnly\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"previousOwner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"newOwner\",\"type\":\"address\"}],\"name\":\"OwnershipTransferStarted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"previousOwner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"newOwner\",\"type\":\"address\"}],\"name\":\"OwnershipTransferred\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"holder\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"Redeemed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"DOMAIN_SEPARATOR\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_DECIMALS\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"acceptOwnership\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"allowance\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"decimals\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"eip712Domain\",\"outputs\":[{\"internalType\":\"bytes1\",\"name\":\"fields\",\"type\":\"bytes1\"},{\"internalType\":\"string\",\"name\":\"name\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"verifyingContract\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[]\",\"name\":\"extensions\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"}],\"name\":\"isMember\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"issue\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"membersOnly\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"nonces\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"owner\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"pendingOwner\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"permit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"redeem\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"renounceOwnership\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"who\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"isMember_\",\"type\":\"bool\"}],\"name\":\"setMember\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address[]\",\"name\":\"who\",\"type\":\"address[]\"},{\"internalType\":\"bool\",\"name\":\"isMember_\",\"type\":\"bool\"}],\"name\":\"setMembers\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bool\",\"name\":\"on\",\"type\":\"bool\"}],\"name\":\"setMembersOnly\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"totalSupply\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transfer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"newOwner\",\"type\":\"address\"}],\"name\":\"transferOwnership\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "LoyaltyPoints",
	Bin: "0x610180806040523461052b5761201e803803809161001d828561052f565b833981019060a08183031261052b5780516001600160401b03811161052b5782610048918301610552565b602082015190926001600160401b03821161052b57610068918301610552565b91604082015160ff81169081810361052b5760608401516001600160a01b038116949085900361052b57608001519283151580940361052b576040958651916100b1888461052f565b60018352603160f81b6020840190815281519092906001600160401b03811161043057600354600181811c91168015610521575b602082101461041257601f81116104b3575b50806020601f821160011461044f575f91610444575b508160011b915f199060031b1c1916176003555b8051906001600160401b0382116104305760045490600182811c92168015610426575b60208310146104125781601f84931161039c575b50602090601f8311600114610336575f9261032b575b50508160011b915f199060031b1c1916176004555b61018c816105a7565b61012052610199836105a7565b6101405260208151910120918260e05251902080610100524660a05286519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f84528883015260608201524660808201523060a082015260a0815261020460c08261052f565b5190206080523060c052831561031857600954600880546001600160a01b031981168717909155865195919391906001600160a01b03167f8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e05f80a3601881116103065750610160526001600160a81b03191660a082901b60ff60a01b161760095581527f342c2ff60d13df85077ff8c605ae08e54808cc3ef276f9b4f0c4da42e652acb190602090a151611a0b9081610613823960805181611664015260a05181611721015260c05181611635015260e051816116b3015261010051816116d9015261012051816109aa015261014051816109d301526101605181610e000152f35b631de6e59160e31b5f5260045260245ffd5b631e4fbdf760e01b5f525f60045260245ffd5b015190505f8061016e565b60045f9081528281209350601f198516905b818110610384575090846001959493921061036c575b505050811b01600455610183565b01515f1960f88460031b161c191690555f808061035e565b92936020600181928786015181550195019301610348565b828111156101585760045f52909150601f830160051c7f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b6020851061040a575b849392601f0160051c82900391015f5b8281106103fa575050610158565b5f818301558594506001016103ec565b5f91506103dc565b634e487b7160e01b5f52602260045260245ffd5b91607f1691610144565b634e487b7160e01b5f52604160045260245ffd5b90508301515f61010d565b60035f9081528181209250601f198416905b81811061049b57509083600194939210610483575b5050811b01600355610121565b8501515f1960f88460031b161c191690555f80610476565b9192602060018192868a015181550194019201610461565b818111156100f75760035f52601f820160051c7fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b60208410610519575b81601f9101920160051c03905f5b82811061050c5750506100f7565b5f828201556001016104fe565b5f91506104f0565b90607f16906100e5565b5f80fd5b601f909101601f19168101906001600160401b0382119082101761043057604052565b81601f8201121561052b578051906001600160401b0382116104305760405192610586601f8401601f19166020018561052f565b8284526020838301011161052b57815f9260208093018386015e8301015290565b601f8151116105d25760208151910151602082106105c3571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fdfe6080806040526004361015610012575f80fd5b5f3560e01c9081630417cf8e146113405750806306fdde0314611267578063095ea7b31461122357806310b861f11461116d57806318160ddd1461113257806322e4e61d14610fb857806323b872dd14610e24578063313ce56714610dc95780633644e51514610d8957806370a0823114610d27578063715018a614610c63578063744cd69c14610c1357806379ba509714610b095780637ecebe0014610aa657806384b0196e146109745780638da5cb5b1461092357806395d89b41146107c257806396b411a5146106fe578063a230c524146106b3578063a9059cbb14610664578063d505accf146104b3578063dd62ed3e14610427578063e30c3978146103d6578063ea3f068d1461023f578063f16fcb49146101fc5763f2fde38b1461013a575f80fd5b346101f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85773ffffffffffffffffffffffffffffffffffffffff6101866113ba565b61018e6114cd565b16807fffffffffffffffffffffffff0000000000000000000000000000000000000000600954161760095573ffffffffffffffffffffffffffffffffffffffff600854167f38d16b8cac22d99fc7c124b9cd0de2d3fa1faef420bfe791d8c362d765e227005f80a3005b5f80fd5b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857602060ff60095460a01c166040519015158152f35b346101f85760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576102766113ba565b602435906102826114cd565b73ffffffffffffffffffffffffffffffffffffffff81169081156103aa5760ff60095460a01c1690816103a1575b81610390575b506103655760025482810180911161033857600255805f525f60205260405f20828154019055805f7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef6020604051868152a36040519182527fea5027ca690118a868ddc2cd8aab5af666df70818535852e44e807ac5f77a6cb602060443593a3005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7fc74f99ae000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b61039a915061147d565b15836102b6565b600191506102b0565b7fec442f05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857602073ffffffffffffffffffffffffffffffffffffffff60095416604051908152f35b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85761045e6113ba565b73ffffffffffffffffffffffffffffffffffffffff61047b6113dd565b91165f52600160205273ffffffffffffffffffffffffffffffffffffffff60405f2091165f52602052602060405f2054604051908152f35b346101f85760e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576104ea6113ba565b6104f26113dd565b604435906064359260843560ff811681036101f857844211610638576105f36105ea73ffffffffffffffffffffffffffffffffffffffff9283851697885f52600760205260405f20908154916001830190556040519060208201927f6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c984528b6040840152878a1660608401528a608084015260a083015260c082015260c0815261059d60e08261140f565b5190206105a861161e565b90604051917f190100000000000000000000000000000000000000000000000000000000000083526002830152602282015260c43591604260a4359220611899565b90929192611933565b16848103610608575061060693506117c5565b005b84907f4b800e46000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b847f62791302000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576106a861069e6113ba565b60243590336114ee565b602060405160018152f35b346101f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85760206106f46106ef6113ba565b61147d565b6040519015158152f35b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85760043567ffffffffffffffff81116101f857366023820112156101f857806004013567ffffffffffffffff81116101f8573660248260051b840101116101f857610775611400565b9161077e6114cd565b5f5b828110156106065760248160051b830101359073ffffffffffffffffffffffffffffffffffffffff821682036101f8576107bc85600193611747565b01610780565b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576040515f6004548060011c90600181168015610919575b6020831081146108ec578285529081156108aa575060011461084c575b610848836108348185038261140f565b604051918291602083526020830190611377565b0390f35b91905060045f527f8a35acfbc15ff81a39ae7d344fd709f28e8600b4aa8c65c6b64bfe7fe36bd19b915f905b80821061089057509091508101602001610834610824565b919260018160209254838588010152019101909291610878565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208086019190915291151560051b840190910191506108349050610824565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602260045260245ffd5b91607f1691610807565b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857602073ffffffffffffffffffffffffffffffffffffffff60085416604051908152f35b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857610a4a6109ce7f0000000000000000000000000000000000000000000000000000000000000000611842565b6109f77f0000000000000000000000000000000000000000000000000000000000000000611842565b6020610a5860405192610a0a838561140f565b5f84525f3681376040519586957f0f00000000000000000000000000000000000000000000000000000000000000875260e08588015260e0870190611377565b908582036040870152611377565b4660608501523060808501525f60a085015283810360c08501528180845192838152019301915f5b828110610a8f57505050500390f35b835185528695509381019392810192600101610a80565b346101f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85773ffffffffffffffffffffffffffffffffffffffff610af26113ba565b165f526007602052602060405f2054604051908152f35b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8573373ffffffffffffffffffffffffffffffffffffffff6009541603610be7577fffffffffffffffffffffffff000000000000000000000000000000000000000060095416600955600854337fffffffffffffffffffffffff000000000000000000000000000000000000000082161760085573ffffffffffffffffffffffffffffffffffffffff3391167f8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e05f80a3005b7f118cdaa7000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857610606610c4d6113ba565b610c55611400565b90610c5e6114cd565b611747565b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857610c996114cd565b7fffffffffffffffffffffffff0000000000000000000000000000000000000000600954166009555f73ffffffffffffffffffffffffffffffffffffffff6008547fffffffffffffffffffffffff00000000000000000000000000000000000000008116600855167f8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e08280a3005b346101f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85773ffffffffffffffffffffffffffffffffffffffff610d736113ba565b165f525f602052602060405f2054604051908152f35b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576020610dc161161e565b604051908152f35b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857602060405160ff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101f85760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f857610e5b6113ba565b610e636113dd565b6044359073ffffffffffffffffffffffffffffffffffffffff831692835f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260405f20547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8110610edf575b506106a893506114ee565b838110610f84578415610f58573315610f2c576106a8945f52600160205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f526020528360405f209103905584610ed4565b7f94280d62000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b7fe602df05000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b83907ffb8f41b2000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85760043533156111065760ff60095460a01c16806110ff575b806110ef575b6110c357335f525f6020528060405f205481811061109157335f525f6020520360405f205580600254036002555f6040518281527fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60203392a3604051908152602435907f3be2edea458ae9d9dd885a96aa23c988b15277ec0f613d273e6fcc4a27e610ff60203392a3005b7fe450d38c000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b7fc74f99ae000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b506110f95f61147d565b15611005565b505f610fff565b7f96c6fd1e000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576020600254604051908152f35b346101f85760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576004358015158091036101f85760207f342c2ff60d13df85077ff8c605ae08e54808cc3ef276f9b4f0c4da42e652acb1916111d56114cd565b6009547fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff74ff00000000000000000000000000000000000000008360a01b16911617600955604051908152a1005b346101f85760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576106a861125d6113ba565b60243590336117c5565b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f8576040515f6003548060011c90600181168015611336575b6020831081146108ec578285529081156108aa57506001146112d857610848836108348185038261140f565b91905060035f527fc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b915f905b80821061131c57509091508101602001610834610824565b919260018160209254838588010152019101909291611304565b91607f16916112ac565b346101f8575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101f85780601860209252f35b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff821682036101f857565b6024359073ffffffffffffffffffffffffffffffffffffffff821682036101f857565b6024359081151582036101f857565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761145057604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b73ffffffffffffffffffffffffffffffffffffffff16805f52600a60205260ff60405f2054169081156114ae575090565b905073ffffffffffffffffffffffffffffffffffffffff600854161490565b73ffffffffffffffffffffffffffffffffffffffff600854163303610be757565b73ffffffffffffffffffffffffffffffffffffffff90929192169081156111065773ffffffffffffffffffffffffffffffffffffffff83169283156103aa5760ff60095460a01c169081611615575b81611604575b506115d857815f525f60205260405f20548181106115a657817fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef92602092855f525f84520360405f2055845f525f825260405f20818154019055604051908152a3565b827fe450d38c000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b827fc74f99ae000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b61160e915061147d565b155f611543565b6001915061153d565b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001630148061171e575b15611686577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a0815261171860c08261140f565b51902090565b507f0000000000000000000000000000000000000000000000000000000000000000461461165d565b602073ffffffffffffffffffffffffffffffffffffffff7fb429428054f62919e5879c8dc9ff6a5194621f4771f6f687581fe00d91193dd0921692835f52600a825260405f20901515907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0081541660ff8316179055604051908152a2565b73ffffffffffffffffffffffffffffffffffffffff16908115610f585773ffffffffffffffffffffffffffffffffffffffff16918215610f2c5760207f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b92591835f526001825260405f20855f5282528060405f2055604051908152a3565b60ff811690601f8211611871576040519161185e60408461140f565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411611928579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa1561191d575f5173ffffffffffffffffffffffffffffffffffffffff81161561191357905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f9160039190565b60048110156119de5780611945575050565b60018103611975577ff645eedf000000000000000000000000000000000000000000000000000000005f5260045ffd5b600281036119a957507ffce698f7000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6003146119b35750565b7fd78bce0c000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd",
}

// LoyaltyPoints is an auto generated Go binding around an Ethereum contract.
type LoyaltyPoints struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *LoyaltyPoints) GetABI() abi.ABI {
	return c.abi
}

// NewLoyaltyPoints creates a new instance of LoyaltyPoints.
func NewLoyaltyPoints() *LoyaltyPoints {
	parsed, err := LoyaltyPointsMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &LoyaltyPoints{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *LoyaltyPoints) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(string name_, string symbol_, uint8 decimals_, address issuer, bool membersOnly_) returns()
func (loyaltyPoints *LoyaltyPoints) PackConstructor(name_ string, symbol_ string, decimals_ uint8, issuer common.Address, membersOnly_ bool) []byte {
	enc, err := loyaltyPoints.abi.Pack("", name_, symbol_, decimals_, issuer, membersOnly_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (loyaltyPoints *LoyaltyPoints) PackDOMAINSEPARATOR() []byte {
	enc, err := loyaltyPoints.abi.Pack("DOMAIN_SEPARATOR")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (loyaltyPoints *LoyaltyPoints) TryPackDOMAINSEPARATOR() ([]byte, error) {
	return loyaltyPoints.abi.Pack("DOMAIN_SEPARATOR")
}

// UnpackDOMAINSEPARATOR is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3644e515.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (loyaltyPoints *LoyaltyPoints) UnpackDOMAINSEPARATOR(data []byte) ([32]byte, error) {
	out, err := loyaltyPoints.abi.Unpack("DOMAIN_SEPARATOR", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackMAXDECIMALS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0417cf8e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_DECIMALS() view returns(uint8)
func (loyaltyPoints *LoyaltyPoints) PackMAXDECIMALS() []byte {
	enc, err := loyaltyPoints.abi.Pack("MAX_DECIMALS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXDECIMALS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0417cf8e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_DECIMALS() view returns(uint8)
func (loyaltyPoints *LoyaltyPoints) TryPackMAXDECIMALS() ([]byte, error) {
	return loyaltyPoints.abi.Pack("MAX_DECIMALS")
}

// UnpackMAXDECIMALS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0417cf8e.
//
// Solidity: function MAX_DECIMALS() view returns(uint8)
func (loyaltyPoints *LoyaltyPoints) UnpackMAXDECIMALS(data []byte) (uint8, error) {
	out, err := loyaltyPoints.abi.Unpack("MAX_DECIMALS", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackAcceptOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x79ba5097.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function acceptOwnership() returns()
func (loyaltyPoints *LoyaltyPoints) PackAcceptOwnership() []byte {
	enc, err := loyaltyPoints.abi.Pack("acceptOwnership")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAcceptOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x79ba5097.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function acceptOwnership() returns()
func (loyaltyPoints *LoyaltyPoints) TryPackAcceptOwnership() ([]byte, error) {
	return loyaltyPoints.abi.Pack("acceptOwnership")
}

// PackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) PackAllowance(owner common.Address, spender common.Address) []byte {
	enc, err := loyaltyPoints.abi.Pack("allowance", owner, spender)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) TryPackAllowance(owner common.Address, spender common.Address) ([]byte, error) {
	return loyaltyPoints.abi.Pack("allowance", owner, spender)
}

// UnpackAllowance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd62ed3e.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) UnpackAllowance(data []byte) (*big.Int, error) {
	out, err := loyaltyPoints.abi.Unpack("allowance", data)
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
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) PackApprove(spender common.Address, value *big.Int) []byte {
	enc, err := loyaltyPoints.abi.Pack("approve", spender, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) TryPackApprove(spender common.Address, value *big.Int) ([]byte, error) {
	return loyaltyPoints.abi.Pack("approve", spender, value)
}

// UnpackApprove is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x095ea7b3.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) UnpackApprove(data []byte) (bool, error) {
	out, err := loyaltyPoints.abi.Unpack("approve", data)
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
// Solidity: function balanceOf(address account) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) PackBalanceOf(account common.Address) []byte {
	enc, err := loyaltyPoints.abi.Pack("balanceOf", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) TryPackBalanceOf(account common.Address) ([]byte, error) {
	return loyaltyPoints.abi.Pack("balanceOf", account)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := loyaltyPoints.abi.Unpack("balanceOf", data)
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
func (loyaltyPoints *LoyaltyPoints) PackDecimals() []byte {
	enc, err := loyaltyPoints.abi.Pack("decimals")
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
func (loyaltyPoints *LoyaltyPoints) TryPackDecimals() ([]byte, error) {
	return loyaltyPoints.abi.Pack("decimals")
}

// UnpackDecimals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x313ce567.
//
// Solidity: function decimals() view returns(uint8)
func (loyaltyPoints *LoyaltyPoints) UnpackDecimals(data []byte) (uint8, error) {
	out, err := loyaltyPoints.abi.Unpack("decimals", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackPointsDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (loyaltyPoints *LoyaltyPoints) PackPointsDomain() []byte {
	enc, err := loyaltyPoints.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPointsDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (loyaltyPoints *LoyaltyPoints) TryPackPointsDomain() ([]byte, error) {
	return loyaltyPoints.abi.Pack("eip712Domain")
}

// PointsDomainOutput serves as a container for the return parameters of contract
// method PointsDomain.
type PointsDomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackPointsDomain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (loyaltyPoints *LoyaltyPoints) UnpackPointsDomain(data []byte) (PointsDomainOutput, error) {
	out, err := loyaltyPoints.abi.Unpack("eip712Domain", data)
	outstruct := new(PointsDomainOutput)
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

// PackIsMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa230c524.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isMember(address who) view returns(bool)
func (loyaltyPoints *LoyaltyPoints) PackIsMember(who common.Address) []byte {
	enc, err := loyaltyPoints.abi.Pack("isMember", who)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa230c524.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isMember(address who) view returns(bool)
func (loyaltyPoints *LoyaltyPoints) TryPackIsMember(who common.Address) ([]byte, error) {
	return loyaltyPoints.abi.Pack("isMember", who)
}

// UnpackIsMember is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa230c524.
//
// Solidity: function isMember(address who) view returns(bool)
func (loyaltyPoints *LoyaltyPoints) UnpackIsMember(data []byte) (bool, error) {
	out, err := loyaltyPoints.abi.Unpack("isMember", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackIssue is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xea3f068d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function issue(address to, uint256 amount, bytes32 ref) returns()
func (loyaltyPoints *LoyaltyPoints) PackIssue(to common.Address, amount *big.Int, ref [32]byte) []byte {
	enc, err := loyaltyPoints.abi.Pack("issue", to, amount, ref)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIssue is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xea3f068d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function issue(address to, uint256 amount, bytes32 ref) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackIssue(to common.Address, amount *big.Int, ref [32]byte) ([]byte, error) {
	return loyaltyPoints.abi.Pack("issue", to, amount, ref)
}

// PackMembersOnly is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf16fcb49.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function membersOnly() view returns(bool)
func (loyaltyPoints *LoyaltyPoints) PackMembersOnly() []byte {
	enc, err := loyaltyPoints.abi.Pack("membersOnly")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMembersOnly is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf16fcb49.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function membersOnly() view returns(bool)
func (loyaltyPoints *LoyaltyPoints) TryPackMembersOnly() ([]byte, error) {
	return loyaltyPoints.abi.Pack("membersOnly")
}

// UnpackMembersOnly is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf16fcb49.
//
// Solidity: function membersOnly() view returns(bool)
func (loyaltyPoints *LoyaltyPoints) UnpackMembersOnly(data []byte) (bool, error) {
	out, err := loyaltyPoints.abi.Unpack("membersOnly", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (loyaltyPoints *LoyaltyPoints) PackName() []byte {
	enc, err := loyaltyPoints.abi.Pack("name")
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
func (loyaltyPoints *LoyaltyPoints) TryPackName() ([]byte, error) {
	return loyaltyPoints.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (loyaltyPoints *LoyaltyPoints) UnpackName(data []byte) (string, error) {
	out, err := loyaltyPoints.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) PackNonces(owner common.Address) []byte {
	enc, err := loyaltyPoints.abi.Pack("nonces", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) TryPackNonces(owner common.Address) ([]byte, error) {
	return loyaltyPoints.abi.Pack("nonces", owner)
}

// UnpackNonces is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7ecebe00.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) UnpackNonces(data []byte) (*big.Int, error) {
	out, err := loyaltyPoints.abi.Unpack("nonces", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8da5cb5b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) PackOwner() []byte {
	enc, err := loyaltyPoints.abi.Pack("owner")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8da5cb5b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) TryPackOwner() ([]byte, error) {
	return loyaltyPoints.abi.Pack("owner")
}

// UnpackOwner is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8da5cb5b.
//
// Solidity: function owner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) UnpackOwner(data []byte) (common.Address, error) {
	out, err := loyaltyPoints.abi.Unpack("owner", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPendingOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe30c3978.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function pendingOwner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) PackPendingOwner() []byte {
	enc, err := loyaltyPoints.abi.Pack("pendingOwner")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPendingOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe30c3978.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function pendingOwner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) TryPackPendingOwner() ([]byte, error) {
	return loyaltyPoints.abi.Pack("pendingOwner")
}

// UnpackPendingOwner is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe30c3978.
//
// Solidity: function pendingOwner() view returns(address)
func (loyaltyPoints *LoyaltyPoints) UnpackPendingOwner(data []byte) (common.Address, error) {
	out, err := loyaltyPoints.abi.Unpack("pendingOwner", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (loyaltyPoints *LoyaltyPoints) PackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) []byte {
	enc, err := loyaltyPoints.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) ([]byte, error) {
	return loyaltyPoints.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
}

// PackRedeem is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22e4e61d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function redeem(uint256 amount, bytes32 ref) returns()
func (loyaltyPoints *LoyaltyPoints) PackRedeem(amount *big.Int, ref [32]byte) []byte {
	enc, err := loyaltyPoints.abi.Pack("redeem", amount, ref)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRedeem is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22e4e61d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function redeem(uint256 amount, bytes32 ref) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackRedeem(amount *big.Int, ref [32]byte) ([]byte, error) {
	return loyaltyPoints.abi.Pack("redeem", amount, ref)
}

// PackRenounceOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x715018a6.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function renounceOwnership() returns()
func (loyaltyPoints *LoyaltyPoints) PackRenounceOwnership() []byte {
	enc, err := loyaltyPoints.abi.Pack("renounceOwnership")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRenounceOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x715018a6.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function renounceOwnership() returns()
func (loyaltyPoints *LoyaltyPoints) TryPackRenounceOwnership() ([]byte, error) {
	return loyaltyPoints.abi.Pack("renounceOwnership")
}

// PackSetMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x744cd69c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setMember(address who, bool isMember_) returns()
func (loyaltyPoints *LoyaltyPoints) PackSetMember(who common.Address, isMember bool) []byte {
	enc, err := loyaltyPoints.abi.Pack("setMember", who, isMember)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetMember is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x744cd69c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setMember(address who, bool isMember_) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackSetMember(who common.Address, isMember bool) ([]byte, error) {
	return loyaltyPoints.abi.Pack("setMember", who, isMember)
}

// PackSetMembers is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96b411a5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setMembers(address[] who, bool isMember_) returns()
func (loyaltyPoints *LoyaltyPoints) PackSetMembers(who []common.Address, isMember bool) []byte {
	enc, err := loyaltyPoints.abi.Pack("setMembers", who, isMember)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetMembers is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96b411a5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setMembers(address[] who, bool isMember_) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackSetMembers(who []common.Address, isMember bool) ([]byte, error) {
	return loyaltyPoints.abi.Pack("setMembers", who, isMember)
}

// PackSetMembersOnly is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x10b861f1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setMembersOnly(bool on) returns()
func (loyaltyPoints *LoyaltyPoints) PackSetMembersOnly(on bool) []byte {
	enc, err := loyaltyPoints.abi.Pack("setMembersOnly", on)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetMembersOnly is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x10b861f1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setMembersOnly(bool on) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackSetMembersOnly(on bool) ([]byte, error) {
	return loyaltyPoints.abi.Pack("setMembersOnly", on)
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (loyaltyPoints *LoyaltyPoints) PackSymbol() []byte {
	enc, err := loyaltyPoints.abi.Pack("symbol")
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
func (loyaltyPoints *LoyaltyPoints) TryPackSymbol() ([]byte, error) {
	return loyaltyPoints.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (loyaltyPoints *LoyaltyPoints) UnpackSymbol(data []byte) (string, error) {
	out, err := loyaltyPoints.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function totalSupply() view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) PackTotalSupply() []byte {
	enc, err := loyaltyPoints.abi.Pack("totalSupply")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function totalSupply() view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) TryPackTotalSupply() ([]byte, error) {
	return loyaltyPoints.abi.Pack("totalSupply")
}

// UnpackTotalSupply is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x18160ddd.
//
// Solidity: function totalSupply() view returns(uint256)
func (loyaltyPoints *LoyaltyPoints) UnpackTotalSupply(data []byte) (*big.Int, error) {
	out, err := loyaltyPoints.abi.Unpack("totalSupply", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) PackTransfer(to common.Address, value *big.Int) []byte {
	enc, err := loyaltyPoints.abi.Pack("transfer", to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) TryPackTransfer(to common.Address, value *big.Int) ([]byte, error) {
	return loyaltyPoints.abi.Pack("transfer", to, value)
}

// UnpackTransfer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa9059cbb.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) UnpackTransfer(data []byte) (bool, error) {
	out, err := loyaltyPoints.abi.Unpack("transfer", data)
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
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) PackTransferFrom(from common.Address, to common.Address, value *big.Int) []byte {
	enc, err := loyaltyPoints.abi.Pack("transferFrom", from, to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) TryPackTransferFrom(from common.Address, to common.Address, value *big.Int) ([]byte, error) {
	return loyaltyPoints.abi.Pack("transferFrom", from, to, value)
}

// UnpackTransferFrom is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x23b872dd.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (loyaltyPoints *LoyaltyPoints) UnpackTransferFrom(data []byte) (bool, error) {
	out, err := loyaltyPoints.abi.Unpack("transferFrom", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackTransferOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf2fde38b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferOwnership(address newOwner) returns()
func (loyaltyPoints *LoyaltyPoints) PackTransferOwnership(newOwner common.Address) []byte {
	enc, err := loyaltyPoints.abi.Pack("transferOwnership", newOwner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferOwnership is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf2fde38b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferOwnership(address newOwner) returns()
func (loyaltyPoints *LoyaltyPoints) TryPackTransferOwnership(newOwner common.Address) ([]byte, error) {
	return loyaltyPoints.abi.Pack("transferOwnership", newOwner)
}

// LoyaltyPointsApproval represents a Approval event raised by the LoyaltyPoints contract.
type LoyaltyPointsApproval struct {
	Owner   common.Address
	Spender common.Address
	Value   *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsApproval) ContractEventName() string {
	return LoyaltyPointsApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed spender, uint256 value)
func (loyaltyPoints *LoyaltyPoints) UnpackApprovalEvent(log *types.Log) (*LoyaltyPointsApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsApproval)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsEIP712DomainChanged represents a EIP712DomainChanged event raised by the LoyaltyPoints contract.
type LoyaltyPointsEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsEIP712DomainChanged) ContractEventName() string {
	return LoyaltyPointsEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (loyaltyPoints *LoyaltyPoints) UnpackEIP712DomainChangedEvent(log *types.Log) (*LoyaltyPointsEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsIssued represents a Issued event raised by the LoyaltyPoints contract.
type LoyaltyPointsIssued struct {
	To     common.Address
	Amount *big.Int
	Ref    [32]byte
	Raw    *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsIssuedEventName = "Issued"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsIssued) ContractEventName() string {
	return LoyaltyPointsIssuedEventName
}

// UnpackIssuedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Issued(address indexed to, uint256 amount, bytes32 indexed ref)
func (loyaltyPoints *LoyaltyPoints) UnpackIssuedEvent(log *types.Log) (*LoyaltyPointsIssued, error) {
	event := "Issued"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsIssued)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsMember represents a Member event raised by the LoyaltyPoints contract.
type LoyaltyPointsMember struct {
	Who      common.Address
	IsMember bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsMemberEventName = "Member"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsMember) ContractEventName() string {
	return LoyaltyPointsMemberEventName
}

// UnpackMemberEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Member(address indexed who, bool isMember)
func (loyaltyPoints *LoyaltyPoints) UnpackMemberEvent(log *types.Log) (*LoyaltyPointsMember, error) {
	event := "Member"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsMember)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsMembersOnly represents a MembersOnly event raised by the LoyaltyPoints contract.
type LoyaltyPointsMembersOnly struct {
	On  bool
	Raw *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsMembersOnlyEventName = "MembersOnly"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsMembersOnly) ContractEventName() string {
	return LoyaltyPointsMembersOnlyEventName
}

// UnpackMembersOnlyEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MembersOnly(bool on)
func (loyaltyPoints *LoyaltyPoints) UnpackMembersOnlyEvent(log *types.Log) (*LoyaltyPointsMembersOnly, error) {
	event := "MembersOnly"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsMembersOnly)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsOwnershipTransferStarted represents a OwnershipTransferStarted event raised by the LoyaltyPoints contract.
type LoyaltyPointsOwnershipTransferStarted struct {
	PreviousOwner common.Address
	NewOwner      common.Address
	Raw           *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsOwnershipTransferStartedEventName = "OwnershipTransferStarted"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsOwnershipTransferStarted) ContractEventName() string {
	return LoyaltyPointsOwnershipTransferStartedEventName
}

// UnpackOwnershipTransferStartedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)
func (loyaltyPoints *LoyaltyPoints) UnpackOwnershipTransferStartedEvent(log *types.Log) (*LoyaltyPointsOwnershipTransferStarted, error) {
	event := "OwnershipTransferStarted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsOwnershipTransferStarted)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsOwnershipTransferred represents a OwnershipTransferred event raised by the LoyaltyPoints contract.
type LoyaltyPointsOwnershipTransferred struct {
	PreviousOwner common.Address
	NewOwner      common.Address
	Raw           *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsOwnershipTransferredEventName = "OwnershipTransferred"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsOwnershipTransferred) ContractEventName() string {
	return LoyaltyPointsOwnershipTransferredEventName
}

// UnpackOwnershipTransferredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)
func (loyaltyPoints *LoyaltyPoints) UnpackOwnershipTransferredEvent(log *types.Log) (*LoyaltyPointsOwnershipTransferred, error) {
	event := "OwnershipTransferred"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsOwnershipTransferred)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsRedeemed represents a Redeemed event raised by the LoyaltyPoints contract.
type LoyaltyPointsRedeemed struct {
	Holder common.Address
	Amount *big.Int
	Ref    [32]byte
	Raw    *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsRedeemedEventName = "Redeemed"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsRedeemed) ContractEventName() string {
	return LoyaltyPointsRedeemedEventName
}

// UnpackRedeemedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Redeemed(address indexed holder, uint256 amount, bytes32 indexed ref)
func (loyaltyPoints *LoyaltyPoints) UnpackRedeemedEvent(log *types.Log) (*LoyaltyPointsRedeemed, error) {
	event := "Redeemed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsRedeemed)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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

// LoyaltyPointsTransfer represents a Transfer event raised by the LoyaltyPoints contract.
type LoyaltyPointsTransfer struct {
	From  common.Address
	To    common.Address
	Value *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const LoyaltyPointsTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (LoyaltyPointsTransfer) ContractEventName() string {
	return LoyaltyPointsTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 value)
func (loyaltyPoints *LoyaltyPoints) UnpackTransferEvent(log *types.Log) (*LoyaltyPointsTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != loyaltyPoints.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(LoyaltyPointsTransfer)
	if len(log.Data) > 0 {
		if err := loyaltyPoints.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range loyaltyPoints.abi.Events[event].Inputs {
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
func (loyaltyPoints *LoyaltyPoints) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ECDSAInvalidSignature"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackECDSAInvalidSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ECDSAInvalidSignatureLength"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackECDSAInvalidSignatureLengthError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ECDSAInvalidSignatureS"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackECDSAInvalidSignatureSError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InsufficientAllowance"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InsufficientAllowanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InsufficientBalance"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InsufficientBalanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InvalidApprover"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InvalidApproverError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InvalidReceiver"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InvalidSender"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InvalidSenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC20InvalidSpender"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC20InvalidSpenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC2612ExpiredSignature"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC2612ExpiredSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["ERC2612InvalidSigner"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackERC2612InvalidSignerError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["InvalidAccountNonce"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackInvalidAccountNonceError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["NotAMember"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackNotAMemberError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["OwnableInvalidOwner"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackOwnableInvalidOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["OwnableUnauthorizedAccount"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackOwnableUnauthorizedAccountError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackStringTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], loyaltyPoints.abi.Errors["TooManyDecimals"].ID.Bytes()[:4]) {
		return loyaltyPoints.UnpackTooManyDecimalsError(raw[4:])
	}
	return nil, errors.New("binding: unknown error")
}

// LoyaltyPointsECDSAInvalidSignature represents a ECDSAInvalidSignature error raised by the LoyaltyPoints contract.
type LoyaltyPointsECDSAInvalidSignature struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignature()
func LoyaltyPointsECDSAInvalidSignatureErrorID() common.Hash {
	return common.HexToHash("0xf645eedf0193584640b6b90cb9477e4c95b98636c148a891d4c0a146dc46e75a")
}

// UnpackECDSAInvalidSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignature()
func (loyaltyPoints *LoyaltyPoints) UnpackECDSAInvalidSignatureError(raw []byte) (*LoyaltyPointsECDSAInvalidSignature, error) {
	out := new(LoyaltyPointsECDSAInvalidSignature)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ECDSAInvalidSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsECDSAInvalidSignatureLength represents a ECDSAInvalidSignatureLength error raised by the LoyaltyPoints contract.
type LoyaltyPointsECDSAInvalidSignatureLength struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func LoyaltyPointsECDSAInvalidSignatureLengthErrorID() common.Hash {
	return common.HexToHash("0xfce698f7e8e5342cd615f641317bc45fe7e1e4a8b0a14dd1383ff8dc9c41917f")
}

// UnpackECDSAInvalidSignatureLengthError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func (loyaltyPoints *LoyaltyPoints) UnpackECDSAInvalidSignatureLengthError(raw []byte) (*LoyaltyPointsECDSAInvalidSignatureLength, error) {
	out := new(LoyaltyPointsECDSAInvalidSignatureLength)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureLength", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsECDSAInvalidSignatureS represents a ECDSAInvalidSignatureS error raised by the LoyaltyPoints contract.
type LoyaltyPointsECDSAInvalidSignatureS struct {
	S [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func LoyaltyPointsECDSAInvalidSignatureSErrorID() common.Hash {
	return common.HexToHash("0xd78bce0cccb935155ed6428d1c13e50b7f3550fd2b66b9fe266006fea4a5e1eb")
}

// UnpackECDSAInvalidSignatureSError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func (loyaltyPoints *LoyaltyPoints) UnpackECDSAInvalidSignatureSError(raw []byte) (*LoyaltyPointsECDSAInvalidSignatureS, error) {
	out := new(LoyaltyPointsECDSAInvalidSignatureS)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureS", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InsufficientAllowance represents a ERC20InsufficientAllowance error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InsufficientAllowance struct {
	Spender   common.Address
	Allowance *big.Int
	Needed    *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func LoyaltyPointsERC20InsufficientAllowanceErrorID() common.Hash {
	return common.HexToHash("0xfb8f41b23e99d2101d86da76cdfa87dd51c82ed07d3cb62cbc473e469dbc75c3")
}

// UnpackERC20InsufficientAllowanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InsufficientAllowanceError(raw []byte) (*LoyaltyPointsERC20InsufficientAllowance, error) {
	out := new(LoyaltyPointsERC20InsufficientAllowance)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InsufficientAllowance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InsufficientBalance represents a ERC20InsufficientBalance error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InsufficientBalance struct {
	Sender  common.Address
	Balance *big.Int
	Needed  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func LoyaltyPointsERC20InsufficientBalanceErrorID() common.Hash {
	return common.HexToHash("0xe450d38cd8d9f7d95077d567d60ed49c7254716e6ad08fc9872816c97e0ffec6")
}

// UnpackERC20InsufficientBalanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InsufficientBalanceError(raw []byte) (*LoyaltyPointsERC20InsufficientBalance, error) {
	out := new(LoyaltyPointsERC20InsufficientBalance)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InsufficientBalance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InvalidApprover represents a ERC20InvalidApprover error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InvalidApprover struct {
	Approver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidApprover(address approver)
func LoyaltyPointsERC20InvalidApproverErrorID() common.Hash {
	return common.HexToHash("0xe602df05cc75712490294c6c104ab7c17f4030363910a7a2626411c6d3118847")
}

// UnpackERC20InvalidApproverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidApprover(address approver)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InvalidApproverError(raw []byte) (*LoyaltyPointsERC20InvalidApprover, error) {
	out := new(LoyaltyPointsERC20InvalidApprover)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InvalidApprover", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InvalidReceiver represents a ERC20InvalidReceiver error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func LoyaltyPointsERC20InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0xec442f055133b72f3b2f9f0bb351c406b178527de2040a7d1feb4e058771f613")
}

// UnpackERC20InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InvalidReceiverError(raw []byte) (*LoyaltyPointsERC20InvalidReceiver, error) {
	out := new(LoyaltyPointsERC20InvalidReceiver)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InvalidSender represents a ERC20InvalidSender error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InvalidSender struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSender(address sender)
func LoyaltyPointsERC20InvalidSenderErrorID() common.Hash {
	return common.HexToHash("0x96c6fd1edd0cd6ef7ff0ecc0facdf53148dc0048b57fe58af65755250a7a96bd")
}

// UnpackERC20InvalidSenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSender(address sender)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InvalidSenderError(raw []byte) (*LoyaltyPointsERC20InvalidSender, error) {
	out := new(LoyaltyPointsERC20InvalidSender)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InvalidSender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC20InvalidSpender represents a ERC20InvalidSpender error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC20InvalidSpender struct {
	Spender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSpender(address spender)
func LoyaltyPointsERC20InvalidSpenderErrorID() common.Hash {
	return common.HexToHash("0x94280d62c347d8d9f4d59a76ea321452406db88df38e0c9da304f58b57b373a2")
}

// UnpackERC20InvalidSpenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSpender(address spender)
func (loyaltyPoints *LoyaltyPoints) UnpackERC20InvalidSpenderError(raw []byte) (*LoyaltyPointsERC20InvalidSpender, error) {
	out := new(LoyaltyPointsERC20InvalidSpender)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC20InvalidSpender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC2612ExpiredSignature represents a ERC2612ExpiredSignature error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC2612ExpiredSignature struct {
	Deadline *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func LoyaltyPointsERC2612ExpiredSignatureErrorID() common.Hash {
	return common.HexToHash("0x627913023c184eaad13735d5a3d2657ae76ec9a872a70e0fc57522ef1a114d58")
}

// UnpackERC2612ExpiredSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func (loyaltyPoints *LoyaltyPoints) UnpackERC2612ExpiredSignatureError(raw []byte) (*LoyaltyPointsERC2612ExpiredSignature, error) {
	out := new(LoyaltyPointsERC2612ExpiredSignature)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC2612ExpiredSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsERC2612InvalidSigner represents a ERC2612InvalidSigner error raised by the LoyaltyPoints contract.
type LoyaltyPointsERC2612InvalidSigner struct {
	Signer common.Address
	Owner  common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func LoyaltyPointsERC2612InvalidSignerErrorID() common.Hash {
	return common.HexToHash("0x4b800e463b323b1d856edf9dec70329a639d13874a57f5c28219ff57128756db")
}

// UnpackERC2612InvalidSignerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func (loyaltyPoints *LoyaltyPoints) UnpackERC2612InvalidSignerError(raw []byte) (*LoyaltyPointsERC2612InvalidSigner, error) {
	out := new(LoyaltyPointsERC2612InvalidSigner)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "ERC2612InvalidSigner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsInvalidAccountNonce represents a InvalidAccountNonce error raised by the LoyaltyPoints contract.
type LoyaltyPointsInvalidAccountNonce struct {
	Account      common.Address
	CurrentNonce *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func LoyaltyPointsInvalidAccountNonceErrorID() common.Hash {
	return common.HexToHash("0x752d88c0de02638abf10e8e31861e4c68dc1f3a1e7d840e580683f2c282bfc7a")
}

// UnpackInvalidAccountNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func (loyaltyPoints *LoyaltyPoints) UnpackInvalidAccountNonceError(raw []byte) (*LoyaltyPointsInvalidAccountNonce, error) {
	out := new(LoyaltyPointsInvalidAccountNonce)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "InvalidAccountNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsInvalidShortString represents a InvalidShortString error raised by the LoyaltyPoints contract.
type LoyaltyPointsInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func LoyaltyPointsInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (loyaltyPoints *LoyaltyPoints) UnpackInvalidShortStringError(raw []byte) (*LoyaltyPointsInvalidShortString, error) {
	out := new(LoyaltyPointsInvalidShortString)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsNotAMember represents a NotAMember error raised by the LoyaltyPoints contract.
type LoyaltyPointsNotAMember struct {
	Who common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAMember(address who)
func LoyaltyPointsNotAMemberErrorID() common.Hash {
	return common.HexToHash("0xc74f99ae608608fe36f55415de276becb198d973e61a153582b23d7478cbe28e")
}

// UnpackNotAMemberError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAMember(address who)
func (loyaltyPoints *LoyaltyPoints) UnpackNotAMemberError(raw []byte) (*LoyaltyPointsNotAMember, error) {
	out := new(LoyaltyPointsNotAMember)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "NotAMember", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsOwnableInvalidOwner represents a OwnableInvalidOwner error raised by the LoyaltyPoints contract.
type LoyaltyPointsOwnableInvalidOwner struct {
	Owner common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OwnableInvalidOwner(address owner)
func LoyaltyPointsOwnableInvalidOwnerErrorID() common.Hash {
	return common.HexToHash("0x1e4fbdf7f3ef8bcaa855599e3abf48b232380f183f08f6f813d9ffa5bd585188")
}

// UnpackOwnableInvalidOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OwnableInvalidOwner(address owner)
func (loyaltyPoints *LoyaltyPoints) UnpackOwnableInvalidOwnerError(raw []byte) (*LoyaltyPointsOwnableInvalidOwner, error) {
	out := new(LoyaltyPointsOwnableInvalidOwner)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "OwnableInvalidOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsOwnableUnauthorizedAccount represents a OwnableUnauthorizedAccount error raised by the LoyaltyPoints contract.
type LoyaltyPointsOwnableUnauthorizedAccount struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OwnableUnauthorizedAccount(address account)
func LoyaltyPointsOwnableUnauthorizedAccountErrorID() common.Hash {
	return common.HexToHash("0x118cdaa7a341953d1887a2245fd6665d741c67c8c50581daa59e1d03373fa188")
}

// UnpackOwnableUnauthorizedAccountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OwnableUnauthorizedAccount(address account)
func (loyaltyPoints *LoyaltyPoints) UnpackOwnableUnauthorizedAccountError(raw []byte) (*LoyaltyPointsOwnableUnauthorizedAccount, error) {
	out := new(LoyaltyPointsOwnableUnauthorizedAccount)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "OwnableUnauthorizedAccount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsStringTooLong represents a StringTooLong error raised by the LoyaltyPoints contract.
type LoyaltyPointsStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func LoyaltyPointsStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (loyaltyPoints *LoyaltyPoints) UnpackStringTooLongError(raw []byte) (*LoyaltyPointsStringTooLong, error) {
	out := new(LoyaltyPointsStringTooLong)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// LoyaltyPointsTooManyDecimals represents a TooManyDecimals error raised by the LoyaltyPoints contract.
type LoyaltyPointsTooManyDecimals struct {
	Decimals uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooManyDecimals(uint8 decimals)
func LoyaltyPointsTooManyDecimalsErrorID() common.Hash {
	return common.HexToHash("0xef372c885459b2fb1769901f2a4ea43f87a5288854e1d8e02c46a826b1afa97b")
}

// UnpackTooManyDecimalsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooManyDecimals(uint8 decimals)
func (loyaltyPoints *LoyaltyPoints) UnpackTooManyDecimalsError(raw []byte) (*LoyaltyPointsTooManyDecimals, error) {
	out := new(LoyaltyPointsTooManyDecimals)
	if err := loyaltyPoints.abi.UnpackIntoInterface(out, "TooManyDecimals", raw); err != nil {
		return nil, err
	}
	return out, nil
}
