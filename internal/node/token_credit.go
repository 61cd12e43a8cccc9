package node

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// credits compares what deposits in our channels were credited with to what was sent: a token that takes a fee, since
// yesterday perhaps, is noticed by the first one. followContract's goroutine owns it.
type credits struct {
	n *Node
	b *bench

	left   []types.Log         // final ones whose transactions couldn't be read yet
	sound  map[logPlace]bool   // looked at, and not final yet
	unsure map[*token]struct{} // what was deposited last in these can't be told
	silent bool                // a question of this update went unanswered: no more is asked
}

type logPlace struct {
	block common.Hash
	index uint
}

// maxLeft bounds the deposits that wait for an endpoint.
const maxLeft = 10_000

// take looks at the deposits of an update.
func (c *credits) take(u ethereum.Update) {
	final := append(c.left, u.Settled...)
	before := c.sound
	c.left, c.sound, c.unsure, c.silent = nil, make(map[logPlace]bool), make(map[*token]struct{}), false
	for i := range final {
		t, err := c.look(&final[i], before)
		if err != nil && !errors.Is(err, ethereum.ErrUnknown) && len(c.left) < maxLeft { // else the endpoint forgets old ones
			c.left = append(c.left, final[i])
			c.unsure[t] = struct{}{}
		}
	}
	for i := range u.Pending {
		t, err := c.look(&u.Pending[i], before)
		if err != nil {
			c.unsure[t] = struct{}{}
			continue
		}
		c.sound[placeOf(&u.Pending[i])] = true
	}
}

func placeOf(l *types.Log) logPlace { return logPlace{l.BlockHash, l.Index} }

// look compares one deposit with what was sent, if it is one in a channel of ours.
func (c *credits) look(l *types.Log, before map[logPlace]bool) (*token, error) {
	if before[placeOf(l)] {
		return nil, nil
	}
	event, err := evm.UnpackEvent(l)
	got, ok := event.(evm.Deposited)
	if err != nil || !ok {
		return nil, nil
	}
	d := c.n.sw.channelByID(lnwire.ChannelID(got.ID))
	if d == nil || d.token == nil || d.token.chain != c.b.chain || d.token.Token == (common.Address{}) {
		return nil, nil
	}
	if c.silent {
		return d.token, ethereum.ErrNoEndpoint
	}
	ctx, cancel := context.WithTimeout(c.n.ctx, gasPatience)
	defer cancel()
	tx, err := c.b.chain.cfg.Reader.Transaction(ctx, l.TxHash)
	if err != nil {
		c.silent = !errors.Is(err, ethereum.ErrUnknown)
		return d.token, err
	}
	sent := c.sent(tx, got)
	if sent == nil || got.Amount.ToBig().Cmp(sent) >= 0 {
		return d.token, nil
	}
	if got.Side == evm.Side(d.channel().Params(), htlc.Local) {
		d.moves.fellShort(sent, got.Amount.ToBig())
	}
	return d.token, c.n.markUnusual(d.token, fmt.Sprintf("it takes a fee or changes balances: of %v base units deposited in channel %v %v arrived",
		sent, d.id, &got.Amount))
}

// sent is what a transaction was to deposit; nil if another contract made the deposit.
func (c *credits) sent(tx *types.Transaction, got evm.Deposited) *big.Int {
	if tx.To() == nil || *tx.To() != c.b.contract {
		return nil
	}
	call, err := evm.UnpackDeposit(tx.Data())
	if err != nil || call.Side != got.Side || call.Params.ID(c.b.chain.cfg.Reader.ChainID(), c.b.contract) != got.ID {
		return nil
	}
	return call.Amount
}

// creditedSince is the block after which a contract's deposits must be looked at again at a start: where one of ours lacks
// something, it may be that a fee was taken of it. No channel is asked for after one that nobody answers for: deadlines
// are looked at when this is done.
func (n *Node) creditedSince(b *bench, head ethereum.Head) uint64 {
	since := head.Number
	var err error
	for _, d := range n.channelsOf(b) {
		if d.token.Token == (common.Address{}) {
			continue
		}
		if err == nil {
			var missing *big.Int
			missing, err = n.missingDeposit(b, d, head)
			if err == nil && (missing.Sign() <= 0 || missing.Cmp(d.token.base(n.depositTarget(d))) == 0) {
				continue // there is all of it, or nothing
			}
		}
		since = min(since, uint64(d.hint))
	}
	return since
}

// shortfall is what the last deposits of ours in a channel lost on their way, of a token that is allowed to take a fee.
type shortfall struct {
	sent, credited *big.Int // of the last one
	count          int      // since the deposits were last complete
	over           bool     // the rest isn't sent any more
}

// maxShortfalls is how often the rest is sent after a deposit that was credited with less.
const maxShortfalls = 5

func (m *moves) fellShort(sent, credited *big.Int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.short = shortfall{sent: sent, credited: credited, count: m.short.count + 1}
}

// complete says that nothing is missing any more.
func (m *moves) complete() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.short = shortfall{}
}

func (m *moves) gaveUp() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.short.over
}

// toSend is what must be sent so that what is missing arrives: its rest after the first deposit by the share that was lost of
// that, then by the amount that was lost last, for who takes the same of everything. Nil: it isn't tried again, since
// most of it would be lost, or it was tried often.
func (m *moves) toSend(missing *big.Int) *big.Int {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.short
	switch {
	case s.count == 0:
		return missing
	case s.count > maxShortfalls || new(big.Int).Lsh(s.credited, 1).Cmp(s.sent) < 0 && s.count == 1:
		m.short.over = true
		return nil
	case s.count == 1:
		v := new(big.Int).Mul(missing, s.sent)
		v.Add(v, s.credited).Sub(v, big.NewInt(1))
		return v.Div(v, s.credited)
	}
	return new(big.Int).Add(missing, new(big.Int).Sub(s.sent, s.credited))
}
