// Package contract sees channels in an adjudicator contract of an EVM chain through: what
// adjudicator/evm decides is carried out here. It is internal/enforce's Court for a chain that keeps
// channels itself: there are no outputs to sweep, only calls to make in time.
//
// At every head each channel is judged anew from what its events say then: those that are final,
// folded once and stored, and those of newer blocks, which a reorganisation may undo and which are
// folded again each time. A preimage is used at once, wherever it is seen; that an HTLC has none only
// when that is final.
package contract
