package peer

import (
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestPingIsAnswered(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	require.NoError(t, raw.send(lnwire.NewPing(lnwire.MaxPongBytes)))
	require.Len(t, raw.next(t).(*lnwire.Pong).PongBytes, lnwire.MaxPongBytes)
}

// CLN pads its traffic with pings that ask for no answer (BOLT 1: 65532 bytes and more).
func TestPaddingPingIsIgnored(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	require.NoError(t, raw.send(lnwire.NewPing(65532)))
	require.NoError(t, raw.send(lnwire.NewPing(65535)))
	require.NoError(t, raw.send(lnwire.NewPing(3)))
	require.Len(t, raw.next(t).(*lnwire.Pong).PongBytes, 3)
}

func TestPingFloodGetsFewAnswers(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	for range 1000 {
		require.NoError(t, raw.Write(encoded(t, lnwire.NewPing(1))))
	}
	require.NoError(t, raw.Write(encoded(t, numbered(1))))
	require.NoError(t, raw.Flush())
	n.expect(t, "message") // all pings are dealt with

	n.clock.Advance(time.Second)
	require.NoError(t, raw.send(lnwire.NewPing(2)))
	answers := 0
	for len(raw.next(t).(*lnwire.Pong).PongBytes) != 2 {
		answers++
	}
	require.LessOrEqual(t, answers, maxPingsAtOnce)
}

func TestPongsWaitingAreBounded(t *testing.T) {
	out := newOutbox(1000, 1000)
	for range 100 {
		out.putPong(lnwire.MaxPongBytes)
	}
	require.Len(t, out.pongs, maxPongs)
}

func TestSilentPeerIsPingedThenDropped(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)

	n.clock.Advance(n.cfg.Limits.PingAfter + n.cfg.Limits.PongLimit/2)
	ping := raw.next(t).(*lnwire.Ping)
	require.NoError(t, raw.send(lnwire.NewPong(make([]byte, ping.NumPongBytes))))
	require.NoError(t, raw.send(numbered(1)))
	p := n.expect(t, "message").peer
	require.Positive(t, p.Stats().PingRoundTrip)
	n.settle(t, p)

	n.clock.Advance(n.cfg.Limits.PingAfter + n.cfg.Limits.PongLimit/2)
	require.IsType(t, &lnwire.Ping{}, raw.next(t))
	require.Empty(t, n.events)
	n.clock.Advance(n.cfg.Limits.PongLimit)
	require.ErrorIs(t, n.expect(t, "down").err, ErrSilent)
}

func TestBusyHandlerIsNotTakenForSilence(t *testing.T) {
	entered, release := make(chan struct{}, 1), make(chan struct{})
	n := newNode(t, func(n *node, _ *Config) {
		n.block = func(e event) {
			if e.kind == "message" {
				signal(entered)
				<-release
			}
		}
	}).listen(t)
	raw := n.dialUp(t)
	require.NoError(t, raw.send(numbered(1)))
	receive(t, entered)
	n.clock.Advance(time.Hour)
	close(release)
	require.NoError(t, raw.send(numbered(2)))
	n.expect(t, "message")
	n.expect(t, "message")
	require.Empty(t, n.events)
}
