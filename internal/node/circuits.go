package node

import (
	"sync"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// incomingKey names an incoming HTLC: the channel it came by and its id there.
type incomingKey = htlc.Ref

// circuit joins an incoming HTLC to the outgoing one made for it. The outgoing HTLC's
// Ref is the durable form of it; this is an index over all channels, rebuilt at start.
type circuit struct {
	out    lnwire.ChannelID
	outID  uint64
	placed bool                // the outgoing channel has taken it; out and outID are known
	secret *[32]byte           // shared secret of the incoming onion; nil after a restart
	amount lnwire.MilliSatoshi // of the incoming HTLC; 0 after a restart
}

// circuits is the map of what is being forwarded. Its size is bounded by the HTLC limits
// of the channels, since an entry lives no longer than its outgoing HTLC.
type circuits struct {
	mu sync.Mutex
	m  map[incomingKey]circuit
}

func newCircuits() *circuits { return &circuits{m: make(map[incomingKey]circuit)} }

// open records that an incoming HTLC is being forwarded; false if it is already.
func (c *circuits) open(in incomingKey, secret [32]byte, amount lnwire.MilliSatoshi) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.m[in]; ok {
		return false
	}
	c.m[in] = circuit{secret: &secret, amount: amount}
	return true
}

// place records which outgoing HTLC carries it.
func (c *circuits) place(in incomingKey, out lnwire.ChannelID, id uint64) circuit {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.m[in]
	e.out, e.outID, e.placed = out, id, true
	c.m[in] = e
	return e
}

// close drops it; the outcome is durable in the incoming channel.
func (c *circuits) close(in incomingKey) (circuit, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[in]
	delete(c.m, in)
	return e, ok
}

func (c *circuits) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.m)
}
