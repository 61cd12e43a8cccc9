package node

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// finalHTLC is an HTLC for an invoice, as a payer with a channel to the issuer offers it.
type finalHTLC struct {
	add     htlc.Add
	payload onion.Payload
}

func (s *stranger) forInvoice(inv Invoice, amount lnwire.MilliSatoshi) finalHTLC {
	expiry := s.net.heightNow() + uint32(inv.CLTVExpiry)
	return finalHTLC{
		add: htlc.Add{Amount: amount, Hash: inv.Hash, Expiry: expiry},
		payload: onion.Payload{Amount: amount, Expiry: expiry,
			PaymentData: &onion.PaymentData{Secret: inv.PaymentAddr, Total: amount}},
	}
}

func (s *stranger) payFinal(h finalHTLC) *told {
	s.t.Helper()
	return s.try(h.add, onion.Hop{Node: s.node.key(), Payload: h.payload})
}

// BOLT 4, "Requirements" of the final node: each rule at its limit and one off.
func TestInvoiceIsPaidOnlyByAnHTLCThatKeepsItsTerms(t *testing.T) {
	var late atomic.Int64
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) {
		c.Now = func() time.Time { return time.Unix(1_800_000_000+late.Load(), 0) }
	})
	payer := n.stranger("payer", bob)
	payer.open(10_000_000, 0)
	const asked = 50_000 * sat
	const unknown = lnwire.CodeIncorrectOrUnknownPaymentDetails
	total := func(h *finalHTLC, v lnwire.MilliSatoshi) { h.payload.PaymentData.Total = v }
	all := func(h *finalHTLC, v lnwire.MilliSatoshi) {
		h.add.Amount, h.payload.Amount = v, v
		total(h, v)
	}
	for _, c := range []struct {
		name   string
		change func(*finalHTLC)
		want   lnwire.FailCode
	}{
		{"as asked", func(*finalHTLC) {}, 0},
		{"wrong secret", func(h *finalHTLC) { h.payload.PaymentData.Secret[31] ^= 1 }, unknown},
		{"no secret", func(h *finalHTLC) { h.payload.PaymentData = nil }, unknown},
		{"unknown hash", func(h *finalHTLC) { h.add.Hash[0] ^= 1 }, unknown},
		{"a unit too little", func(h *finalHTLC) { all(h, asked-1) }, unknown},
		{"twice", func(h *finalHTLC) { all(h, 2*asked) }, 0},
		{"more than twice", func(h *finalHTLC) { all(h, 2*asked+1) }, unknown},
		{"more than twice by the last forwarder", func(h *finalHTLC) { h.add.Amount = 2*asked + 1 }, unknown},
		{"more than the onion says", func(h *finalHTLC) { h.add.Amount++ }, 0},
		{"less than the onion says", func(h *finalHTLC) { h.add.Amount-- }, lnwire.CodeFinalIncorrectHtlcAmount},
		{"no total", func(h *finalHTLC) { total(h, 0) }, unknown},
		{"huge total", func(h *finalHTLC) { total(h, 1<<63) }, unknown},
		{"expiry a block too soon", func(h *finalHTLC) { h.add.Expiry--; h.payload.Expiry-- }, unknown},
		{"expiry sooner than the onion says", func(h *finalHTLC) { h.add.Expiry-- }, lnwire.CodeFinalIncorrectCltvExpiry},
		{"expiry later than the onion says", func(h *finalHTLC) { h.add.Expiry += 1000 }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inv := bob.invoice(asked)
			h := payer.forInvoice(inv, asked)
			c.change(&h)
			got := payer.payFinal(h)
			after, err := bob.LookupInvoice(t.Context(), inv.Hash)
			require.NoError(t, err)
			if c.want == 0 {
				require.Nil(t, got)
				require.Equal(t, InvoiceSettled, after.State)
				require.Equal(t, h.add.Amount, after.AmountPaid)
				return
			}
			require.NotNil(t, got)
			require.Equal(t, c.want, got.code, "%v", got.code)
			require.Equal(t, InvoiceOpen, after.State)
		})
	}
	t.Run("expired", func(t *testing.T) {
		inv, err := bob.AddInvoice(t.Context(), AddInvoice{Amount: asked, Expiry: time.Hour})
		require.NoError(t, err)
		last := bob.invoice(asked)
		require.Nil(t, payer.payFinal(payer.forInvoice(last, asked)))
		late.Add(3601)
		got := payer.payFinal(payer.forInvoice(inv, asked))
		require.NotNil(t, got)
		require.Equal(t, unknown, got.code)
		v, err := bob.LookupInvoice(t.Context(), inv.Hash)
		require.NoError(t, err)
		require.Equal(t, InvoiceCanceled, v.State)
	})
	t.Run("amountless", func(t *testing.T) {
		inv := bob.invoice(0)
		require.Nil(t, payer.payFinal(payer.forInvoice(inv, 123*sat)))
		v, err := bob.LookupInvoice(t.Context(), inv.Hash)
		require.NoError(t, err)
		require.Equal(t, 123*sat, v.AmountPaid)
		got := payer.payFinal(payer.forInvoice(inv, 123*sat))
		require.NotNil(t, got, "it is paid once")
	})
}

