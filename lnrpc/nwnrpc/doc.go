// Package nwnrpc is the part of the API that lnd doesn't have. Its proto package is its own, so that
// no client of lnd's meets it by accident.
package nwnrpc
