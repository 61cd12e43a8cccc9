package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

func hash(b [32]byte) chainhash.Hash { return b }

// owed reports whether an update waits for our signature on the peer's commitment.
func (c *Channel) owed() bool {
	for _, list := range c.htlcs {
		for i := range list {
			if next[sendCommit][list[i].state] != noState {
				return true
			}
		}
	}
	for _, f := range c.fees {
		if next[sendCommit][f.state] != noState {
			return true
		}
	}
	return c.moves.unsigned()
}

// sign sends commitment_signed if one is owed and none is unacknowledged.
func (s *stepper) sign() error {
	c := s.c
	if c.conn.link != up || c.unacked || c.remoteNext == nil || !c.State().updating() ||
		!c.owed() {
		return nil
	}
	com, err := c.nextRemote()
	if err != nil {
		return err
	}
	msg, err := c.commitSig(com)
	if err != nil {
		return err
	}
	f := &sentFact{moved: c.unsignedMoves(Local)}
	for _, e := range c.htlcs[Local] {
		if e.state == sentAddHTLC {
			f.adds = append(f.adds, e.HTLC)
		}
	}
	if last := c.fees[len(c.fees)-1]; last.state == sentAddHTLC {
		f.fee = &last.rate
	}
	if err := s.record(f); err != nil {
		return err
	}
	s.send(msg)
	s.eff.Signed = com
	return nil
}

// commitSig signs a commitment of the peer's.
func (c *Channel) commitSig(com *Commitment) (*lnwire.CommitSig, error) {
	digests, err := c.format.Digests(c.params, com)
	if err != nil {
		return nil, err
	}
	sigs, err := c.signer.Sign(digests)
	if err != nil {
		return nil, err
	}
	return &lnwire.CommitSig{ChanID: c.params.ID, CommitSig: sigs[0], HtlcSigs: sigs[1:]}, nil
}

// recvCommit checks the peer's signatures on our next commitment and revokes the one we
// have (BOLT 2, commitment_signed).
func (s *stepper) recvCommit(msg *lnwire.CommitSig) error {
	c := s.c
	com, err := c.nextLocal()
	if err != nil {
		return &PeerError{Reaction: FailChannel, Err: err}
	}
	digests, err := c.format.Digests(c.params, com)
	if err != nil {
		return fail("local commitment %d can't be made: %w", com.Number, err)
	}
	if have, want := len(msg.HtlcSigs), len(digests)-1; have != want {
		return fail("commitment_signed %d has %d HTLC signatures, needs %d",
			com.Number, have, want)
	}
	sigs := append([]lnwire.Sig{msg.CommitSig}, msg.HtlcSigs...)
	if err := c.signer.Verify(digests, sigs); err != nil {
		return fail("commitment_signed %d (%d sat/kw, local %d msat, remote %d msat, "+
			"%d HTLCs): %w", com.Number, com.FeeRate, com.Balance[Local],
			com.Balance[Remote], len(com.HTLCs), err)
	}
	if err := s.record(s.received(sigs)); err != nil {
		return err
	}
	s.send(s.c.revocation())
	return nil
}

// received gathers what the peer's signature makes durable.
func (s *stepper) received(sigs []lnwire.Sig) *receivedFact {
	f := &receivedFact{sigs: sigs, moved: s.c.unsignedMoves(Remote)}
	for _, e := range s.c.htlcs[Remote] {
		if e.state == rcvdAddHTLC {
			f.adds = append(f.adds, arrival{e.HTLC, e.overDust})
		}
	}
	for _, e := range s.c.htlcs[Local] {
		if e.state != rcvdRemoveHTLC {
			continue
		}
		r := removal{id: e.ID}
		if !e.fulfilled() {
			r.out = e.out
		}
		f.removals = append(f.removals, r)
	}
	if last := s.c.fees[len(s.c.fees)-1]; last.state == rcvdAddHTLC {
		f.fee = &last.rate
	}
	return f
}

// revocation is the revoke_and_ack for the commitment before our newest.
func (c *Channel) revocation() *lnwire.RevokeAndAck {
	return &lnwire.RevokeAndAck{
		ChanID:            c.params.ID,
		Revocation:        c.signer.Secret(c.localNumber - 1),
		NextRevocationKey: c.signer.Point(c.localNumber + 1),
	}
}

// recvRevoke takes the secret of the peer's old commitment (BOLT 2, revoke_and_ack).
func (s *stepper) recvRevoke(msg *lnwire.RevokeAndAck) error {
	c := s.c
	if !c.unacked {
		return fail("revoke_and_ack, but commitment %d is the last we signed", c.remoteNumber)
	}
	if msg.NextRevocationKey == nil {
		return fail("revoke_and_ack without next_per_commitment_point")
	}
	_, point := btcec.PrivKeyFromBytes(msg.Revocation[:])
	if !point.IsEqual(c.remotePoint) {
		return fail("revoke_and_ack's secret is not that of commitment %d", c.remoteNumber)
	}
	secrets, secret := *c.secrets, hash(msg.Revocation)
	if err := secrets.AddNextEntry(&secret); err != nil {
		return fail("secret of commitment %d breaks the chain of secrets: %w",
			c.remoteNumber, err)
	}
	return s.record(&revokedFact{secret: msg.Revocation, next: msg.NextRevocationKey})
}
