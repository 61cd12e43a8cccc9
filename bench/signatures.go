package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// signedFormats are the commitments whose signatures are counted.
func signedFormats() map[string]htlc.Format {
	return map[string]htlc.Format{"bitcoin": bolt3.Format{}, "token": eip712.Format{ChainID: 1, Contract: [20]byte{1}, Decimals: 6}}
}

// signaturesPerPayment counts the signatures of both sides for payments that are offered, and settled, so
// many at once: those that the channel core sends.
func signaturesPerPayment(format htlc.Format, batch int) (float64, error) {
	cfg := htlctest.Default()
	cfg.Format = format
	expiry := uint32(1_000)
	if _, ok := format.(eip712.Format); ok {
		cfg.Params.FeeRate, expiry = 0, 2_000_000_000
		for i := range cfg.Params.Terms {
			cfg.Params.Terms[i].DustLimit = 0
		}
	}
	channels, _, err := htlctest.NewPair(cfg)
	if err != nil {
		return 0, err
	}
	count, preimage := 0, func(i int) (p htlc.Preimage) { binary.BigEndian.PutUint64(p[:], uint64(i)); return p }
	var adds, fulfils []htlc.Input
	for i := range batch {
		p := preimage(i)
		adds = append(adds, htlc.Add{Amount: 10_000_000, Hash: sha256.Sum256(p[:]), Expiry: expiry, Onion: new([lnwire.OnionPacketSize]byte), Ref: htlc.Ref{ID: uint64(i)}})
		fulfils = append(fulfils, htlc.Fulfill{ID: uint64(i), Preimage: p})
	}
	for _, todo := range [][2][]htlc.Input{{adds, nil}, {nil, fulfils}} {
		if err := exchange(&channels, todo, &count); err != nil {
			return 0, err
		}
	}
	return float64(count) / float64(batch), nil
}

// exchange steps both ends until nothing is said any more, and counts signatures.
func exchange(channels *[2]*htlc.Channel, todo [2][]htlc.Input, count *int) error {
	for len(todo[0])+len(todo[1]) > 0 {
		for i, c := range channels {
			if len(todo[i]) == 0 {
				continue
			}
			next, eff, err := c.StepAll(todo[i])
			if err != nil {
				return fmt.Errorf("signatures of %d inputs: %w", len(todo[i]), err)
			}
			channels[i], todo[i] = next, nil
			for _, m := range eff.Send {
				if sig, ok := m.(*lnwire.CommitSig); ok {
					*count += 1 + len(sig.HtlcSigs)
				}
				todo[1-i] = append(todo[1-i], htlc.Recv{Msg: m})
			}
		}
	}
	return nil
}
