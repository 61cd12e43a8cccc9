// Package feeurl takes fee rates from a web service instead of the chain source: lnd's fee.url.
//
// A Source wraps any chain.Source and answers EstimateFee itself. It asks the service in the
// background, at random intervals, and keeps the last answer for a bounded time; nobody who needs a
// rate waits for the network but at the very start. What the service doesn't know, the wrapped source is
// asked, and what that doesn't know either is 0, "unknown": never a rate.
package feeurl
