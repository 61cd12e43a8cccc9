package contract

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/signer"
)

// The addresses that channels pay to.
var payouts = [2]common.Address{{0xba, 0xaa}, {0xba, 0xbb}}

func keysOf(seed uint64) signer.Secrets {
	var keys [5]*btcec.PrivateKey
	for i := range keys {
		h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, 10*seed+uint64(i)))
		keys[i], _ = btcec.PrivKeyFromBytes(h[:])
	}
	return signer.Secrets{
		Funding: keys[0], Revocation: keys[1], Payment: keys[2], Delayed: keys[3], HTLC: keys[4],
		Root: sha256.Sum256(binary.BigEndian.AppendUint64(nil, 10*seed+9)),
	}
}

// The channels of tests hold coins of 8 decimals: a unit on the wire is 100 base units, and what is
// below 10 thousandths of a unit has no lock.
const (
	decimals    = 8
	baseUnits   = 100
	capacity    = 1_000_000_000 // units
	unit        = 1_000_000     // a thousandth of a thousandth of the capacity, in thousandths of units
	pushed      = 400_000 * unit
	delayTicks  = 2
	contest     = delayTicks * evm.Tick
	dust        = htlc.MilliSat(5)
	maxAccepted = 483
)

// end is one side of a channel, without a node around it.
type end struct {
	ch     *htlc.Channel
	signer *signer.Signer
}

// newEnds makes an open channel that the first side opened.
func newEnds(t testing.TB, asset evm.Asset) [2]end {
	t.Helper()
	f := asset.Format()
	var ends [2]end
	p := htlc.Params{
		Nonce: uint64(asset.Decimals), ChainHash: asset.ID(), Opener: htlc.Local, Capacity: capacity, Pushed: pushed, MaxDust: 1_000_000,
	}
	for i := range ends {
		keys := keysOf(uint64(i) + 1)
		s, err := signer.New(keys, signer.EIP2098, nil)
		require.NoError(t, err)
		ends[i].signer = s
		p.Terms[i] = htlc.Terms{
			Reserve: capacity / 100, HTLCMinimum: 1, MaxInFlight: capacity * 1000, MaxAccepted: maxAccepted,
			ToSelfDelay: delayTicks, CloseScript: append([]byte{0, 20}, payouts[i][:]...),
		}
		keys.FillTerms(&p.Terms[i])
	}
	at, err := f.Locate(&p)
	require.NoError(t, err)
	p.Outpoint, p.ID = at, lnwire.NewChanIDFromOutPoint(at)
	for i := range ends {
		q := p
		if i == 1 {
			q.Opener, q.Terms[0], q.Terms[1] = htlc.Remote, p.Terms[1], p.Terms[0]
		}
		us, peer := &ends[i], &ends[1-i]
		unsigned, err := htlc.New(&q, f, us.signer, peer.signer.Point(0), nil)
		require.NoError(t, err)
		com, _, err := unsigned.LocalCommitment()
		require.NoError(t, err)
		digests, err := f.Digests(&q, com)
		require.NoError(t, err)
		sigs, err := peer.signer.Sign(digests)
		require.NoError(t, err)
		us.ch, err = htlc.New(&q, f, us.signer, peer.signer.Point(0), sigs)
		require.NoError(t, err)
		us.ch, _, err = us.ch.StepAll([]htlc.Input{
			htlc.FundingConfirmed{SCID: lnwire.ShortChannelID{BlockHeight: 1}},
			htlc.Recv{Msg: &lnwire.ChannelReady{ChanID: q.ID, NextPerCommitmentPoint: peer.signer.Point(1)}},
		})
		require.NoError(t, err)
		require.Equal(t, htlc.Open, us.ch.State())
	}
	return ends
}

// preimageOf is the nth preimage of a test.
func preimageOf(n uint64) htlc.Preimage {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte("preimage"), n))
}

func hashOf(n uint64) [32]byte {
	p := preimageOf(n)
	return sha256.Sum256(p[:])
}
