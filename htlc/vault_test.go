package htlc_test

import (
	"bytes"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// newVault is a world whose chain takes deposits and pays out.
func newVault(t *testing.T) *htlctest.World {
	t.Helper()
	cfg := configs()["vault"]
	return newWorld(t, func(c *htlctest.Config) { *c = cfg })
}

// saw is what a node sees: so much of its own and of the peer's.
func saw(ours, theirs htlc.Sat) htlc.Seen { return htlc.Seen{Deposited: [2]htlc.Sat{ours, theirs}} }

const capacity = 100_000_000 // the first node's deposit

func TestADepositCountsOnceBothSawIt(t *testing.T) {
	w := newVault(t)
	a, eff := step(t, w.Nodes[0].Channel, saw(capacity+500, 0), offer(1_000_000))
	require.Len(t, sent[*htlc.UpdateDeposit](eff), 1)
	require.EqualValues(t, capacity+500, sent[*htlc.UpdateDeposit](eff)[0].Total)
	require.Len(t, sent[*lnwire.CommitSig](eff), 1)

	// All of it waits: nothing is revoked for money that this side hasn't seen.
	b, waits := step(t, w.Nodes[1].Channel, received(eff)...)
	require.Empty(t, waits.Facts)
	require.Empty(t, waits.Send)
	require.Equal(t, htlc.DepositAwaited{Total: capacity + 500}, results[htlc.DepositAwaited](waits)[0])
	require.EqualValues(t, capacity+500, b.Awaited())
	b, waits = step(t, b, saw(0, capacity+499))
	require.Empty(t, waits.Send)
	b, eff = step(t, b, saw(0, capacity+500))
	require.Zero(t, b.Awaited())
	require.Len(t, sent[*lnwire.RevokeAndAck](eff), 1)
	w.Nodes[0].Channel, w.Nodes[1].Channel = a, b
	got := relay(t, w, 1, eff.Send)
	for _, n := range w.Nodes {
		require.EqualValues(t, capacity+500, n.Channel.Capacity())
	}
	require.Contains(t, got, htlc.DepositCounted{Side: htlc.Local, Total: capacity + 500})
	require.Contains(t, got, htlc.DepositCounted{Side: htlc.Remote, Total: capacity + 500})
	require.EqualValues(t, capacity+500, w.Nodes[0].Channel.Deposited(htlc.Local))
	com, _, err := w.Nodes[1].Channel.LocalCommitment()
	require.NoError(t, err)
	require.Equal(t, [2]htlc.Sat{0, capacity + 500}, com.Deposited)
	require.EqualValues(t, 50_000_500_000-1_000_000, com.Balance[htlc.Remote])

	// What was counted isn't announced again.
	_, eff = step(t, w.Nodes[0].Channel, saw(capacity+500, 0), saw(capacity, 0))
	require.Empty(t, eff)
}

// What was added can be spent, in an HTLC larger than the channel was when it was opened, and what was
// taken out can't.
func TestMoneyThatWasAddedIsSpent(t *testing.T) {
	w := newVault(t)
	limits := w.Nodes[1].Channel.Params().Terms[htlc.Local].MaxInFlight
	require.EqualValues(t, 100_000_000_000, limits)
	before := w.Nodes[0].Channel.Spendable()
	w.Deposit(0, 50_000_000)
	w.Look(0)
	w.Look(1)
	w.Settle()
	require.Equal(t, before+50_000_000_000, w.Nodes[0].Channel.Spendable())
	w.Withdraw(0, 20_000_000)
	w.Settle()
	require.Equal(t, before+30_000_000_000, w.Nodes[0].Channel.Spendable())
	require.Equal(t, w.Nodes[0].Channel.Spendable(), w.Nodes[1].Channel.Receivable())
	w.Deposit(0, 100_000_000)
	w.Look(0)
	w.Look(1)
	w.Settle()
	require.EqualValues(t, limits, w.Nodes[0].Channel.Spendable(), "max_htlc_value_in_flight")
	w.Add(0, limits)
	w.Feed(0)
	w.Settle()
	require.NoError(t, w.Err)
	require.Len(t, w.Nodes[1].Channel.HTLCs(), 1)
	require.EqualValues(t, 80_000_000_000, w.Nodes[0].Channel.Balance(htlc.Local))
}

// received is what a peer gets.
func received(eff htlc.Effects) (in []htlc.Input) {
	for _, m := range eff.Send {
		in = append(in, htlc.Recv{Msg: m})
	}
	return in
}

// A connection's end forgets what was held back and what was announced and not signed; both come again.
func TestADepositIsToldAgain(t *testing.T) {
	w := newVault(t)
	a, _, err := w.Nodes[0].Channel.Step(saw(capacity+1, 0)) // Step doesn't announce
	require.NoError(t, err)
	a, eff := step(t, a)
	b, _ := step(t, w.Nodes[1].Channel, received(eff)...)
	b, _ = step(t, b, htlc.Disconnected{})
	require.Zero(t, b.Awaited())
	a, err = htlc.Decode(a.Encode(), htlctest.Vault{Format: htlctest.Format{OneSig: true, NoFees: true}}, htlctest.NewSigner("opener"))
	require.NoError(t, err)
	a, hello := step(t, a, htlc.Connected{}, saw(capacity+1, 0))
	b, back := step(t, b, append([]htlc.Input{htlc.Connected{}}, received(hello)...)...)
	a, eff = step(t, a, received(back)...)
	require.Len(t, sent[*htlc.UpdateDeposit](eff), 1)
	b, eff = step(t, b, received(eff)...)
	require.Len(t, results[htlc.DepositAwaited](eff), 1)
	w.Nodes[0].Channel, w.Nodes[1].Channel = a, b
	b, eff = step(t, b, saw(0, capacity+1))
	w.Nodes[1].Channel = b
	relay(t, w, 1, eff.Send)
	require.EqualValues(t, capacity+1, w.Nodes[1].Channel.Capacity())
}

// A preimage is worth its HTLC even behind a deposit that this side can't see.
func TestAPreimageBehindAnUnseenDepositCountsAtOnce(t *testing.T) {
	w := newVault(t)
	c, eff := step(t, w.Nodes[0].Channel, offer(1_000_000))
	w.Nodes[0].Channel = c
	relay(t, w, 0, eff.Send)
	c, eff = step(t, w.Nodes[0].Channel,
		htlc.Recv{Msg: &htlc.UpdateDeposit{ChanID: c.ID(), Total: 5}},
		htlc.Recv{Msg: &lnwire.UpdateFulfillHTLC{ChanID: c.ID(), ID: 0, PaymentPreimage: secret}})
	require.Len(t, results[htlc.Fulfilled](eff), 1)
	require.Len(t, eff.Facts, 1)
	c, eff = step(t, c, saw(0, 5))
	require.Empty(t, results[htlc.Fulfilled](eff), "told once")
	require.Equal(t, "RCVD_REMOVE_HTLC", c.HTLCs()[0].State)
}

func TestWhatWaitsForADepositIsBounded(t *testing.T) {
	w := newVault(t)
	c, _ := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &htlc.UpdateDeposit{Total: 5}})
	for i := range 4 * 483 {
		next, eff, err := c.StepAll([]htlc.Input{htlc.Recv{Msg: wireAdd(c, uint64(i), 1000)}})
		if err != nil {
			require.Equal(t, 4*483-1, i)
			require.Equal(t, htlc.Warn, htlctest.Blame(err).Reaction)
			break
		}
		require.Empty(t, eff)
		c = next
	}
	large, _ := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &htlc.UpdateDeposit{Total: 5}})
	var err error
	for i := 0; err == nil; i++ {
		require.Less(t, i, 80)
		large, _, err = large.StepAll([]htlc.Input{htlc.Recv{Msg: &lnwire.UpdateFailHTLC{Reason: make([]byte, 60_000)}}})
	}
	require.Equal(t, htlc.Warn, htlctest.Blame(err).Reaction)
}

