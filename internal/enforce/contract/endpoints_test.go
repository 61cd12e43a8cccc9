package contract

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"log/slog"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// world is the model of the adjudicator as a contract of a chain that is served over JSON-RPC.
type world struct{ *model.World }

func (w world) Clone() ethtest.Contract { return world{w.World.Clone()} }

func (w world) Exec(env ethtest.Env, m ethtest.Message) (ethtest.Result, error) {
	w.Time = env.Time
	if answer, err := w.View(m.Data); err == nil {
		return ethtest.Result{Return: answer, Gas: 30_000}, nil
	}
	var value evm.Amount
	value.SetFromBig(m.Value)
	events, err := w.Call(m.From, value, m.Data)
	if err != nil {
		return ethtest.Result{Gas: 30_000}, ethtest.Revert{}
	}
	r := ethtest.Result{Gas: 100_000}
	for _, e := range events {
		r.Logs = append(r.Logs, evm.PackEvent(m.To, e))
	}
	return r, nil
}

// account signs for who pays for gas.
type account struct{ key *ecdsa.PrivateKey }

func accountOf(t *testing.T, name byte) account {
	key, err := crypto.ToECDSA(bytes.Repeat([]byte{name}, 32))
	require.NoError(t, err)
	return account{key}
}

func (a account) Addresses() []common.Address {
	return []common.Address{crypto.PubkeyToAddress(a.key.PublicKey)}
}

func (a account) SignTx(_ common.Address, tx *types.Transaction, id *big.Int) (*types.Transaction, error) {
	return types.SignTx(tx, types.LatestSignerForChainID(id), a.key)
}

// server is a chain and nodes that follow it over endpoints.
type server struct {
	*testing.T
	chain        *ethtest.Chain
	contract     common.Address
	token        common.Address
	bob, mallory *node
}

// testPatience is for what comes at once unless the machine is busy.
const testPatience = 10 * time.Minute

// follow makes a node whose chain is behind endpoints.
func (s *server) follow(name byte, asset evm.Asset, e end, endpoints ...*ethtest.Endpoint) *node {
	pays := accountOf(s.T, name)
	cfg := ethereum.Config{
		Name: "test", ChainID: testChainID, Profile: testProfile, Signer: pays, DB: dbtest.New(s.T).Open(),
		Poll: 5 * time.Millisecond, Now: func() time.Time { return time.Unix(int64(s.chain.Head().Time), 0) },
	}
	if testing.Verbose() {
		cfg.Log = slog.New(slog.NewTextHandler(s.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})).With("node", string(name))
	}
	for _, e := range endpoints {
		cfg.Endpoints = append(cfg.Endpoints, e.URL)
	}
	c, err := ethereum.New(cfg)
	require.NoError(s, err)
	s.chain.Fund(pays.Addresses()[0], ethtest.Ether(100))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	s.Cleanup(func() { stop(); <-ended })
	n := &node{
		t: s.T, name: string(name), asset: asset, signer: e.signer,
		disk:     &disk{rows: make(map[string]map[string][]byte), failAt: -1, snapshot: e.ch.Encode()},
		outcomes: make(map[uint64]string), everUp: make(map[Alarm]bool), chain: &chain{contract: s.contract},
		config: func(cfg *Config) { cfg.Reader, cfg.Sender = c, c },
	}
	n.start()
	return n
}

// until makes blocks and has the nodes work, until something is so.
func (s *server) until(what string, ok func() bool) {
	s.Helper()
	for began := time.Now(); !ok(); {
		require.Less(s, time.Since(began), testPatience, what)
		s.chain.Warp(blockTime - 1)
		s.chain.Mine(1)
		head := s.chain.Head().Hash()
		for s.work(); s.bob.court.Head().Hash != head || s.mallory.court.Head().Hash != head; s.work() {
			select {
			case u := <-s.bob.court.updates:
				require.NoError(s, s.bob.court.step(&u))
			case u := <-s.mallory.court.updates:
				require.NoError(s, s.mallory.court.step(&u))
			case <-time.After(testPatience):
				require.Fail(s, "nobody told of the newest block", what)
			}
		}
	}
}

