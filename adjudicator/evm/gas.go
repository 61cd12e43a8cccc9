package evm

// Limits of gas for calls that must be sent before the chain can tell what they cost. They are about
// twice what was measured (docs: make gas), and what isn't used isn't paid. The price of calldata since
// EIP-7623, up to 40 gas a byte, is most of what a lock or a claim costs.
const (
	closeGas      = 150_000
	closeLockGas  = 3_500
	resolveGas    = 120_000
	resolveOfGas  = 3_500 // a lock of the array
	resolveOneGas = 3_500 // a claim
)

// CloseGas is enough for a close with so many locks.
func CloseGas(locks int) uint64 { return closeGas + closeLockGas*uint64(locks) }

// ResolveGas is enough for a call of resolve with so many claims on an array of so many locks.
func ResolveGas(locks, claims int) uint64 {
	return resolveGas + resolveOfGas*uint64(locks) + resolveOneGas*uint64(claims)
}

// settleGas is about what settle costs with two payments in tokens.
const settleGas = 120_000

// ReserveGas is what it takes to see a channel with so many HTLCs through: to close, to claim and to be paid.
func ReserveGas(locks int) uint64 {
	return CloseGas(locks) + ResolveGas(locks, locks) + settleGas
}
