package node

import (
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
)

// Resolution is what became of one output of a channel that was settled on chain.
type Resolution struct {
	Outpoint wire.OutPoint
	Amount   btcutil.Amount
	Path     bitcoin.Path // how it was, or could have been, ours
	State    CoinState    // CoinTaken, CoinLost or CoinAbandoned
	HTLC     bool         // it was an HTLC's: the next two fields say something
	Incoming bool
	HTLCID   uint64
	Spend    chainhash.Hash // of what took it, zero if nothing did
}

// Resolution is what stays of a coin when all of its channel is final.
func (c *ChainCoin) Resolution() Resolution {
	return Resolution{
		Outpoint: c.Outpoint, Amount: c.Amount, Path: c.Path, State: c.State,
		HTLC: c.HTLC, Incoming: c.Incoming, HTLCID: c.HTLCID, Spend: c.Spend,
	}
}

// resolutionSize is that of a stored resolution, in bytes.
const resolutionSize = 32 + 4 + 8 + 1 + 1 + 1 + 1 + 8 + 32

func (v *Resolution) write(w *recordWriter) {
	w.raw(v.Outpoint.Hash[:]).u32(v.Outpoint.Index).u64(uint64(v.Amount)).u8(uint8(v.Path)).u8(uint8(v.State))
	w.flag(v.HTLC).flag(v.Incoming).u64(v.HTLCID).raw(v.Spend[:])
}

// readResolutions reads a list whose length must be that of the bytes that are left.
func readResolutions(r *recordReader) []Resolution {
	n := uint64(r.u32())
	if left := uint64(len(r.b)); r.err == nil && left != n*resolutionSize {
		r.err = fmt.Errorf("node: stored record has %d bytes for %d resolutions, needs %d", left, n, n*resolutionSize)
	}
	if r.err != nil || n == 0 {
		return nil
	}
	all := make([]Resolution, n)
	for i := range all {
		v := &all[i]
		v.Outpoint = wire.OutPoint{Hash: r.array32(), Index: r.u32()}
		v.Amount, v.Path, v.State = btcutil.Amount(r.u64()), bitcoin.Path(r.u8()), CoinState(r.u8())
		v.HTLC, v.Incoming, v.HTLCID, v.Spend = r.flag(), r.flag(), r.u64(), r.array32()
	}
	return all
}
