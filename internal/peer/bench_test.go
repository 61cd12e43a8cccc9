package peer

import (
	"context"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
)

// counter is a handler that tells when as many messages came as it waits for.
type counter struct {
	left int
	done chan struct{}
}

func (c *counter) PeerUp(*Peer)          {}
func (c *counter) PeerDown(*Peer, error) {}
func (c *counter) PeerMessage(*Peer, lnwire.Message) {
	if c.left--; c.left == 0 {
		close(c.done)
	}
}

// One way over loopback, encoding to decoding.
func BenchmarkMessages(b *testing.B) {
	add := &lnwire.UpdateAddHTLC{Amount: 10_000_000, Expiry: 800_000}
	revoke := &lnwire.RevokeAndAck{NextRevocationKey: randomKey(b).PubKey()}
	for name, msg := range map[string]lnwire.Message{"add": add, "revoke": revoke} {
		b.Run(name, func(b *testing.B) {
			count := &counter{left: b.N, done: make(chan struct{})}
			to := newNode(b, func(_ *node, cfg *Config) { cfg.Handler = count }).listen(b)
			from := newNode(b, func(_ *node, cfg *Config) { cfg.Limits.SendQueue = 1 << 40 })
			p, err := from.Connect(context.Background(), to.key.PubKey(), to.addr, false)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if err := p.Send(msg); err != nil {
					b.Fatal(err)
				}
			}
			<-count.done
		})
	}
}
