package htlc

// state is where an HTLC is in its life, named by the last wire event that moved it:
// first the ten states of one that we offer, then their mirror for one that the peer
// offers. A fee update lives through the add half of its offerer's states.
type state uint8

const (
	noState state = iota

	sentAddHTLC
	sentAddCommit
	rcvdAddRevocation
	rcvdAddAckCommit
	sentAddAckRevocation // irrevocably committed
	rcvdRemoveHTLC
	rcvdRemoveCommit
	sentRemoveRevocation
	sentRemoveAckCommit
	rcvdRemoveAckRevocation // irrevocably removed

	rcvdAddHTLC
	rcvdAddCommit
	sentAddRevocation
	sentAddAckCommit
	rcvdAddAckRevocation // irrevocably committed
	sentRemoveHTLC
	sentRemoveCommit
	rcvdRemoveRevocation
	rcvdRemoveAckCommit
	sentRemoveAckRevocation // irrevocably removed

	numStates
)

// event is one of the four messages that move HTLCs.
type event uint8

const (
	noEvent event = iota
	sendCommit
	recvRevoke
	recvCommit
	sendRevoke
	numEvents
)

// next is the life of every HTLC: an update goes into the commitment of the side that
// did not send it, is acknowledged by that side's revocation, then goes into the
// sender's own commitment (BOLT 2, "Normal Operation"). A state that is absent under an
// event is not an error: the event passes that HTLC by.
var next = [numEvents][numStates]state{
	sendCommit: {
		sentAddHTLC:          sentAddCommit,
		sentRemoveRevocation: sentRemoveAckCommit,
		sentAddRevocation:    sentAddAckCommit,
		sentRemoveHTLC:       sentRemoveCommit,
	},
	recvRevoke: {
		sentAddCommit:       rcvdAddRevocation,
		sentRemoveAckCommit: rcvdRemoveAckRevocation,
		sentAddAckCommit:    rcvdAddAckRevocation,
		sentRemoveCommit:    rcvdRemoveRevocation,
	},
	recvCommit: {
		rcvdAddRevocation:    rcvdAddAckCommit,
		rcvdRemoveHTLC:       rcvdRemoveCommit,
		rcvdAddHTLC:          rcvdAddCommit,
		rcvdRemoveRevocation: rcvdRemoveAckCommit,
	},
	sendRevoke: {
		rcvdAddAckCommit:    sentAddAckRevocation,
		rcvdRemoveCommit:    sentRemoveRevocation,
		rcvdAddCommit:       sentAddRevocation,
		rcvdRemoveAckCommit: sentRemoveAckRevocation,
	},
}

// phase is what an HTLC is to one commitment.
type phase uint8

const (
	outside phase = iota // not in it yet, or settled in the balances
	inside               // an HTLC of it
	removed              // no longer in it; a fulfilled one's amount is the receiver's
)

// view says for every state which phase it has in some commitment.
type view [numStates]phase

// latest is each side's newest signed commitment.
var latest = [2]view{
	Local: {
		rcvdAddAckCommit:     inside,
		sentAddAckRevocation: inside,
		rcvdRemoveHTLC:       inside,
		rcvdRemoveCommit:     removed,
		sentRemoveRevocation: removed,
		sentRemoveAckCommit:  removed,

		rcvdAddCommit:        inside,
		sentAddRevocation:    inside,
		sentAddAckCommit:     inside,
		rcvdAddAckRevocation: inside,
		sentRemoveHTLC:       inside,
		sentRemoveCommit:     inside,
		rcvdRemoveRevocation: inside,
		rcvdRemoveAckCommit:  removed,
	},
	Remote: {
		sentAddCommit:        inside,
		rcvdAddRevocation:    inside,
		rcvdAddAckCommit:     inside,
		sentAddAckRevocation: inside,
		rcvdRemoveHTLC:       inside,
		rcvdRemoveCommit:     inside,
		sentRemoveRevocation: inside,
		sentRemoveAckCommit:  removed,

		sentAddAckCommit:     inside,
		rcvdAddAckRevocation: inside,
		sentRemoveHTLC:       inside,
		sentRemoveCommit:     removed,
		rcvdRemoveRevocation: removed,
		rcvdRemoveAckCommit:  removed,
	},
}

