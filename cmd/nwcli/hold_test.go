package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
)

func (f *fake) AddHoldInvoice(_ context.Context, in *invoicesrpc.AddHoldInvoiceRequest) (*invoicesrpc.AddHoldInvoiceResp, error) {
	f.held = in
	return &invoicesrpc.AddHoldInvoiceResp{PaymentRequest: "lnbcrt1"}, nil
}

func (f *fake) SettleInvoice(_ context.Context, in *invoicesrpc.SettleInvoiceMsg) (*invoicesrpc.SettleInvoiceResp, error) {
	f.preimage = in.Preimage
	return &invoicesrpc.SettleInvoiceResp{}, f.missing
}

func (f *fake) CancelInvoice(_ context.Context, in *invoicesrpc.CancelInvoiceMsg) (*invoicesrpc.CancelInvoiceResp, error) {
	f.canceled = in.PaymentHash
	return &invoicesrpc.CancelInvoiceResp{}, f.missing
}

func TestHoldInvoices(t *testing.T) {
	b := start(t)
	hash, preimage := strings.Repeat("ab", 32), strings.Repeat("00", 32)
	code, out, errs := b.run(t, "", "invoice", "5ksat", "tea", "--hold", hash)
	require.Zero(t, code, errs)
	require.Contains(t, out, "lnbcrt1")
	require.Contains(t, out, "nwcli hold settle")
	require.Equal(t, bytes.Repeat([]byte{0xab}, 32), b.held.Hash)
	require.EqualValues(t, 5_000_000, b.held.ValueMsat)
	require.Equal(t, "tea", b.held.Memo)
	require.EqualValues(t, 24*3600, b.held.Expiry)

	code, out, errs = b.run(t, "", "hold", "settle", preimage)
	require.Zero(t, code, errs)
	require.Contains(t, out, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925")
	require.Equal(t, make([]byte, 32), b.preimage)

	code, _, errs = b.run(t, "", "hold", "cancel", hash)
	require.Zero(t, code, errs)
	require.Equal(t, b.held.Hash, b.canceled)
}
