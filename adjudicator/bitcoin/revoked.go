package bitcoin

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// other tries what isn't a newest commitment: one that the peer revoked, an old one of
// ours, or one that was made after what we know of. A commitment of ours and one of the
// peer's may have the same number, and their anchors are the same; the other outputs
// tell which it is, since their scripts have keys of this very state.
func (s *Spent) other(n uint64) error {
	if s.ch.Point != nil {
		mine := *s
		mine.Ending, mine.Number, mine.holder = adjudicator.LocalOther, n, htlc.Local
		mine.point = s.ch.Point(n)
		mine.keys = bolt3.DeriveKeys(s.ch.Params, htlc.Local, mine.point)
		if mine.match(nil) {
			*s = mine
			return nil
		}
	}
	oldest, newest, err := s.ch.remoteRange()
	if err != nil {
		return err
	}
	theirs := *s
	theirs.Number, theirs.holder = n, htlc.Remote
	switch {
	case s.ch.restored():
		theirs.Ending = adjudicator.RemoteNewer
		theirs.match(nil)
		if len(theirs.Outputs) == 0 { // not even an anchor
			return nil
		}
	case n < oldest:
		theirs.Ending = adjudicator.Revoked
		if err := theirs.revealed(); err != nil {
			return err
		}
		records, err := s.ch.Records(n)
		if err != nil {
			return fmt.Errorf("adjudicator: records of the peer's commitment %d: %w", n, err)
		}
		if !theirs.match(records) {
			return nil
		}
	case n > newest:
		theirs.Ending = adjudicator.RemoteNewer
		if !theirs.match(nil) {
			return nil
		}
	default:
		return nil // it has the number of one that we know, and is another: never signed by us
	}
	*s = theirs
	return nil
}

// revealed derives the keys of a commitment whose secret the peer gave.
func (s *Spent) revealed() error {
	var err error
	if s.secret, err = s.ch.Secret(s.Number); err != nil {
		return fmt.Errorf("adjudicator: secret of the peer's commitment %d: %w", s.Number, err)
	}
	_, s.point = btcec.PrivKeyFromBytes(s.secret[:])
	s.keys = bolt3.DeriveKeys(s.ch.Params, htlc.Remote, s.point)
	return nil
}

// remoteRange are the numbers of the peer's commitments that it may publish.
func (ch *Channel) remoteRange() (oldest, newest uint64, err error) {
	switch {
	case ch.restored():
		return 0, 0, nil
	case len(ch.Remote) == 0:
		return 0, 0, fmt.Errorf("%w: no commitment of the peer is known", ErrChannel)
	}
	return ch.Remote[0].Number, ch.Remote[len(ch.Remote)-1].Number, nil
}

// match finds the transaction's outputs among the scripts that its state can have. It
// reports whether one of them, the anchors not counted, is recognised.
func (s *Spent) match(records []Record) bool {
	want := make(map[string][]Output)
	put := func(script []byte, o Output) {
		o.Script = script
		pk := string(bolt3.PayToScript(script))
		want[pk] = append(want[pk], o)
	}
	t := &s.ch.Params.Terms
	put(bolt3.ToRemoteScript(t[s.holder.Other()].Payment), Output{Kind: bolt3.ToRemote})
	put(bolt3.AnchorScript(t[s.holder].Funding), Output{Kind: bolt3.LocalAnchor})
	put(bolt3.AnchorScript(t[s.holder.Other()].Funding), Output{Kind: bolt3.RemoteAnchor})
	if s.keys != nil {
		put(s.delayed(), Output{Kind: bolt3.ToLocal})
		for _, r := range records {
			if r.covers(s.Number) {
				put(bolt3.HTLCScript(s.keys, r.Offerer == s.holder, r.Hash160, r.Expiry),
					Output{Kind: bolt3.HTLC, HTLC: r.HTLC})
			}
		}
	}
	known := false
	for i, out := range s.Tx.TxOut {
		pk := string(out.PkScript)
		if len(want[pk]) == 0 {
			s.Others++
			continue
		}
		o := want[pk][0]
		want[pk] = want[pk][1:]
		o.Index, o.Value = uint32(i), htlc.Sat(out.Value)
		s.Outputs = append(s.Outputs, o)
		known = known || o.Kind != bolt3.LocalAnchor && o.Kind != bolt3.RemoteAnchor
	}
	return known
}

// delayed is the script of the holder's to_local, and of its HTLC transactions' outputs.
func (s *Spent) delayed() []byte {
	return bolt3.DelayedScript(s.keys.Revocation, s.keys.Delayed, s.keys.ToSelfDelay)
}
