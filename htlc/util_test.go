package htlc_test

import (
	"crypto/sha256"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// newWorld is a world of the default channel, changed by edit.
func newWorld(t *testing.T, edit func(*htlctest.Config)) *htlctest.World {
	t.Helper()
	cfg := htlctest.Default()
	if edit != nil {
		edit(&cfg)
	}
	w, err := htlctest.NewWorld(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Err) })
	return w
}

var secret = htlc.Preimage{7}

// offer is an Add of that amount, whose preimage is secret.
func offer(amount htlc.MilliSat) htlc.Add {
	return htlc.Add{
		Amount: amount, Hash: sha256.Sum256(secret[:]), Expiry: 500,
		Onion: new([lnwire.OnionPacketSize]byte),
	}
}

// wireAdd is update_add_htlc of that amount.
func wireAdd(c *htlc.Channel, id uint64, amount htlc.MilliSat) *lnwire.UpdateAddHTLC {
	return &lnwire.UpdateAddHTLC{
		ChanID: c.ID(), ID: id, Amount: amount, PaymentHash: sha256.Sum256(secret[:]), Expiry: 500,
	}
}

// blame steps a message in that the peer must not send: nothing of it may stay.
func blame(t *testing.T, c *htlc.Channel, want htlc.Reaction, msg lnwire.Message) error {
	t.Helper()
	before, items := c.Encode(), c.HTLCs()
	next, eff, err := c.StepAll([]htlc.Input{htlc.Recv{Msg: msg}})
	require.Error(t, err)
	p := htlctest.Blame(err)
	require.NotNil(t, p, "%v", err)
	require.Equal(t, want, p.Reaction, "%v", err)
	require.Empty(t, eff)
	require.Equal(t, before, next.Encode())
	require.Equal(t, items, next.HTLCs())
	return err
}

// refused is why an Add is refused; nil if it is not.
func refused(t *testing.T, c *htlc.Channel, add htlc.Add) error {
	t.Helper()
	before := c.Encode()
	next, eff, err := c.Step(add)
	require.NoError(t, err)
	for _, r := range eff.Results {
		if r, ok := r.(htlc.Refused); ok {
			require.Equal(t, add, r.Add)
			require.Empty(t, eff.Send)
			require.Equal(t, before, next.Encode())
			return r.Err
		}
	}
	require.Len(t, eff.Send, 1)
	return nil
}

// sent are the messages of one type that a step sends.
func sent[M lnwire.Message](eff htlc.Effects) []M {
	var out []M
	for _, msg := range eff.Send {
		if m, ok := msg.(M); ok {
			out = append(out, m)
		}
	}
	return out
}

// results are the results of one type that a step has.
func results[R htlc.Result](eff htlc.Effects) []R {
	var out []R
	for _, r := range eff.Results {
		if r, ok := r.(R); ok {
			out = append(out, r)
		}
	}
	return out
}

// step steps a node outside of the world's link.
func step(t *testing.T, c *htlc.Channel, in ...htlc.Input) (*htlc.Channel, htlc.Effects) {
	t.Helper()
	next, eff, err := c.StepAll(in)
	require.NoError(t, err)
	return next, eff
}
