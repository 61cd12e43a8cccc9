package bolt3

import "github.com/nichework/nwnd/htlc"

// BOLT 3, "Fees" and Appendix A, with option_anchors.
const (
	// CommitWeight is a commitment without HTLCs, OutputWeight each HTLC's part of it.
	CommitWeight = 1124
	OutputWeight = 172

	// AnchorValue is in satoshi, for each of two anchors. The opener pays both even when
	// one is left out.
	AnchorValue htlc.Sat = 330
)

// Fee is what the opener pays for a commitment: weight times rate, and both anchors.
func (Format) Fee(rate htlc.FeeRate, untrimmed int) htlc.Sat {
	return weightFee(rate, CommitWeight+OutputWeight*int64(untrimmed)) + 2*AnchorValue
}

func weightFee(rate htlc.FeeRate, weight int64) htlc.Sat {
	return htlc.Sat(int64(rate) * weight / 1000)
}

// Trimmed reports whether the HTLC, rounded down to satoshi, is below the dust limit. Its
// own transaction pays no fee, so the rate doesn't matter.
func (Format) Trimmed(h *htlc.HTLC, _ htlc.Side, dust htlc.Sat, _ htlc.FeeRate) bool {
	return h.Amount.ToSatoshis() < dust
}
