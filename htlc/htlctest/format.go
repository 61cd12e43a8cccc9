package htlctest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// Format prices and trims as BOLT 3 does with zero-fee anchors, and signs a hash of the
// ledger. The zero value is ready to use.
type Format struct {
	// TrimByFee trims HTLCs below the cost of their second stage too, as commitments
	// without zero-fee HTLC transactions do, so that update_fee changes the dust.
	TrimByFee bool
	// OneSig has one signature cover everything, as on an EVM chain.
	OneSig bool
	// NoFees has commitments cost nothing.
	NoFees bool
}

var _ htlc.Format = Format{}

// BOLT 3's weights with anchors.
const (
	commitWeight = 1124
	htlcWeight   = 172
	anchors      = 660
	stageWeight  = 703
	closeWeight  = 672
)

// CheckExpiry wants a block height.
func (Format) CheckExpiry(expiry uint32) error {
	if expiry >= 500_000_000 {
		return fmt.Errorf("htlctest: expiry %d is a time", expiry)
	}
	return nil
}

// Fee is the commitment's, with both anchors.
func (f Format) Fee(rate htlc.FeeRate, untrimmed int) htlc.Sat {
	if f.NoFees {
		return 0
	}
	return htlc.Sat(rate)*htlc.Sat(commitWeight+htlcWeight*untrimmed)/1000 + anchors
}

// Trimmed is below the dust limit.
func (f Format) Trimmed(h *htlc.HTLC, _ htlc.Side, dust htlc.Sat, rate htlc.FeeRate) bool {
	if f.TrimByFee {
		dust += htlc.Sat(rate) * stageWeight / 1000
	}
	return h.Amount.ToSatoshis() < dust
}

// Digests hash the ledger as the opener would tell it, so that both sides agree.
func (f Format) Digests(p *htlc.Params, c *htlc.Commitment) ([]htlc.Digest, error) {
	if c.Point == nil {
		return nil, fmt.Errorf("htlctest: commitment %d without a point", c.Number)
	}
	b := append([]byte(nil), p.ID[:]...)
	b = append(b, byte(relative(p, c.Holder)))
	b = append(b, c.Point.SerializeCompressed()...)
	b = number(b, c.Number, uint64(c.FeeRate), uint64(c.Balance[p.Opener]),
		uint64(c.Balance[p.Opener.Other()]))
	b = both(b, p, c.Deposited, c.Withdrawn)
	list := append([]*htlc.HTLC(nil), c.HTLCs...)
	sort.Slice(list, func(i, j int) bool {
		if a, b := relative(p, list[i].Offerer), relative(p, list[j].Offerer); a != b {
			return a < b
		}
		return list[i].ID < list[j].ID
	})
	dust := p.Terms[c.Holder].DustLimit
	signer := &p.Terms[c.Holder.Other()]
	digests := make([]htlc.Digest, 1, 1+len(list))
	for _, h := range list {
		one := number([]byte{byte(relative(p, h.Offerer))}, h.ID, uint64(h.Amount), uint64(h.Expiry))
		one = append(one, h.Hash[:]...)
		b = append(b, one...)
		if !f.OneSig && !f.Trimmed(h, c.Holder, dust, c.FeeRate) {
			digests = append(digests, htlc.Digest{
				Role: htlc.HTLCKey, Point: c.Point, Pub: signer.HTLC, Hash: sha256.Sum256(one),
			})
		}
	}
	digests[0] = htlc.Digest{Role: htlc.FundingKey, Pub: signer.Funding, Hash: sha256.Sum256(b)}
	return digests, nil
}

// relative is a side as the opener would name it.
func relative(p *htlc.Params, s htlc.Side) htlc.Side {
	if p.Opener == htlc.Local {
		return s
	}
	return s.Other()
}

// both appends totals by side, the opener's first.
func both(b []byte, p *htlc.Params, totals ...[2]htlc.Sat) []byte {
	for _, t := range totals {
		b = number(b, uint64(t[p.Opener]), uint64(t[p.Opener.Other()]))
	}
	return b
}

func number(b []byte, ns ...uint64) []byte {
	for _, n := range ns {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

// CloseDigest hashes what the close pays. It must pay somebody.
func (f Format) CloseDigest(p *htlc.Params, c *htlc.Close) (htlc.Digest, error) {
	value := [2]htlc.Sat{c.Balance[0].ToSatoshis(), c.Balance[1].ToSatoshis()}
	value[p.Opener] -= c.Fee
	if value[0] < p.Terms[0].DustLimit && value[1] < p.Terms[1].DustLimit {
		return htlc.Digest{}, fmt.Errorf("htlctest: close at %d sat pays nobody", c.Fee)
	}
	return htlc.Digest{
		Role: htlc.FundingKey, Pub: p.Terms[htlc.Local].Funding, Hash: sha256.Sum256(closeBytes(p, c)),
	}, nil
}

func closeBytes(p *htlc.Params, c *htlc.Close) []byte {
	b := append([]byte("close"), p.ID[:]...)
	b = both(number(b, uint64(c.Fee)), p, c.Deposited, c.Withdrawn)
	for _, side := range [...]htlc.Side{p.Opener, p.Opener.Other()} {
		b = number(b, uint64(c.Balance[side]), uint64(len(c.Script[side])))
		b = append(b, c.Script[side]...)
	}
	return b
}

// CloseTx is the close as it was hashed.
func (f Format) CloseTx(p *htlc.Params, c *htlc.Close, _ [2]lnwire.Sig) ([]byte, error) {
	return closeBytes(p, c), nil
}

// CloseFee is that of a close with two outputs.
func (f Format) CloseFee(rate htlc.FeeRate, _ *htlc.Params, _ [2][]byte) htlc.Sat {
	if f.NoFees {
		return 0
	}
	return htlc.Sat(rate) * closeWeight / 1000
}

// CheckScript takes anything that is there.
func (Format) CheckScript(script []byte) error {
	if len(script) == 0 || len(script) > 100 {
		return fmt.Errorf("htlctest: script of %d bytes", len(script))
	}
	return nil
}

// FundingScript names both funding keys.
func (Format) FundingScript(p *htlc.Params) ([]byte, error) {
	return append([]byte{0}, p.Terms[p.Opener].Funding.SerializeCompressed()...), nil
}
