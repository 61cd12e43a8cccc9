// Package lnrpc is the API that clients of nwnd speak: messages and services with the
// names, numbers and types of lnd's (v0.21.1), as far as nwnd answers them, and what
// both ends of it share. The .proto files are the source; gen.sh makes the rest.
package lnrpc
