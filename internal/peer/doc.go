// Package peer keeps authenticated, encrypted connections to other nodes (BOLT 8)
// and pumps their messages (BOLT 1) to and from a Handler. Everything a stranger
// can make it hold is bounded: connections, handshakes, bytes queued either way.
package peer
