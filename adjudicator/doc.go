// Package adjudicator names what every chain must do for a channel, in words that mean the
// same on all of them. What a chain does with its own transactions, or contract, is in a package
// below: adjudicator/bitcoin, adjudicator/evm.
//
// A chain must
//
//   - fund: make the funds that a channel's commitments spend, and say when they are final;
//   - watch: see whatever spends those funds, at any time, in a block that may be undone;
//   - close: pay both sides as they agreed;
//   - contest: say of a spend which state of the channel it settles, an Ending, and answer
//     one that is not the newest;
//   - resolve: take each HTLC by its preimage or by its expiry, before the other side can;
//   - punish: on a Revoked state take everything, what the cheater moved on included;
//   - settle: bring what is ours to the wallet, for less than it is worth.
//
// Deciding is pure: which state is it, what is ours, from when, until when. A Case is the
// answer for one spend. Carrying it out, with fees and reorganisations, is the shell's,
// and no part of a Case changes with time: a reorganisation makes another Case.
package adjudicator