// coming is each side's commitment as its next signature would make it: the peer's after
// we sent commitment_signed, ours after we received one.
var coming = [2]view{
	Local:  latest[Local].after(recvCommit),
	Remote: latest[Remote].after(sendCommit),
}

// previous is the peer's commitment before our unacknowledged commitment_signed.
var previous = latest[Remote].with(view{
	sentAddCommit: outside, sentAddAckCommit: outside,
	sentRemoveCommit: inside, sentRemoveAckCommit: inside,
}, sentAddCommit, sentAddAckCommit, sentRemoveCommit, sentRemoveAckCommit)

// settled is either side's commitment once every update known today is in it.
var settled = view{
	sentAddHTLC:          inside,
	sentAddCommit:        inside,
	rcvdAddRevocation:    inside,
	rcvdAddAckCommit:     inside,
	sentAddAckRevocation: inside,
	rcvdRemoveHTLC:       removed,
	rcvdRemoveCommit:     removed,
	sentRemoveRevocation: removed,
	sentRemoveAckCommit:  removed,

	rcvdAddHTLC:          inside,
	rcvdAddCommit:        inside,
	sentAddRevocation:    inside,
	sentAddAckCommit:     inside,
	rcvdAddAckRevocation: inside,
	sentRemoveHTLC:       removed,
	sentRemoveCommit:     removed,
	rcvdRemoveRevocation: removed,
	rcvdRemoveAckCommit:  removed,
}

// after is the view of the commitment once every HTLC has seen the event.
func (v view) after(ev event) view {
	var out view
	for s := range v {
		out[s] = v[step(ev, state(s))]
	}
	return out
}

// with replaces some states' phases.
func (v view) with(by view, states ...state) view {
	for _, s := range states {
		v[s] = by[s]
	}
	return v
}

// step is the state after an event.
func step(ev event, s state) state {
	if n := next[ev][s]; n != noState {
		return n
	}
	return s
}

// dead reports whether an HTLC is out of both commitments for good.
func (s state) dead() bool { return s == rcvdRemoveAckRevocation || s == sentRemoveAckRevocation }

// committed is the state of an irrevocably committed HTLC (or fee) of that offerer.
func committed(offerer Side) state {
	if offerer == Local {
		return sentAddAckRevocation
	}
	return rcvdAddAckRevocation
}

// proposed is the state of a new HTLC (or fee) of that offerer.
func proposed(offerer Side) state {
	if offerer == Local {
		return sentAddHTLC
	}
	return rcvdAddHTLC
}

// removing is the state of an HTLC of that offerer whose removal was just proposed.
func removing(offerer Side) state {
	if offerer == Local {
		return rcvdRemoveHTLC
	}
	return sentRemoveHTLC
}

var htlcStateNames = [numStates]string{
	"", "SENT_ADD_HTLC", "SENT_ADD_COMMIT", "RCVD_ADD_REVOCATION", "RCVD_ADD_ACK_COMMIT",
	"SENT_ADD_ACK_REVOCATION", "RCVD_REMOVE_HTLC", "RCVD_REMOVE_COMMIT",
	"SENT_REMOVE_REVOCATION", "SENT_REMOVE_ACK_COMMIT", "RCVD_REMOVE_ACK_REVOCATION",
	"RCVD_ADD_HTLC", "RCVD_ADD_COMMIT", "SENT_ADD_REVOCATION", "SENT_ADD_ACK_COMMIT",
	"RCVD_ADD_ACK_REVOCATION", "SENT_REMOVE_HTLC", "SENT_REMOVE_COMMIT",
	"RCVD_REMOVE_REVOCATION", "RCVD_REMOVE_ACK_COMMIT", "SENT_REMOVE_ACK_REVOCATION",
}

// String is the state's name as Core Lightning's listpeers has it.
func (s state) String() string {
	if s < numStates {
		return htlcStateNames[s]
	}
	return "unknown"
}
