// Package oracle holds package htlc against two others that must agree with it: a naive
// ledger, which knows nothing but messages, balances and a map of HTLCs, and lnd's own
// channel. All of it is tests; random schedules are made from a seed that is printed.
package oracle
