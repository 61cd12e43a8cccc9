// Package chain is the node's view of the bitcoin chain: its tip, confirmations and spends that
// survive reorganisations, funding outputs by position, fees, and publishing.
//
// A Follower keeps watches over a Source, which answers plain questions about blocks: btcd over
// JSON-RPC (NewBtcd), bitcoind (package bitcoind), a light client (package neutrino), whose Filters
// spare most blocks, or a scripted chain in memory (package chaintest). The follower asks for the
// tip at an interval and walks from the tip it knew to the new one, block by block, so a source
// that was away for a while is caught up with like one that was not, and no answer that fails is
// taken for an answer: it is asked again. Only this package knows how a confirmation is found;
// whether the output that confirmed is the right one is for its callers to check.
package chain