// A refused message that was held back leaves no trace, and those before it stand.
func TestWhatWasHeldBackIsCheckedLikeAnyOther(t *testing.T) {
	w := newVault(t)
	c, _ := step(t, w.Nodes[0].Channel, htlc.Recv{Msg: &htlc.UpdateDeposit{Total: 5}},
		htlc.Recv{Msg: wireAdd(w.Nodes[0].Channel, 0, 1000)}, htlc.Recv{Msg: wireAdd(w.Nodes[0].Channel, 7, 1000)})
	next, _, err := c.StepAll([]htlc.Input{saw(0, 5)})
	require.Equal(t, htlc.Warn, htlctest.Blame(err).Reaction)
	require.Len(t, next.HTLCs(), 1)
}

func TestWhatThePeerMustNotDepositOrWithdraw(t *testing.T) {
	in := func(n htlc.Sat) lnwire.Message { return &htlc.UpdateDeposit{Total: n} }
	out := func(n htlc.Sat) lnwire.Message { return &htlc.UpdateWithdraw{Total: n} }
	signed := func(a, b htlc.Sat) lnwire.Message { return &htlc.WithdrawSigned{TotalA: a, TotalB: b} }
	open := func(c *htlc.Channel) *htlc.Channel { c, _ = step(t, c, saw(0, 1000)); return c }
	for name, tc := range map[string]struct {
		before func(c *htlc.Channel) *htlc.Channel
		msg    lnwire.Message
		want   string
	}{
		"nothing":                  {open, in(0), "1..9223372036854775"},
		"more than there can be":   {open, in(htlc.MaxCapacity), "in all"},
		"more than an amount":      {open, in(htlc.MaxCapacity + 1), "1..9223372036854775"},
		"no withdrawal":            {open, out(0), "1..9223372036854775"},
		"what it hasn't":           {open, out(50_000_000), "must keep 10000000 msat"},
		"its reserve":              {open, out(50_000_000 - 9_999), "lacks 1000"},
		"a signature ahead of it":  {open, signed(0, 1), "must be in 0..0"},
		"a signature on our money": {open, signed(1, 0), "must be in 0..0"},
		"a second one": {func(c *htlc.Channel) *htlc.Channel {
			c, _ = step(t, open(c), htlc.Recv{Msg: in(10)})
			return c
		}, in(20), "while one of 10 is under way"},
		"a second withdrawal": {func(c *htlc.Channel) *htlc.Channel {
			c, _ = step(t, open(c), htlc.Recv{Msg: out(10)})
			return c
		}, out(20), "while one of 10 is under way"},
		"a deposit after shutdown": {func(c *htlc.Channel) *htlc.Channel {
			c, _ = step(t, open(c), htlc.Recv{Msg: &lnwire.Shutdown{Address: []byte{0, 9}}})
			return c
		}, in(10), "after shutdown"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newVault(t).Nodes[0].Channel
			if name == "a deposit after shutdown" {
				c, _ = step(t, c, offer(1_000_000)) // keeps it from being drained
			}
			require.ErrorContains(t, blame(t, tc.before(c), htlc.FailChannel, tc.msg), tc.want)
		})
	}
	for _, msg := range []lnwire.Message{in(1), out(1), signed(0, 1)} {
		bitcoin := newWorld(t, nil).Nodes[0].Channel
		require.ErrorContains(t, blame(t, bitcoin, htlc.Warn, msg), "whose chain takes none")
	}
	bitcoin := newWorld(t, nil).Nodes[0].Channel
	_, _, err := bitcoin.StepAll([]htlc.Input{saw(1, 1)})
	require.ErrorContains(t, err, "takes none")
	_, eff := step(t, bitcoin, htlc.Withdraw{Total: 1})
	require.ErrorIs(t, results[htlc.NotWithdrawn](eff)[0].Err, htlc.ErrWithdrawal)
}

