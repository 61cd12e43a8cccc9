package model_test

import (
	"crypto/ecdsa"
	"encoding/binary"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// key signs; its address is also an account.
type key struct {
	private *ecdsa.PrivateKey
	address common.Address
}

func (k *key) sign(digest [32]byte) (sig evm.Sig) {
	raw, err := crypto.Sign(digest[:], k.private)
	if err != nil {
		panic(err)
	}
	copy(sig[:], raw)
	sig[32] |= raw[64] << 7
	return sig
}

// secret is a per-commitment secret and the address of its point.
type secret struct {
	value [32]byte
	rev   common.Address
}

func named(kind string, n int) [32]byte {
	return crypto.Keccak256Hash([]byte(kind), binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func newKey(kind string, n int) *key {
	seed := named(kind, n)
	private, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err)
	}
	return &key{private: private, address: crypto.PubkeyToAddress(private.PublicKey)}
}

// The cast of every scene.
var (
	keys    = []*key{newKey("key", 0), newKey("key", 1), newKey("key", 2), newKey("key", 3)}
	secrets = func() (all []secret) {
		for n := range 8 {
			all = append(all, secret{named("secret", n), newKey("secret", n).address})
		}
		return all
	}()

	coin      common.Address
	honest    = common.HexToAddress("0x7000000000000000000000000000000000000001")
	silent    = common.HexToAddress("0x7000000000000000000000000000000000000002")
	hostile   = common.HexToAddress("0x7000000000000000000000000000000000000003")
	codeless  = common.HexToAddress("0x7000000000000000000000000000000000000004")
	rich      = common.HexToAddress("0xa000000000000000000000000000000000000001")
	poor      = common.HexToAddress("0xa000000000000000000000000000000000000002")
	receiver  = common.HexToAddress("0xa000000000000000000000000000000000000003") // does as its mood is
	nobody    = common.HexToAddress("0xa000000000000000000000000000000000000004")
	withMoney = []common.Address{rich, keys[0].address, keys[1].address}
)

// start is the time at which scenes begin.
const start = 1_800_000_000

// newWorlds builds the same chain in the EVM and in the model.
func newWorlds(t testing.TB, chainID uint64, moods [3]*mood, coins *mood, halves [2]*half) (*machine, *model.World) {
	t.Helper()
	m := newMachine(t, chainID, start)
	w := model.New(chainID, m.contract, start)
	var fortune evm.Amount
	fortune.Lsh(uint256.NewInt(1), 126)
	for _, who := range withMoney {
		w.Coins[who] = fortune
		m.state.SetBalance(who, &fortune, tracing.BalanceChangeUnspecified)
	}
	for i, at := range []common.Address{honest, silent, hostile} {
		token := native{m: m, at: at, token: true, mood: moods[i], half: halves[1]}
		m.native(at, token)
		books := memory{}
		for _, who := range withMoney {
			books.set(who, fortune)
			token.set(who, fortune)
		}
		w.Tokens[at] = modelToken{at: at, mood: moods[i], half: halves[0], books: books}
		w.Receivers[at] = refuser{}
	}
	m.native(receiver, native{m: m, at: receiver, mood: coins, half: halves[1]})
	w.Receivers[receiver] = modelReceiver{at: receiver, mood: coins, half: halves[0]}
	m.state.Finalise(m.vm.GetRules())
	return m, w
}
