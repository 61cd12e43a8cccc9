package ethereum_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// What is wanted gets into a block once, also if its owner says so again and again at the same head.
func TestWhatIsWantedIsSentOnce(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	for range 3 {
		s.want("channel", call(1), call(2), call(1))
	}
	s.waiting(2)
	s.want("channel", call(1), call(2))
	s.chain.Mine(1)
	s.synced()
	s.want("channel")
	s.until("the end", func() bool { return s.state("call 01") == ethereum.SendMined })
	for range 4 {
		s.block()
	}
	s.until("that it is final", func() bool { return len(s.c.Status()) == 0 })
	require.ElementsMatch(t, []string{"01", "02"}, s.calls())
	require.Equal(t, 2, s.sent)
}

// Calls of one account keep their owner's order.
func TestCallsOfAnOwnerKeepTheirOrder(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	late := call(3)
	late.Deadline = s.chain.Head().Time + 600
	s.want("channel", call(1), call(2), late)
	s.waiting(3)
	s.block()
	require.Equal(t, []string{"01", "02", "03"}, s.calls())
}

// Of what different owners want the most urgent has the lowest nonce.
func TestTheMostUrgentGoesFirst(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.ends[0].Set(func(f *ethtest.Faults) { f.Down = true })
	s.ends[1].Set(func(f *ethtest.Faults) { f.Down = true })
	s.db = s.disk.Open()
	s.cfg.DB = s.db
	s.start()
	now := s.chain.Head().Time
	soon, later := call(1), call(2)
	soon.Deadline, later.Deadline = now+100, now+1000
	s.want("c", call(3))
	s.want("b", later)
	s.want("a", soon)
	for _, e := range s.ends {
		e.Set(func(f *ethtest.Faults) { f.Down = false })
	}
	s.waiting(3)
	s.block()
	require.Equal(t, []string{"01", "02", "03"}, s.calls())
}

// A call that is in a block is sent again if it is still wanted when there is another head.
func TestWhatIsStillWantedLaterIsSentAgain(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	s.want("channel", call(1))
	s.waiting(1)
	s.block()
	s.want("channel", call(1)) // at the head that has it
	s.until("that it is seen", func() bool { return s.state("call 01") == ethereum.SendMined })
	require.Empty(t, s.chain.Pool())
	s.empty()
	s.want("channel", call(1))
	s.waiting(1)
	s.block()
	require.Equal(t, []string{"01", "01"}, s.calls())
}

// Whoever takes long to decide what is missing, blocks coming meanwhile, doesn't have it sent twice: a second deposit
// of coins, which no allowance holds back, would be taken.
func TestWhatWasDecidedAtAnEarlierHeadIsSentOnce(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	slow := call(1)
	slow.At = s.chain.Head().Number.Uint64()
	s.want("channel", slow)
	s.waiting(1)
	s.block()
	s.empty()
	s.want("channel", slow)
	s.empty()
	s.until("that it is seen", func() bool { return s.state("call 01") == ethereum.SendMined })
	require.Empty(t, s.chain.Pool())
	require.Equal(t, []string{"01"}, s.calls())
}

// Attack 48: what a reorganisation takes out of its block is sent again, by itself.
func TestAttack48WhatAReorganisationUndoesIsSentAgain(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	s.want("channel", call(1))
	s.waiting(1)
	s.block()
	s.until("that it is mined", func() bool { return s.state("call 01") == ethereum.SendMined })
	s.chain.Reorg(1, 2)
	s.chain.Forget()
	s.waiting(1)
	s.block()
	s.until("that it is mined", func() bool { return s.state("call 01") == ethereum.SendMined })
	require.Equal(t, []string{"01"}, s.calls())
}

// What the network forgets is there again at the next head; what one endpoint swallows another one takes.
func TestWhatWaitsIsRepeatedAtEachHead(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.ends[0].Set(func(f *ethtest.Faults) { f.Swallow = true })
	s.open()
	s.want("channel", call(1))
	s.waiting(1)
	for range 5 {
		s.chain.Forget()
		s.chain.MineEmpty(1)
		s.waiting(1)
	}
	require.Equal(t, 1, s.sent, "the same one")
}

