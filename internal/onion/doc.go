// Package onion builds, peels and fails the onions of BOLT 4: the 1366 bytes
// that tell each node of a route what to do with an HTLC, and the encrypted
// reason that travels back when one of them refuses. It is pure: no clock, no
// disk, no replay log (ReplayKey names an onion, so that its mark can be a
// fact in the same append as the HTLC).
package onion
