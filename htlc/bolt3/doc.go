// Package bolt3 writes a channel's commitments as bitcoin transactions, as BOLT 3 has
// them with option_static_remotekey and option_anchors (zero-fee HTLC transactions).
//
// Format implements htlc.Format. The digests of a commitment are computed without making
// its transactions; Build makes the same transactions for whoever must broadcast or
// watch for them.
package bolt3