func TestAWithdrawalIsRefused(t *testing.T) {
	c := newVault(t).Nodes[0].Channel
	why := func(c *htlc.Channel, total htlc.Sat) error {
		before := c.Encode()
		next, eff := step(t, c, htlc.Withdraw{Total: total})
		require.Equal(t, before, next.Encode())
		require.Empty(t, eff.Send)
		require.Equal(t, total, results[htlc.NotWithdrawn](eff)[0].Total)
		return results[htlc.NotWithdrawn](eff)[0].Err
	}
	require.ErrorIs(t, why(c, 0), htlc.ErrWithdrawal)
	require.ErrorIs(t, why(c, htlc.MaxCapacity+1), htlc.ErrWithdrawal)
	require.ErrorIs(t, why(c, 49_990_001), htlc.ErrReserve, "it leaves the reserve")
	busy, eff := step(t, c, htlc.Withdraw{Total: 49_990_000})
	require.Len(t, sent[*htlc.UpdateWithdraw](eff), 1)
	_, eff = step(t, busy, htlc.Withdraw{Total: 49_990_001})
	require.ErrorContains(t, results[htlc.NotWithdrawn](eff)[0].Err, "under way")
	away, _ := step(t, c, htlc.Disconnected{})
	require.ErrorIs(t, why(away, 1), htlc.ErrNotOpen)
	dropped, _, err := c.Step(htlc.Withdraw{Total: 7})
	require.NoError(t, err)
	_, eff = step(t, dropped, htlc.Disconnected{})
	require.EqualValues(t, 7, results[htlc.NotWithdrawn](eff)[0].Total, "it was never signed")
}

