package evm_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// A node's answers are anybody's bytes: a log that is read is one that the contract could have left.
func FuzzUnpackEvent(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for i, e := range randomEvents(r) {
		log := evm.PackEvent(common.Address{}, e)
		var topics []byte
		for _, topic := range log.Topics[1:] {
			topics = append(topics, topic[:]...)
		}
		f.Add(uint8(i), topics, log.Data)
	}
	var ids []common.Hash
	for _, e := range randomEvents(r) {
		ids = append(ids, evm.PackEvent(common.Address{}, e).Topics[0])
	}
	f.Fuzz(func(t *testing.T, which uint8, topics, data []byte) {
		log := types.Log{Topics: []common.Hash{ids[int(which)%len(ids)]}, Data: data}
		for ; len(topics) >= 32; topics = topics[32:] {
			log.Topics = append(log.Topics, common.Hash(topics[:32]))
		}
		e, err := evm.UnpackEvent(&log)
		if err != nil {
			require.ErrorIs(t, err, evm.ErrLog)
			return
		}
		again := evm.PackEvent(common.Address{}, e)
		got, err := evm.UnpackEvent(&again)
		require.NoError(t, err)
		require.Equal(t, e, got)
	})
}

func FuzzUnpackClose(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	f.Add(evm.PackClose(randomParams(r), randomCommitment(r), evm.PackLocks(randomLocks(r, 2)), randomSig(r), randomSig(r)))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := evm.UnpackClose(data)
		if err != nil {
			require.ErrorIs(t, err, evm.ErrCall)
			return
		}
		again, err := evm.UnpackClose(evm.PackClose(c.Params, c.Commitment, c.Locks, c.PeerSig, c.HolderSig))
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}

func FuzzUnpackLocks(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 3))
	f.Add(evm.PackLocks(randomLocks(r, 2)))
	f.Fuzz(func(t *testing.T, packed []byte) {
		if locks, err := evm.UnpackLocks(packed); err == nil {
			require.True(t, bytes.Equal(packed, evm.PackLocks(locks)))
		}
		if claims, err := evm.UnpackClaims(packed); err == nil {
			require.True(t, bytes.Equal(packed, evm.PackClaims(claims)))
		}
	})
}

func FuzzUnpackAnswer(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 4))
	f.Add(packChannel(f, randomChannel(r)))
	f.Add(binding.NewAdjudicator().GetABI().Errors["TooMuch"].ID.Bytes()[:4])
	f.Add(binding.NewAdjudicator().GetABI().Errors["WrongPhase"].ID.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := evm.UnpackChannel(data); err == nil {
			again, err := evm.UnpackChannel(packChannel(t, c))
			require.NoError(t, err)
			require.Equal(t, c, again)
		} else {
			require.ErrorIs(t, err, evm.ErrView)
		}
		if r, err := evm.UnpackRevert(data); err == nil {
			require.NotEmpty(t, r.Name)
		} else {
			require.ErrorIs(t, err, evm.ErrView)
		}
	})
}
