// Package router knows the network: who has channels with whom and at what price
// (Graph), which gossip about it to believe and pass on (Gossip), how to reach a
// node (Graph.FindRoute) and what earlier payments taught about it (History).
//
// It is pure: no sockets, no files, no goroutines and no clock; time is passed in
// and every chain question is handed back to the caller (FundingCheck). It never
// asks which chain it is on: an asset is the 32-byte chain_hash of BOLT 7, a
// channel is (chain_hash, short_channel_id), and every amount is in thousandths of
// that asset's unit.
//
// The caller's duties, in order:
//
//  1. Hand every gossip message of a peer to Gossip.Receive and do what the
//     returned error's Reaction says.
//  2. When Receive returns a FundingCheck, look the output up on its chain, then
//     call Gossip.Confirm or Gossip.Reject. Nothing is believed before that.
//  3. Send a peer that sent gossip_timestamp_filter what Gossip.Backlog and then
//     Gossip.Fresh return, one bounded chunk whenever the peer's queue has room.
//  4. Call Gossip.Prune now and then, and Graph.RemoveChannel for what was spent.
package router