// A call that the contract refuses is tried at each head, and holds nobody up.
func TestARefusedCallHoldsNobodyUp(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	s.want("channel", call(0xff), call(1))
	s.want("other", call(2))
	s.waiting(2)
	s.until("the refusal", func() bool { return s.state("call ff") == ethereum.SendRefused })
	for _, st := range s.c.Status() {
		if st.What == "call ff" {
			require.Equal(t, "DeadBeef", st.Note)
			require.Equal(t, "channel", st.Owner)
		}
	}
	s.block()
	require.ElementsMatch(t, []string{"01", "02"}, s.calls())

	// One that is refused until later goes out then.
	s.want("other")
	s.want("channel", call(0xee))
	for s.chain.Head().Number.Uint64()%2 != 0 || len(s.chain.Pool()) == 0 {
		s.empty()
		if s.chain.Head().Number.Uint64()%2 == 0 {
			s.waiting(1)
		}
	}
}

// Do returns the receipt so many blocks deep.
func TestDoWaitsForItsDepth(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	receipts, errs, _ := s.do(call(7), 3)
	s.waiting(1)
	for range 3 {
		select {
		case r := <-receipts:
			t.Fatalf("too early: %v", r)
		default:
		}
		s.block()
	}
	r := <-receipts
	require.NoError(t, <-errs)
	require.Equal(t, uint64(1), r.Status)
	require.Equal(t, uint64(4), r.BlockNumber.Uint64())
	tx, err := s.c.Transaction(context.Background(), r.TxHash)
	require.NoError(t, err)
	from, err := types.Sender(types.LatestSignerForChainID(big.NewInt(chainID)), tx)
	require.NoError(t, err)
	require.Equal(t, s.c.Account(), from)

	// The same once more is another transaction.
	again, errs, _ := s.do(call(7), 1)
	s.waiting(1)
	s.block()
	require.NotEqual(t, r.TxHash, (<-again).TxHash)
	require.NoError(t, <-errs)
}

// A transaction of a rollup's own kind is read for its data: a peer may close a channel by the chain below.
func TestATransactionOfAnUnknownKindIsReadForItsData(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	for _, e := range s.ends {
		e.Set(func(f *ethtest.Faults) {
			f.Edit = func(method string, result any) (any, error) {
				if fields, ok := result.(map[string]any); ok && method == "eth_getTransactionByHash" {
					fields["type"] = "0x7e"
				}
				return result, nil
			}
		})
	}
	s.open()
	receipts, errs, _ := s.do(call(7), 1)
	s.waiting(1)
	s.block()
	require.NoError(t, <-errs)
	tx, err := s.c.Transaction(t.Context(), (<-receipts).TxHash)
	require.NoError(t, err)
	require.Equal(t, []byte{7}, tx.Data())
	require.Equal(t, contract, *tx.To())
}

// A call that reverts is an error with the contract's reason: before it is sent, or when it is in a block.
func TestDoTellsWhyTheContractRefused(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	_, errs, _ := s.do(call(0xff), 1)
	var revert *ethereum.Revert
	require.ErrorAs(t, <-errs, &revert)
	require.Equal(t, "DeadBeef", revert.Reason)
	require.Empty(t, s.calls())

	for s.chain.Head().Number.Uint64()%2 == 1 {
		s.empty()
	}
	receipts, errs, _ := s.do(call(0xee), 1)
	s.waiting(1)
	s.block()
	require.Equal(t, uint64(0), (<-receipts).Status)
	require.ErrorAs(t, <-errs, &revert)
}

// What a Do signed goes on when its caller is gone, over a restart too; who asks for the same again gets that.
func TestADoGoesOnWithoutItsCaller(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	_, errs, cancel := s.do(call(7), 1)
	s.waiting(1)
	cancel()
	require.ErrorIs(t, <-errs, context.Canceled)
	s.chain.Forget()
	s.restart()
	s.waiting(1)
	receipts, errs, _ := s.do(call(7), 1)
	for range 3 {
		s.block()
	}
	require.NotNil(t, <-receipts)
	require.NoError(t, <-errs)
	require.Equal(t, []string{"07"}, s.calls())
}

