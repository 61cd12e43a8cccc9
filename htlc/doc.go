// Package htlc is a payment channel as a pure value: BOLT 2's update protocol over a
// ledger of two balances and a set of HTLCs, knowing nothing of sockets, disks, clocks
// or chains.
//
// A channel has one door, StepAll (Step for a single input). It takes inputs and returns
// the next channel and Effects. The driver that owns the channel has four duties:
//
//  1. One goroutine owns a channel; no other steps it.
//  2. Effects.Facts are made durable, in order, before anything else is done with the
//     Effects. A failed append stops the node; the old channel value stands.
//  3. Then Effects.Send goes to the peer and Effects.Broadcast to the chain, in order,
//     and Effects.Results to the switch.
//  4. After a crash the channel is Decode(snapshot), then Apply for each fact behind it,
//     and Pending repeats every result that the switch might not have made durable.
//
// What differs between chains is behind Format: it turns a commitment's ledger into the
// digests that are signed. Package htlc/bolt3 writes bitcoin transactions, htlc/eip712
// the commitments of an EVM adjudicator. Secrets are behind Signer. What only some formats have are
// interfaces of their own: Locator names a channel by what was agreed, Vault takes money in and pays it
// out while the channel is open (deposit.go, withdraw.go; move.go has its way into both commitments).
//
// An HTLC is identified by (channel, offerer, id), never by its hash or amount.
//
// # Where what is
//
// Three machines are kept apart. The life of an HTLC is a table (state.go): four events,
// two times ten states, and for each state which commitments it is in. A commitment is a
// fold of all HTLCs over the settled balances, seen through such a table (commitment.go;
// totals.go and limits.go ask the same of it for the limits). The channel's lifecycle is
// a function of what is durable (Channel.State), with one file for each state:
// opening.go, funding.go, open.go, shutdown.go, negotiate.go, closing.go, halted.go. What the
// chain says of an HTLC is in onchain.go.
//
// All that lasts changes in one place: a fact's apply (fact.go), which a live step and the
// replay after a crash share. What a step knows beyond the facts is what BOLT 2 has
// forgotten when a connection ends: unsigned updates of either side, and conn; and what Seen told of
// the chain. So
// replaying facts gives the channel as Disconnected leaves it, byte for byte (Encode).
//
// A step goes from step.go to the handler: add.go, remove.go and commit.go for updates and
// signatures, reestablish.go for a connection's begin and end.
package htlc
