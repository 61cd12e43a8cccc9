package model_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// scene is one chain, in the EVM and in the model, and what the random actors know of it.
type scene struct {
	t      testing.TB
	r      *rand.Rand
	m      *machine
	w      *model.World
	halves [2]*half // of the model, of the EVM
	calm   mood     // of the honest token
	quiet  mood     // of the silent one
	token  mood     // of the hostile one
	coins  mood     // of the receiver
	pairs  []*pair
	past   []*call
	people []common.Address
	counts *counts
}

// pair is a channel, and what its two parties know together.
type pair struct {
	p         evm.Params
	id        [32]byte
	sides     [2]*key
	packed    []byte // the locks of the state that was posted
	locks     []evm.Lock
	preimages [][32]byte
	secret    secret
}

func newScene(t testing.TB, r *rand.Rand, c *counts) *scene {
	s := &scene{t: t, r: r, counts: c, halves: [2]*half{{}, {}}}
	s.calm.answer, s.quiet.answer = answers[0], answers[1]
	s.m, s.w = newWorlds(t, 1+r.Uint64N(1<<32), [3]*mood{&s.calm, &s.quiet, &s.token}, &s.coins, s.halves)
	s.people = []common.Address{rich, poor, receiver, nobody, coin, codeless, hostile, s.m.contract}
	for _, k := range keys {
		s.people = append(s.people, k.address)
	}
	for range 4 {
		s.pairs = append(s.pairs, s.newPair())
	}
	return s
}

// do makes a call in both worlds and compares all that it came to.
func (s *scene) do(c *call) error {
	if s.r.IntN(20) == 0 {
		if err := s.starve(c); err != nil {
			return err
		}
	}
	s.begin()
	events, err := c.play(s.w)
	o := s.m.call(c.sender, c.value, c.data, gasLimit, true)
	s.counts.called(c.name, err, s.halves[0].struck)
	if err := s.compare(c, events, err, o); err != nil {
		return err
	}
	if err != nil {
		return nil
	}
	s.past = append(s.past, c)
	if c.done != nil {
		c.done()
	}
	return nil
}

func (s *scene) begin() {
	for _, h := range s.halves {
		h.begin()
	}
}

// starve makes a call with too little gas for its pushes, or just enough, and undoes it: unless it fails, it
// comes to the same as with a block's gas (rule 9).
func (s *scene) starve(c *call) error {
	s.begin()
	full := s.m.call(c.sender, c.value, c.data, gasLimit, false)
	for range 3 {
		s.begin()
		gas := full.gas/2 + s.r.Uint64N(full.gas/2+300_000)
		o := s.m.call(c.sender, c.value, c.data, gas, false)
		s.counts.starved(o.err)
		if o.err == nil && (full.err != nil || !sameLogs(o.logs, full.logs)) {
			return fmt.Errorf("with %d gas of %d it comes to something else than with all that it wants", gas, full.gas)
		}
	}
	return nil
}

func sameLogs(a, b []*types.Log) bool {
	return slices.EqualFunc(a, b, func(x, y *types.Log) bool {
		return slices.Equal(x.Topics, y.Topics) && string(x.Data) == string(y.Data)
	})
}

func (s *scene) compare(c *call, events []evm.Event, modelled error, o outcome) error {
	if modelled != o.err {
		return fmt.Errorf("the model says %v, the contract %v", modelled, o.err)
	}
	if len(events) != len(o.logs) {
		return fmt.Errorf("the model has %d events, the contract %d", len(events), len(o.logs))
	}
	for i, e := range events {
		log := evm.PackEvent(s.m.contract, e)
		if got := o.logs[i]; !slices.Equal(log.Topics, got.Topics) || string(log.Data) != string(got.Data) {
			is, err := evm.UnpackEvent(got)
			return fmt.Errorf("event %d: the model has %+v, the contract %+v (%v)", i, e, is, err)
		}
		if got, err := evm.UnpackEvent(o.logs[i]); err != nil || !reflect.DeepEqual(e, got) {
			return fmt.Errorf("event %d is read as %+v, %v, not %+v", i, got, err, e)
		}
	}
	if !slices.Equal(s.halves[0].struck, s.halves[1].struck) {
		return fmt.Errorf("calls from inside: the model says %v, the contract %v", s.halves[0].struck, s.halves[1].struck)
	}
	if err := s.compareBalances(); err != nil {
		return err
	}
	if c.pair != nil {
		if err := s.compareChannel(c.pair.id); err != nil {
			return err
		}
	}
	return s.compareOwed(c.token, c.parties)
}

func (s *scene) compareBalances() error {
	for _, who := range s.people {
		if a, b := s.w.Coins[who], *s.m.state.GetBalance(who); a != b {
			return fmt.Errorf("%x has %v coins in the model, %v in the EVM", who, &a, &b)
		}
		for at, token := range s.w.Tokens {
			a, b := token.(modelToken).books.get(who), s.m.natives[at].(native).get(who)
			if a != b {
				return fmt.Errorf("%x has %v of token %x in the model, %v in the EVM", who, &a, at, &b)
			}
		}
	}
	return nil
}

func (s *scene) compareChannel(id [32]byte) error {
	returned := s.m.view(s.t, evm.PackChannel(id))
	if modelled, err := s.w.View(evm.PackChannel(id)); err != nil || !bytes.Equal(modelled, returned) {
		return fmt.Errorf("view of channel %x: the model answers %x, the contract %x (%v)", id, modelled, returned, err)
	}
	got, err := evm.UnpackChannel(returned)
	if want := s.w.Channel(id); err != nil || got != want {
		return fmt.Errorf("channel %x: the model has %+v, the contract %+v (%v)", id, want, got, err)
	}
	return nil
}

func (s *scene) compareOwed(token common.Address, parties []common.Address) error {
	for _, who := range parties {
		got, err := evm.UnpackOwed(s.m.view(s.t, evm.PackOwed(token, who)))
		if want := s.w.Owed(token, who); err != nil || got != want {
			return fmt.Errorf("owed %x of %x: the model has %v, the contract %v (%v)", who, token, &want, &got, err)
		}
		nonce, err := evm.UnpackOwedNonce(s.m.view(s.t, evm.PackOwedNonce(who)))
		if want := s.w.OwedNonce(who); err != nil || nonce != want {
			return fmt.Errorf("nonce of %x: the model has %d, the contract %d (%v)", who, want, nonce, err)
		}
	}
	return nil
}

// compareAll compares what a call should not have touched.
func (s *scene) compareAll() error {
	for _, p := range s.pairs {
		if err := s.compareChannel(p.id); err != nil {
			return err
		}
	}
	for _, token := range []common.Address{coin, honest, silent, hostile, codeless} {
		if err := s.compareOwed(token, s.people); err != nil {
			return err
		}
	}
	if got, want := s.m.view(s.t, evm.PackDomainSeparator()), s.w.DomainSeparator(); string(got) != string(want[:]) {
		return fmt.Errorf("the domain is %x in the model, %x in the contract", want, got)
	}
	return nil
}

// story is the last calls, for a failure's report.
func (s *scene) story() string {
	var b strings.Builder
	for _, c := range s.past[max(0, len(s.past)-20):] {
		fmt.Fprintln(&b, " ", c)
	}
	return b.String()
}
