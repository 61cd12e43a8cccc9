package oracle

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/signer"
)

// sorted makes an order of a map, so that a seed repeats a schedule.
func sorted(open map[uint64][32]byte) []incoming {
	out := make([]incoming, 0, len(open))
	for id, hash := range open {
		out = append(out, incoming{id, hash})
	}
	slices.SortFunc(out, func(a, b incoming) int { return int(a.id) - int(b.id) })
	return out
}

func derive(seed, n uint64) [32]byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], seed)
	binary.BigEndian.PutUint64(b[8:], n)
	return sha256.Sum256(b[:])
}

func secrets(seed uint64) signer.Secrets {
	var keys [5]*btcec.PrivateKey
	for i := range keys {
		h := derive(seed, uint64(i))
		keys[i], _ = btcec.PrivKeyFromBytes(h[:])
	}
	return signer.Secrets{
		Funding: keys[0], Revocation: keys[1], Payment: keys[2], Delayed: keys[3], HTLC: keys[4],
		Root: derive(seed, 5),
	}
}

func sortedKeys(m map[uint64]htlc.Input) []uint64 { return slices.Sorted(maps.Keys(m)) }

func chainRate(r htlc.FeeRate) chainfee.SatPerKWeight { return chainfee.SatPerKWeight(r) }
