package node

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/peer"
)

// A peer that tells prices nobody asked for doesn't fill the log.
func TestPriceThatNobodyAskedForIsPassedBy(t *testing.T) {
	var log bytes.Buffer
	n := &Node{log: slog.New(slog.NewTextHandler(&log, nil))}
	p, odd := new(peer.Peer), &lnwire.Custom{Type: msgPrice, Data: []byte{0xff}}
	require.True(t, n.receivePrice(p, odd))
	require.Empty(t, log.String())

	answer, err := n.prices.wait(p.ID())
	require.NoError(t, err)
	require.True(t, n.receivePrice(p, odd))
	require.Zero(t, <-answer)
	require.Contains(t, log.String(), "can't be used")
	n.prices.leave(p.ID(), answer)
	require.Empty(t, n.prices.waiting)
}
