package peer

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// dependsOn is BOLT 9's table of features that make no sense alone, as even bits.
var dependsOn = []struct{ feature, needs lnwire.FeatureBit }{
	{10, 6},  // gossip_queries_ex: gossip_queries
	{14, 8},  // payment_secret: var_onion_optin
	{16, 14}, // basic_mpp: payment_secret
	{22, 12}, // option_anchors: option_static_remotekey
	{24, 8},  // option_route_blinding: var_onion_optin
	{50, 46}, // option_zeroconf: option_scid_alias
	{60, 26}, // option_simple_close: option_shutdown_anysegwit
}

// offers says that a feature, given by its even bit, is set either way.
func offers(features *lnwire.RawFeatureVector, even lnwire.FeatureBit) bool {
	return features.IsSet(even) || features.IsSet(even|1)
}

// CheckFeatures says why two nodes can't talk: one of them requires what the
// other doesn't offer, or the peer offers something without what it rests on
// (BOLT 1, "The init Message"; BOLT 9).
func CheckFeatures(ours, theirs *lnwire.RawFeatureVector) error {
	if bit, ok := firstMissing(theirs, ours); ok {
		return fmt.Errorf("peer: peer requires feature %s, which we don't have",
			featureName(bit))
	}
	if bit, ok := firstMissing(ours, theirs); ok {
		return fmt.Errorf("peer: peer lacks feature %s, which we require",
			featureName(bit))
	}
	for _, d := range dependsOn {
		if offers(theirs, d.feature) && !offers(theirs, d.needs) {
			return fmt.Errorf("peer: peer offers feature %s without %s",
				featureName(d.feature), featureName(d.needs))
		}
	}
	return nil
}

// firstMissing is the lowest even bit of want whose feature have doesn't offer.
func firstMissing(want, have *lnwire.RawFeatureVector) (lnwire.FeatureBit, bool) {
	for i := 0; i < want.SerializeSize()*8; i += 2 { // FeatureBit could wrap
		bit := lnwire.FeatureBit(i)
		if want.IsSet(bit) && !offers(have, bit) {
			return bit, true
		}
	}
	return 0, false
}

// featureName is a bit and its name, if it has one.
func featureName(bit lnwire.FeatureBit) string {
	name, ok := lnwire.Features[bit]
	if !ok {
		name = "unknown"
	}
	return fmt.Sprintf("%d (%s)", bit, name)
}