// exchange lets a node take what the other sent, and gives its answer.
func exchange(t *testing.T, w *htlctest.World, to int, eff htlc.Effects) htlc.Effects {
	t.Helper()
	next, back := step(t, w.Nodes[to].Channel, received(eff)...)
	w.Nodes[to].Channel = next
	return back
}

// withdraw_signed goes when every unrevoked state of both sides accounts for it, not a message before.
func TestAWithdrawalIsSignedOnceEveryStateAccountsForIt(t *testing.T) {
	w := newVault(t)
	next, eff := step(t, w.Nodes[0].Channel, htlc.Withdraw{Total: 40})
	w.Nodes[0].Channel = next
	for i := 1; ; i = 1 - i {
		grants := sent[*htlc.WithdrawSigned](eff)
		for _, n := range w.Nodes {
			local, _, err := n.Channel.LocalCommitment()
			require.NoError(t, err)
			if len(grants) > 0 {
				require.EqualValues(t, 40, local.Withdrawn[htlc.Local]+local.Withdrawn[htlc.Remote])
			}
		}
		if len(grants) > 0 {
			require.Equal(t, 1, i, "the one that asked revoked last, and signs first")
			require.IsType(t, &lnwire.RevokeAndAck{}, eff.Send[0], "the revocation goes before")
			require.EqualValues(t, 40, grants[0].TotalA)
			break
		}
		require.NotEmpty(t, eff.Send)
		eff = exchange(t, w, i, eff)
	}
	back := exchange(t, w, 1, eff)
	require.Len(t, sent[*htlc.WithdrawSigned](back), 1)
	done := results[htlc.WithdrawDone](back)[0]
	require.Equal(t, [2]htlc.Sat{0, 40}, done.Total)
	require.Contains(t, w.Nodes[1].Channel.Pending(), htlc.Result(done), "until it was paid")
	eff = exchange(t, w, 0, back)
	mine := results[htlc.WithdrawDone](eff)[0]
	require.Equal(t, [2]lnwire.Sig{done.Sigs[1], done.Sigs[0]}, mine.Sigs)
	require.EqualValues(t, capacity-40, w.Nodes[0].Channel.Capacity())
	paid, _ := step(t, w.Nodes[1].Channel, htlc.Seen{Withdrawn: [2]htlc.Sat{0, 40}})
	require.Empty(t, paid.Pending())

	// It is sent again over a new connection, and never for less.
	c, _ := step(t, w.Nodes[0].Channel, htlc.Disconnected{}, htlc.Connected{})
	_, hello := step(t, w.Nodes[1].Channel, htlc.Disconnected{}, htlc.Connected{})
	c, eff = step(t, c, received(hello)...)
	require.EqualValues(t, 40, sent[*htlc.WithdrawSigned](eff)[0].TotalA)
	require.ErrorContains(t, blame(t, c, htlc.FailChannel, &htlc.WithdrawSigned{TotalA: 39}), "must be in 40..40")
	for _, halted := range []htlc.Input{htlc.Halt{}, htlc.FundingSpent{}} {
		stopped, _ := step(t, w.Nodes[1].Channel, halted)
		require.Empty(t, stopped.Pending(), "nothing is paid out of a channel that closes")
	}
}

