package bitcoin

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
)

// ErrChannel says that what is known of a channel does not fit together.
var ErrChannel = errors.New("adjudicator: channel and its records disagree")

// Channel is what must be known of a channel to judge a spend of its funding output.
type Channel struct {
	Params *htlc.Params

	// Local is our newest commitment and LocalSigs the peer's signatures on it, as in
	// htlc.Channel.LocalCommitment; nil when our data is stale.
	Local     *htlc.Commitment
	LocalSigs []lnwire.Sig
	// Remote are the peer's that it may publish, one or two; none for a channel that was
	// restored from a backup.
	Remote []*htlc.Commitment

	CloseTx []byte    // that both signed, serialised; may be nil
	Closing [2][]byte // the scripts agreed for a cooperative close, by Side; may be nil

	// Point is our nth per_commitment_point, Secret the peer's nth secret, which it revealed.
	Point  func(n uint64) *btcec.PublicKey
	Secret func(n uint64) ([32]byte, error)
	// Records are those of the HTLCs that had an output in the peer's nth commitment; more
	// than those do no harm. Asked for revoked commitments only.
	Records func(n uint64) ([]Record, error)
}

// ChannelOf gathers a Channel from its durable value. Records come from the store.
func ChannelOf(c *htlc.Channel, s htlc.Signer, records func(n uint64) ([]Record, error)) (*Channel, error) {
	ch := &Channel{
		Params: c.Params(), CloseTx: c.CloseTx(),
		Closing: c.CloseScripts(),
		Point:   s.Point, Secret: c.RevokedSecret, Records: records,
	}
	var err error
	if ch.Local, ch.LocalSigs, err = c.LocalCommitment(); err != nil {
		if !errors.Is(err, htlc.ErrStale) {
			return nil, fmt.Errorf("adjudicator: our commitment: %w", err)
		}
		ch.Local, ch.LocalSigs = nil, nil
	}
	if ch.Remote, err = c.RemoteCommitments(); err != nil {
		return nil, fmt.Errorf("adjudicator: the peer's commitments: %w", err)
	}
	return ch, nil
}

// restored reports whether nothing but the channel's parameters is known.
func (ch *Channel) restored() bool { return ch.Local == nil && len(ch.Remote) == 0 }

// live are the HTLCs of every commitment that may be published, each once.
func (ch *Channel) live() []*htlc.HTLC {
	var all []*htlc.HTLC
	seen := make(map[id]bool)
	add := func(com *htlc.Commitment) {
		if com == nil {
			return
		}
		for _, h := range com.HTLCs {
			if k := idOf(h); !seen[k] {
				seen[k] = true
				all = append(all, h)
			}
		}
	}
	add(ch.Local)
	for _, com := range ch.Remote {
		add(com)
	}
	return all
}

// id names an HTLC within its channel.
type id struct {
	offerer htlc.Side
	n       uint64
}

func idOf(h *htlc.HTLC) id { return id{h.Offerer, h.ID} }
