// Package tor connects to peers through Tor's SOCKS5 proxy and makes the node reachable as
// an onion service. The control port's protocol is lnd's library.
//
// What must never happen is a leak: with a proxy every host name goes to it unresolved, and
// without one an onion address is refused before any name server could hear of it.
package tor