func TestTheSignatureOnAWithdrawalIsChecked(t *testing.T) {
	w := newVault(t)
	next, eff := step(t, w.Nodes[0].Channel, htlc.Withdraw{Total: 40})
	w.Nodes[0].Channel = next
	for i := 1; len(sent[*htlc.WithdrawSigned](eff)) == 0; i = 1 - i {
		eff = exchange(t, w, i, eff)
	}
	msg := *sent[*htlc.WithdrawSigned](eff)[0]
	eff.Send = eff.Send[:1]
	exchange(t, w, 1, eff)
	raw := bytes.Clone(msg.Signature.RawBytes())
	raw[5] ^= 1
	msg.Signature, _ = lnwire.NewSigFromWireECDSA(raw)
	require.ErrorContains(t, blame(t, w.Nodes[1].Channel, htlc.FailChannel, &msg), "withdraw_signed for 40 and 0")
}

// Once it is durable that the channel will close, nothing is signed or revoked: a state that was
// posted may not become one that can be punished.
func TestAChannelThatWillCloseNeverRevokesAgain(t *testing.T) {
	w := newVault(t)
	_, eff := step(t, w.Nodes[1].Channel, offer(1_000_000), saw(10, 0), htlc.Withdraw{Total: 5})
	require.Len(t, sent[*lnwire.CommitSig](eff), 1)
	waiting, _ := step(t, w.Nodes[0].Channel, received(eff)...) // for the deposit
	for name, c := range map[string]*htlc.Channel{"idle": w.Nodes[0].Channel, "waiting": waiting} {
		t.Run(name, func(t *testing.T) {
			c, _ := step(t, c, htlc.Halt{Reason: "will close"})
			number, _ := c.Numbers()
			again, err := htlc.Decode(c.Encode(), htlctest.Vault{}, htlctest.NewSigner("opener"))
			require.NoError(t, err)
			again, _ = step(t, again, htlc.Connected{})
			for _, c := range []*htlc.Channel{c, again} {
				in := append(received(eff), saw(capacity+9, 10), offer(1e6), htlc.Withdraw{Total: 1},
					htlc.Shutdown{Script: []byte{0, 1}}, htlc.Recv{Msg: &lnwire.ChannelReestablish{
						NextLocalCommitHeight: 2, RemoteCommitTailHeight: 0,
					}})
				c, eff := step(t, c, in...)
				require.Empty(t, eff.Facts)
				for _, m := range eff.Send {
					require.IsType(t, &lnwire.Error{}, m)
				}
				n, _ := c.Numbers()
				require.Equal(t, number, n)
			}
		})
	}
}

// After the cooperative close is signed nothing else is, deposits and withdrawals neither.
func TestNothingIsSignedAfterACooperativeClose(t *testing.T) {
	w := newVault(t)
	w.Deposit(1, 70)
	w.Look(0)
	w.Look(1)
	w.Settle()
	w.Withdraw(0, 30)
	w.Settle()
	w.Close(0)
	require.NoError(t, w.Err)
	for _, n := range w.Nodes {
		c := n.Channel
		require.Equal(t, htlc.Closing, c.State())
		_, eff := step(t, c, saw(capacity+9, capacity+9), htlc.Withdraw{Total: 40}, offer(1e6))
		require.Empty(t, eff.Send)
		require.Empty(t, eff.Facts)
		blame(t, c, htlc.Warn, &htlc.UpdateDeposit{Total: 1000})
		blame(t, c, htlc.Warn, &htlc.UpdateWithdraw{Total: 1000})
	}
}

