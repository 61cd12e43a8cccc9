// Package chainrpc is the part of the API that tells of blocks.
package chainrpc
