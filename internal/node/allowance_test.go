package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// Both roles announce as many HTLCs as a channel's fee allowance bears, and take no rate that it doesn't.
func TestTheFeeAllowanceIsAnnouncedAndHeldTo(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	o, _ := mallory.propose(mallory.terms(1_000_000))
	require.EqualValues(t, 54, o.Params().Terms[htlc.Remote].MaxAccepted)

	_, msg, err := htlc.Propose(mallory.terms(1_000_000))
	require.NoError(t, err)
	msg.FeePerKiloWeight = 9_542 // with 54 HTLCs the fee is 100,011 sat
	mallory.send(msg)
	require.Contains(t, mallory.refused(), "allowance")

	result := bob.openTo(mallory, 300_000)
	require.EqualValues(t, 13, expect[*lnwire.OpenChannel](mallory).MaxAcceptedHTLCs)
	mallory.disconnect()
	require.Error(t, (<-result).err)
}