// What is stored of a channel that money went in and out of is read bit by bit.
func TestMoneyIsReplayed(t *testing.T) {
	w := newVault(t)
	for i := range w.Nodes { // in the middle of both
		w.Deposit(i, 100)
		w.Look(i)
		w.Withdraw(i, 10)
		w.Look(1 - i)
		w.Settle()
		w.Deposit(i, 1000)
		w.Look(i)
		w.Withdraw(i, 10)
	}
	require.NoError(t, w.Err)
	for i, n := range w.Nodes {
		format, signer := htlctest.Vault{Format: htlctest.Format{OneSig: true, NoFees: true}}, htlctest.NewSigner([]string{"opener", "acceptor"}[i])
		b := n.Channel.Encode()
		c, err := htlc.Decode(b, format, signer)
		require.NoError(t, err)
		require.Equal(t, b, c.Encode())
		require.EqualValues(t, n.Channel.Capacity(), c.Capacity())
		require.NotZero(t, n.Channel.Withdrawn(htlc.Local))
		for k := range b {
			_, err := htlc.Decode(b[:k], format, signer)
			require.ErrorIs(t, err, htlc.ErrCorrupt)
			flipped := bytes.Clone(b)
			flipped[k] ^= 1 << (k % 8)
			if c, err := htlc.Decode(flipped, format, signer); err == nil {
				c.Pending()
				c.Spendable()
				_, _, _ = c.StepAll([]htlc.Input{htlc.Connected{}, saw(2000, 2000), htlc.Recv{Msg: &lnwire.ChannelReestablish{NextLocalCommitHeight: 3, RemoteCommitTailHeight: 2}}})
			}
		}
	}
}

func TestMessagesOfTokenChannelsGoOverTheWire(t *testing.T) {
	sig, err := lnwire.NewSigFromWireECDSA(bytes.Repeat([]byte{0xab}, 64))
	require.NoError(t, err)
	id := lnwire.ChannelID{1, 31: 2}
	for msg, size := range map[lnwire.Message]int{
		&htlc.UpdateDeposit{ChanID: id, Total: htlc.MaxCapacity}: 40,
		&htlc.UpdateWithdraw{ChanID: id, Total: 1}:               40,
		&htlc.WithdrawSigned{
			ChanID: id, TotalA: 5, TotalB: htlc.MaxCapacity, Signature: sig,
		}: 112,
	} {
		require.EqualValues(t, 1, msg.MsgType()%2, "odd: BOLT 1 lets it be ignored")
		require.True(t, htlc.IsCustom(msg.MsgType()))
		var b bytes.Buffer
		_, err := lnwire.WriteMessage(&b, msg, 0)
		require.NoError(t, err)
		require.Equal(t, 2+size, b.Len())
		read, err := lnwire.ReadMessage(&b, 0)
		require.NoError(t, err)
		raw := read.(*lnwire.Custom)
		at, ok := htlc.CustomChannel(raw)
		require.True(t, ok)
		require.Equal(t, id, at)
		for n := range raw.Data {
			require.Error(t, emptyLike(msg).Decode(bytes.NewReader(raw.Data[:n]), 0))
		}
		again := emptyLike(msg)
		require.NoError(t, again.Decode(bytes.NewReader(append(raw.Data, 1, 2, 3)), 0), "more behind it is for later")
		require.Equal(t, msg, again)
		raw.Data[32] = 0xff
		require.ErrorContains(t, emptyLike(msg).Decode(bytes.NewReader(raw.Data), 0), "at most 9223372036854775")
		blame(t, newVault(t).Nodes[0].Channel, htlc.FailChannel, raw)
	}
	_, ok := htlc.CustomChannel(&lnwire.Custom{Type: htlc.MsgUpdateDeposit, Data: make([]byte, 31)})
	require.False(t, ok)
	_, ok = htlc.CustomChannel(&lnwire.Custom{Type: 40_967, Data: make([]byte, 40)})
	require.False(t, ok)
	blame(t, newVault(t).Nodes[0].Channel, htlc.Warn, &lnwire.Custom{Type: 40_967})
}

func emptyLike(msg lnwire.Message) lnwire.Message {
	switch msg.(type) {
	case *htlc.UpdateDeposit:
		return &htlc.UpdateDeposit{}
	case *htlc.UpdateWithdraw:
		return &htlc.UpdateWithdraw{}
	}
	return &htlc.WithdrawSigned{}
}
