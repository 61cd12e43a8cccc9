package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

const (
	page     = 100   // rows, as a client's screen
	bigPage  = 1_000 // as a client that wants them all
	eachPage = 51    // times
)

// lister asks for one page behind an offset, or before it, and returns the indices of its rows and
// how many there are in all, if that is told.
type lister func(ctx context.Context, offset, most uint64, reversed bool) (indices []uint64, total uint64, err error)

func payments(n *daemon.Node) lister {
	return func(ctx context.Context, offset, most uint64, reversed bool) ([]uint64, uint64, error) {
		list, err := n.Lightning().ListPayments(ctx, &lnrpc.ListPaymentsRequest{
			IncludeIncomplete: true, IndexOffset: offset, MaxPayments: most, Reversed: reversed, CountTotalPayments: true,
		})
		var indices []uint64
		for _, p := range list.GetPayments() {
			indices = append(indices, p.PaymentIndex)
		}
		return indices, list.GetTotalNumPayments(), err
	}
}

func invoices(n *daemon.Node) lister {
	return func(ctx context.Context, offset, most uint64, reversed bool) ([]uint64, uint64, error) {
		list, err := n.Lightning().ListInvoices(ctx, &lnrpc.ListInvoiceRequest{
			IndexOffset: offset, NumMaxInvoices: most, Reversed: reversed,
		})
		var indices []uint64
		for _, v := range list.GetInvoices() {
			indices = append(indices, v.AddIndex)
		}
		return indices, 0, err
	}
}

// lists times pages at the beginning, at the end and in the middle of a list, then the whole list.
func (r *runner) lists(ctx context.Context, name string, list lister) error {
	count := uint64(r.opt.history)
	for _, p := range []struct {
		name     string
		offset   uint64
		reversed bool
		first    uint64 // of the page
	}{
		{"page", 0, false, 1},
		{"middle", count / 2, false, count/2 + 1},
		{"last", 0, true, count - page + 1},
	} {
		var took []time.Duration
		for range eachPage {
			start := time.Now()
			indices, total, err := list(ctx, p.offset, page, p.reversed)
			if err != nil {
				return err
			}
			took = append(took, time.Since(start))
			if len(indices) != page || indices[0] != p.first || indices[page-1] != p.first+page-1 || total != 0 && total != count {
				return fmt.Errorf("%s: page %s of %d from %d has %d rows, of %d: want %d from %d, of %d",
					name, p.name, page, slices.Min(append(indices, count)), len(indices), total, page, p.first, count)
			}
		}
		slices.SortFunc(took, cmp.Compare)
		r.got.set(r.of(name+"_%s_"+p.name+"_ms"), ms(took[len(took)/2]))
	}
	start := time.Now()
	for last := uint64(0); last < count; {
		indices, _, err := list(ctx, last, bigPage, false)
		if err != nil {
			return err
		}
		if len(indices) == 0 || indices[0] != last+1 {
			return fmt.Errorf("%s: the page behind %d has %d rows", name, last, len(indices))
		}
		last = indices[len(indices)-1]
	}
	took := time.Since(start)
	r.got.set(r.of(name+"_%s_all_s"), took.Seconds())
	r.say("%s of %d: page of %d p50 %.2f ms first, %.2f ms in the middle, %.2f ms last; all of them %.1fs", name, count, page,
		r.got[r.of(name+"_%s_page_ms")], r.got[r.of(name+"_%s_middle_ms")], r.got[r.of(name+"_%s_last_ms")], took.Seconds())
	return nil
}
