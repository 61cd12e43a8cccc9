package ethereum_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// An endpoint that is followed and answers one kind of question by an error, or by a refusal of the contract that isn't one,
// doesn't keep calls back: the other endpoint's answer is enough.
func TestOneGoodEndpointIsEnoughForEachQuestion(t *testing.T) {
	refusal := ethtest.Revert{Data: []byte{0xde, 0xad, 0xbe, 0xef}}
	for name, fault := range map[string]struct {
		method string
		err    error
	}{
		"balance":   {"eth_getBalance", errors.New("daily limit reached")},
		"nonce":     {"eth_getTransactionCount", errors.New("daily limit reached")},
		"estimate":  {"eth_estimateGas", errors.New("daily limit reached")},
		"reverts":   {"eth_estimateGas", refusal},
		"price":     {"eth_gasPrice", errors.New("daily limit reached")},
		"no tip":    {"eth_maxPriorityFeePerGas", errors.New("daily limit reached")},
		"a receipt": {"eth_getTransactionReceipt", errors.New("daily limit reached")},
	} {
		for bad := range 2 {
			t.Run(fmt.Sprint(name, bad), func(t *testing.T) {
				s := newShop(t, 1, ethtest.Options{})
				s.ends[bad].Set(func(f *ethtest.Faults) {
					f.Edit = func(method string, result any) (any, error) {
						if method == fault.method {
							return nil, fault.err
						}
						return result, nil
					}
				})
				s.open()
				c := call(1)
				c.Deadline = s.chain.Head().Time + 60
				s.want("channel", c)
				s.waiting(1)
				s.block()
				s.until("that it is found", func() bool { return s.state("call 01") == ethereum.SendMined })
				require.Equal(t, []string{"01"}, s.calls())
			})
		}
	}
}

// An endpoint that has no receipts (an index that isn't built yet) doesn't make anybody pay twice: another one has them.
func TestWhatOneEndpointHasNoReceiptOfIsNotSentAgain(t *testing.T) {
	for bad := range 2 {
		s := newShop(t, 1, ethtest.Options{})
		s.ends[bad].Set(func(f *ethtest.Faults) {
			f.Edit = func(method string, result any) (any, error) {
				if method == "eth_getTransactionReceipt" {
					return nil, nil
				}
				return result, nil
			}
		})
		s.open()
		_, errs, _ := s.do(call(7), 10)
		s.waiting(1)
		for range 12 {
			s.block()
		}
		require.NoError(t, <-errs)
		require.Equal(t, []string{"07"}, s.calls())
	}
}

// An endpoint that says for a while that an account has sent nothing yet doesn't make anybody pay twice, and doesn't stop
// what is sent.
func TestANonceOfZeroIsNotBelieved(t *testing.T) {
	for bad := range 2 {
		s := newShop(t, 1, ethtest.Options{})
		s.open()
		for i := range 80 {
			s.want("before", call(0, byte(i)))
			s.waiting(1)
			s.block()
		}
		s.want("before")
		s.until("that it is final", func() bool { s.empty(); return len(s.c.Status()) == 0 })
		_, errs, _ := s.do(call(7), 1)
		s.waiting(1)
		s.ends[bad].Set(func(f *ethtest.Faults) {
			f.Edit = func(method string, result any) (any, error) {
				if method == "eth_getTransactionCount" {
					return hexutil.Uint64(0), nil
				}
				return result, nil
			}
		})
		s.want("channel", call(8))
		for range 4 {
			s.empty()
			s.until("the sender's answer to the head", s.seen)
		}
		for range 4 {
			s.block()
			s.until("the sender's answer to the head", s.seen)
		}
		s.want("channel")
		s.ends[bad].Set(func(f *ethtest.Faults) { *f = ethtest.Faults{} })
		for range 6 {
			s.block()
		}
		require.NoError(t, <-errs)
		require.Equal(t, 1, count(s.calls(), "07"))
		require.GreaterOrEqual(t, count(s.calls(), "08"), 1)
	}
}

func count(all []string, one string) int {
	return len(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s != one }))
}
