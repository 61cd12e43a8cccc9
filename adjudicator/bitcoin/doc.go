// Package bitcoin judges what spends a bitcoin channel's funding output, and makes the
// transactions that take what is ours: BOLT 5 for option_static_remotekey and
// option_anchors (zero-fee HTLC transactions). It is pure: it does no I/O, starts nothing,
// reads no clock and keeps nothing.
//
// Three questions, one after the other:
//
//   - Classify: which state is it? (classify.go; revoked.go for those of the past)
//   - Spent.Claims: which outputs are ours, by which path, from and until which height?
//     (claims.go) Spent.Follow: what did a transaction that spends one of them change? (follow.go)
//   - Plan and Build: which claims go together, and the signed transaction for them.
//     (plan.go, build.go)
//
// record.go is what must be kept of each HTLC for as long as a state that held it can turn
// up; history.go says when to write it.
//
// Heights: a claim that "matures" at a height may be in the block of that height, not
// before. A "deadline" is the first block that may hold somebody else's spend, so ours
// must be in a block below it.
package bitcoin
