package binding

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy) creates a
// contract by CREATE2 from calldata of salt (32) and init code; it returns the 20 bytes of its address.
// Most chains have it. Where it is missing, ProxyTransaction makes it, if the chain takes transactions
// without a chain id (EIP-155) and the gas price of 100 gwei, and after ProxyDeployer was sent
// ProxyCost. A chain that takes none of that gets the contract by an ordinary creation, at an address
// that depends on the sender.
var (
	Proxy         = common.HexToAddress("0x4e59b44847b379578588920cA78FbF26c0B4956C")
	ProxyDeployer = common.HexToAddress("0x3fab184622dc19b6109349b94811493bf45362a3")
	// ProxyCode is what is at Proxy, once it is there.
	ProxyCode = hexutil.MustDecode("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3")
	// ProxyTransaction is the signed transaction whose sender nobody has the key of.
	ProxyTransaction = hexutil.MustDecode("0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222")
)

// ProxyCost is the wei that ProxyTransaction spends: 100,000 gas at 100 gwei.
const ProxyCost = 100_000 * 100_000_000_000

// Deployment gives the adjudicator's init code, and the address that it gets through Proxy on every
// chain. To deploy, send DeploymentCalldata to Proxy.
func Deployment(salt [32]byte) (initCode []byte, address common.Address) {
	initCode = common.FromHex(AdjudicatorMetaData.Bin)
	return initCode, crypto.CreateAddress2(Proxy, salt, crypto.Keccak256(initCode))
}

// DeploymentCalldata is what Proxy is called with.
func DeploymentCalldata(salt [32]byte) []byte {
	initCode, _ := Deployment(salt)
	return append(salt[:], initCode...)
}
