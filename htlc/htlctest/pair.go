package htlctest

import (
	"crypto/sha256"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// Config says how a pair of channels is made.
type Config struct {
	Format   htlc.Format
	Params   htlc.Params // of the opener; ids, keys and openers are filled in
	Unopened bool        // leave out FundingConfirmed and channel_ready
}

// Default is a channel of a bitcoin whose sides have half each, at 1000 sat/kw.
func Default() Config {
	terms := htlc.Terms{
		DustLimit: 354, Reserve: 10_000, HTLCMinimum: 1,
		MaxInFlight: 100_000_000_000, MaxAccepted: htlc.MaxHTLCs, ToSelfDelay: 144,
	}
	return Config{Format: Format{}, Params: htlc.Params{
		Capacity: 100_000_000, Pushed: 50_000_000_000, FeeRate: 1000, MinDepth: 1,
		MaxDust: 1_000_000_000, Terms: [2]htlc.Terms{terms, terms},
	}}
}

// NewPair makes the two ends of a channel; the first opened it. They are connected and,
// unless the config says otherwise, open.
func NewPair(cfg Config) ([2]*htlc.Channel, [2]*Signer, error) {
	signers := [2]*Signer{NewSigner("opener"), NewSigner("acceptor")}
	ours := params(cfg.Params, signers)
	views := [2]*htlc.Params{ours, mirror(ours)}
	var channels [2]*htlc.Channel
	for i := range channels {
		c, err := htlc.New(views[i], cfg.Format, signers[i], signers[1-i].Point(0), nil)
		if err != nil {
			return channels, signers, err
		}
		if !cfg.Unopened {
			scid := lnwire.ShortChannelID{BlockHeight: 100, TxIndex: 1}
			if c, _, err = c.StepAll([]htlc.Input{
				htlc.FundingConfirmed{SCID: scid},
				htlc.Recv{Msg: &lnwire.ChannelReady{
					ChanID:                 ours.ID,
					NextPerCommitmentPoint: signers[1-i].Point(1),
				}},
			}); err != nil {
				return channels, signers, err
			}
		}
		channels[i] = c
	}
	return channels, signers, nil
}

// params fills in what the signers decide.
func params(p htlc.Params, signers [2]*Signer) *htlc.Params {
	p.Opener = htlc.Local
	p.Outpoint = wire.OutPoint{Hash: sha256.Sum256([]byte("funding"))}
	p.ID = lnwire.NewChanIDFromOutPoint(p.Outpoint)
	for side, s := range signers {
		t := &p.Terms[side]
		t.Funding, t.Revocation = s.Key("funding"), s.Key("revocation")
		t.Payment, t.Delayed, t.HTLC = s.Key("payment"), s.Key("delayed"), s.Key("htlc")
	}
	return &p
}

// mirror is the same channel seen from the other side.
func mirror(p *htlc.Params) *htlc.Params {
	q := *p
	q.Opener = p.Opener.Other()
	q.Terms[htlc.Local], q.Terms[htlc.Remote] = p.Terms[htlc.Remote], p.Terms[htlc.Local]
	return &q
}
