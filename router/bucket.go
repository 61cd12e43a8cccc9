package router

// bucket is a token bucket in two words. The zero value is full.
type bucket struct {
	used float32 // tokens taken and not yet grown back
	at   uint32  // unix time of used
}

// rate of a bucket: burst tokens at most, perSecond grow back.
type rate struct {
	burst     float32
	perSecond float32
}

// take takes n tokens if they are there.
func (b *bucket) take(r rate, n float32, now uint32) bool {
	if now > b.at {
		b.used = max(0, b.used-float32(now-b.at)*r.perSecond)
		b.at = now
	}
	if b.used+n > r.burst {
		return false
	}
	b.used += n
	return true
}

// updateRate is what one direction of a channel may say: one update a minute, ten
// at once (as lnd).
var updateRate = rate{burst: 10, perSecond: 1.0 / 60}

// budgets are the buckets of peers, bounded: peers beyond the limit share one.
type budgets struct {
	rate  rate
	max   int
	peers map[Node]*bucket
	rest  bucket
}

func (b *budgets) take(peer Node, n float32, now uint32) bool {
	p, ok := b.peers[peer]
	if !ok {
		p = &b.rest
		if len(b.peers) < b.max {
			p = new(bucket)
			b.peers[peer] = p
		}
	}
	return p.take(b.rate, n, now)
}