func (s *server) work() {
	s.bob.pump()
	s.mallory.pump()
}

// Over endpoints of which one leaves out what it likes and makes things up, and another comes and goes, a
// channel is seen through: HTLCs both ways, to the last unit.
func TestEndpointsThatLieAndVanishLoseNothing(t *testing.T) {
	s := &server{T: t, contract: common.Address{0xad}, token: common.Address{0x70}}
	s.chain = ethtest.New(t, ethtest.Options{ChainID: testChainID, Time: genesisTime, FinalDepth: finalDepth})
	w := model.New(testChainID, s.contract, genesisTime)
	w.Tokens[s.token] = model.Standard{accountOf(t, 'b').Addresses()[0]: units(capacity * 1000)}
	s.chain.Deploy(s.contract, world{w})
	asset := evm.Asset{ChainID: testChainID, Adjudicator: s.contract, Token: s.token, Decimals: decimals}
	ends := newEnds(t, asset)
	honest, liar, away := s.chain.Endpoint(t), s.chain.Endpoint(t), s.chain.Endpoint(t)
	s.bob = s.follow('b', asset, ends[0], liar, away, honest)
	s.mallory = s.follow('m', asset, ends[1], s.chain.Endpoint(t))
	terms, err := evm.TermsOf(s.bob.ch.Params(), asset)
	require.NoError(t, err)
	deposit := ethereum.Call{To: s.contract, Data: evm.PackDeposit(terms, evm.SideA, units(capacity*1000)), Gas: 500_000}
	s.until("the deposit is final", func() bool {
		calls := []ethereum.Call{deposit}
		if r := s.bob.court.all[s.bob.ch.ID()]; r != nil && r.now.Phase != evm.PhaseNone {
			calls = nil
		}
		require.NoError(t, s.bob.court.cfg.Sender.Want("deposit", calls))
		return !s.bob.funds.Deposits[0].IsZero() && !s.mallory.funds.Deposits[0].IsZero()
	})
	for _, n := range [...]*node{s.bob, s.mallory} {
		require.NoError(t, n.step(htlc.Connected{}))
	}
	talk(s.bob, s.mallory)
	now := s.chain.Head().Time
	taken := s.bob.offer(50_000*unit, 1, now+40*contest)
	back := s.bob.offer(30_000*unit, 2, now+2*contest)
	ours := s.mallory.offer(20_000*unit, 3, now+40*contest)
	talk(s.bob, s.mallory)
	require.NoError(t, s.mallory.step(htlc.Fulfill{ID: taken, Preimage: preimageOf(1)}))
	require.NoError(t, s.bob.step(htlc.Fulfill{ID: ours, Preimage: preimageOf(3)}))
	require.NoError(t, s.mallory.step(htlc.Halt{Reason: "the test wants it"}))
	s.bob.outbox, s.mallory.outbox = nil, nil
	s.mallory.court.Poke(s.mallory.ch.ID())

	ended := evm.PackEvent(s.contract, evm.Settled{ID: s.bob.ch.ID(), Ended: true})
	liar.Set(func(f *ethtest.Faults) {
		f.DropLog = func(types.Log) bool { return true }
		ended.BlockNumber, ended.BlockHash, ended.TxHash = 1, common.Hash{1}, common.Hash{2}
		f.ExtraLogs = []types.Log{ended}
	})
	blocks := 0
	s.until("the channel has ended", func() bool {
		blocks++
		away.Set(func(f *ethtest.Faults) { f.Down = blocks%10 < 5 })
		return len(s.bob.ends) > 0
	})
	require.Equal(t, map[uint64]string{taken: "fulfilled", back: "failed"}, s.bob.outcomes)
	require.Equal(t, adjudicator.Remote, s.bob.ends[0].Ending)
	want := units((600_000 - 50_000 + 20_000) * unit)
	require.Equal(t, want.String(), s.bob.ends[0].Recovered.String())
}
