// Package rpcserver serves lnrpc over gRPC: it lets in who may call, turns messages into
// calls of node.API and answers back, as lnd's clients expect them. It holds no state of
// the node.
package rpcserver
