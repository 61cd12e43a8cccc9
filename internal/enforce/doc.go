// Package enforce carries out on chain what adjudicator/bitcoin decides, for every channel
// whose funding output was spent or must be: BOLT 5.
//
// A Court follows each such channel: which commitment is on chain, what has become of its
// outputs, what that means for the HTLCs behind them, and when all of it is final. It keeps
// no money itself: what is to be taken it hands to the Sweeper, as Wants, at every block.
//
// A Sweeper turns Wants into transactions: together where that is cheaper, apart where
// somebody may take one output from under the others, dearer as a deadline comes near,
// again at every block until they confirm.
package enforce
