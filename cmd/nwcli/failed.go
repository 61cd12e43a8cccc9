package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// failedForwards lists the forwards that came to nothing, the newest first.
func (a *app) failedForwards(ctx context.Context, c *client, since time.Duration, most uint32, all bool) error {
	req := &nwnrpc.FailedForwardsRequest{Max: most}
	if since > 0 {
		req.StartTime = uint64(max(time.Now().Add(-since).Unix(), 1))
	}
	if all {
		req.Max = page
	}
	return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
		l, err := c.node.FailedForwards(ctx, req)
		if err != nil {
			return false, err
		}
		if n := len(l.Forwards); n > 0 {
			req.BeforeIndex = l.Forwards[n-1].Index
		}
		return len(l.Forwards) == int(req.Max), a.show(l, func(t *table) {
			if header {
				t.row("TIME", "FROM", "TO", "IN", "OUT", "WHY")
			}
			for _, f := range l.Forwards {
				t.row(time.Unix(0, int64(f.TimestampNs)).Format("2006-01-02 15:04:05"), scid(f.ChanIdIn), scid(f.ChanIdOut),
					orUnknown(f.AmtInMsat), orUnknown(f.AmtOutMsat), why(f))
			}
		})
	})
}

// orUnknown is an amount that a restart may have forgotten.
func orUnknown(m uint64) string {
	if m == 0 {
		return "unknown"
	}
	return msat(m).String()
}

// why is the reason in words, and as the sender was told it.
func why(f *nwnrpc.FailedForward) string {
	if f.FailedBehind {
		return f.Reason
	}
	return fmt.Sprintf("%s (%s)", f.Reason, strings.ToLower(strings.ReplaceAll(f.WireFailure.String(), "_", " ")))
}