// Coins go from the account that holds them.
func TestDoMovesCoins(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	to := s.keys.Addresses()[1]
	before := s.chain.Balance(to)
	_, errs, _ := s.do(ethereum.Call{To: to, Value: ethtest.Ether(1)}, 1)
	s.waiting(1)
	s.block()
	require.NoError(t, <-errs)
	require.Equal(t, new(big.Int).Add(before, ethtest.Ether(1)), s.chain.Balance(to))
}

// What can't be sent is refused at once.
func TestWhatCannotBeSentIsRefused(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	for _, c := range []ethereum.Call{
		{To: contract, Data: make([]byte, 200_000)},
		{To: contract, Value: big.NewInt(-1)},
		{To: contract, Worth: big.NewInt(-1)},
		{To: contract, Value: new(big.Int).Lsh(big.NewInt(1), 200)},
	} {
		require.ErrorIs(t, s.c.Want("a", []ethereum.Call{c}), ethereum.ErrSend)
	}
	require.ErrorIs(t, s.c.Want("", nil), ethereum.ErrSend)
	require.ErrorIs(t, s.c.Want("a", make([]ethereum.Call, 1000)), ethereum.ErrSend)

	watching := newScene(t, 1)
	watching.start()
	require.ErrorIs(t, watching.c.Want("a", []ethereum.Call{call(1)}), ethereum.ErrSend)
	_, err := watching.c.Do(context.Background(), call(1), 1)
	require.ErrorIs(t, err, ethereum.ErrSend)
	require.Zero(t, watching.c.Account())
}

// On a chain without EIP-1559 the gas price is bid.
func TestALegacyChainIsPaidByGasPrice(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{Legacy: true})
	s.open()
	s.want("channel", call(1))
	s.waiting(1)
	require.Equal(t, uint8(types.LegacyTxType), s.chain.Pool()[0].Type())
	s.block()
	require.Equal(t, []string{"01"}, s.calls())
}

// An endpoint that refuses everything, one that lies about nonces, one that is gone: the other one's word is enough.
func TestOneGoodEndpointIsEnoughToSend(t *testing.T) {
	for name, fault := range map[string]func(f *ethtest.Faults){
		"refuses": func(f *ethtest.Faults) { f.RefuseTx = errors.New("not today") },
		"gone":    func(f *ethtest.Faults) { f.Down = true },
		"nonce": func(f *ethtest.Faults) {
			f.Edit = func(method string, result any) (any, error) {
				if method == "eth_getTransactionCount" {
					return "0x3039", nil
				}
				return result, nil
			}
		},
	} {
		for bad := range 2 {
			t.Run(name, func(t *testing.T) {
				s := newShop(t, 1, ethtest.Options{})
				s.ends[bad].Set(fault)
				s.open()
				s.want("channel", call(1))
				s.until("that it is sent", s.seen)
				for range 20 {
					s.block()
					if len(s.calls()) > 0 {
						s.want("channel")
					}
					s.until("the sender's answer to the head", func() bool { return s.seen() || len(s.c.Status()) == 0 })
				}
				require.Equal(t, []string{"01"}, s.calls())
			})
		}
	}
}

// A nonce that the only endpoint makes up is given up as soon as the truth is known, and nothing is paid to fill the gap.
func TestAFalseNonceIsGivenUp(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.ends[0].Set(func(f *ethtest.Faults) { f.Down = true })
	s.ends[1].Set(func(f *ethtest.Faults) {
		f.Edit = func(method string, result any) (any, error) {
			if method == "eth_getTransactionCount" {
				return "0x3039", nil
			}
			return result, nil
		}
	})
	s.open()
	s.want("channel", call(1))
	s.waiting(1)
	for _, e := range s.ends {
		e.Set(func(f *ethtest.Faults) { *f = ethtest.Faults{} })
	}
	s.block()
	s.waiting(2)
	s.block()
	require.Equal(t, []string{"01"}, s.calls())
	s.want("channel")
	require.LessOrEqual(t, len(s.chain.Pool()), 1, "the one with the false nonce")
}
