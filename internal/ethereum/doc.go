// Package ethereum follows an EVM chain over JSON-RPC and gets calls of contracts into its
// blocks: several endpoints that are compared and take over from each other, logs without gaps,
// a rule of its own for what is final, accounts whose nonces and fees it keeps.
//
// Nothing in it knows channels. Who follows decides anew at each head from what is final and
// what is not (Update), and says which calls should be in the next blocks (Sender.Want).
package ethereum
