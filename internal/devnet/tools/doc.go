// Package tools finds or builds the programs that the interop scenarios and the
// benchmark run: lnd at a pinned version in its own module, btcd, and this module's nwnd.
package tools