// Two HTLCs for one invoice, committed together: one settles it, the other goes back.
func TestSecondHTLCForAnInvoiceThatIsBeingSettledIsRefused(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	payer := n.stranger("payer", bob)
	payer.open(1_000_000, 0)
	inv := bob.invoice(10_000 * sat)
	var adds []htlc.Input
	for range 2 {
		h := payer.forInvoice(inv, 10_000*sat)
		h.add.Onion, _ = payer.wrap(h.add.Hash, onion.Hop{Node: bob.key(), Payload: h.payload})
		adds = append(adds, h.add)
	}
	payer.step(adds...)
	payer.pump("both are resolved", func() bool { return payer.outcomes() == [2]int{1, 1} })
	payer.forgetAll()
	payer.pump("money is there", func() bool { return bob.balance() == 10_000*sat })
	n.settled(bob)
}

// outcomes counts the stranger's HTLCs that were fulfilled and failed.
func (s *stranger) outcomes() (n [2]int) {
	for _, r := range s.heard {
		switch r.(type) {
		case htlc.Fulfilled:
			n[0]++
		case htlc.Failed:
			n[1]++
		}
	}
	return n
}

func (s *stranger) forgetAll() {
	for _, r := range s.heard {
		switch r := r.(type) {
		case htlc.Fulfilled:
			s.step(htlc.Forget{ID: r.HTLC.ID})
		case htlc.Failed:
			s.step(htlc.Forget{ID: r.HTLC.ID})
		}
	}
}

func TestInvoiceRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	for name, req := range map[string]AddInvoice{
		"memo too long":         {Memo: string(make([]byte, maxMemo+1))},
		"short hash":            {DescriptionHash: make([]byte, 31)},
		"more than all bitcoin": {Amount: maxInvoiceAmount + 1},
		"negative expiry":       {Expiry: -1},
		"endless expiry":        {Expiry: maxInvoiceExpiry + 1},
		"delta too small":       {CLTVExpiry: minFinalDelta - 1},
		"delta too large":       {CLTVExpiry: maxExpiryAhead/2 + 1},
		"bad fallback address":  {FallbackAddress: "nonsense"},
		"bad hint":              {RouteHints: [][]HopHint{{{}}}},
	} {
		_, err := bob.AddInvoice(t.Context(), req)
		require.ErrorIs(t, err, ErrInvalid, name)
	}
	var preimage lntypes.Preimage
	_, err := bob.AddInvoice(t.Context(), AddInvoice{Preimage: &preimage})
	require.NoError(t, err)
	_, err = bob.AddInvoice(t.Context(), AddInvoice{Preimage: &preimage})
	require.ErrorIs(t, err, ErrDuplicate)
}

func TestListInvoicesPagesBothWays(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	for range 7 {
		bob.invoice(sat)
	}
	page := func(req ListInvoices) (got []uint64) {
		p, err := bob.ListInvoices(t.Context(), req)
		require.NoError(t, err)
		for _, v := range p.Invoices {
			got = append(got, v.AddIndex)
		}
		if len(got) > 0 {
			require.Equal(t, got[0], p.FirstOffset)
			require.Equal(t, got[len(got)-1], p.LastOffset)
		}
		return got
	}
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6, 7}, page(ListInvoices{}))
	require.Equal(t, []uint64{1, 2, 3}, page(ListInvoices{Max: 3}))
	require.Equal(t, []uint64{4, 5, 6}, page(ListInvoices{Max: 3, Offset: 3}))
	require.Equal(t, []uint64{7}, page(ListInvoices{Max: 3, Offset: 6}))
	require.Empty(t, page(ListInvoices{Offset: 7}))
	require.Equal(t, []uint64{5, 6, 7}, page(ListInvoices{Max: 3, Reversed: true}))
	require.Equal(t, []uint64{2, 3, 4}, page(ListInvoices{Max: 3, Reversed: true, Offset: 5}))
	require.Equal(t, []uint64{1}, page(ListInvoices{Max: 3, Reversed: true, Offset: 2}))
	require.Empty(t, page(ListInvoices{Reversed: true, Offset: 1}))
	require.Len(t, page(ListInvoices{Max: 1 << 63}), 7)
	require.Empty(t, page(ListInvoices{Offset: 1<<64 - 2}))
}
