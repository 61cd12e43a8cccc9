package htlc

// fees are the commitment fee rates that some commitment may still use, oldest first.
// The first is irrevocable; each later one is further from being so.
type fees []feeUpdate

type feeUpdate struct {
	rate  FeeRate
	state state
}

// rate is the newest that is in a commitment.
func (f fees) rate(v *view) FeeRate {
	for i := len(f) - 1; i > 0; i-- {
		if v[f[i].state] == inside {
			return f[i].rate
		}
	}
	return f[0].rate
}

// highest is the most that any commitment may have to pay.
func (f fees) highest() FeeRate {
	var most FeeRate
	for _, u := range f {
		most = max(most, u.rate)
	}
	return most
}

// advance is the list after an event. Of two that are equally far only the newer
// counts, so that the list never outgrows the five states of an add.
func (f fees) advance(ev event) fees {
	if len(f) == 1 {
		return f
	}
	out := make(fees, 0, len(f))
	for _, u := range f {
		out = out.push(feeUpdate{u.rate, step(ev, u.state)})
	}
	return out
}

// push puts an update last, in place of one that is no further.
func (f fees) push(u feeUpdate) fees {
	if n := len(f); n > 0 && f[n-1].state == u.state {
		f = f[:n-1]
	}
	return append(f[:len(f):len(f)], u)
}

// without drops an update in that state.
func (f fees) without(s state) fees {
	if n := len(f); n > 1 && f[n-1].state == s {
		return f[:n-1]
	}
	return f
}
