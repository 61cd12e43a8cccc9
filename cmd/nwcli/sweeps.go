package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) sweeps() *cobra.Command {
	return &cobra.Command{
		Use:   "sweeps",
		Short: "List the outputs of channels that are to be taken",
		Long: "List the outputs of channels on chain that are to be taken: by which transaction, at what fee, how much at most\n" +
			"is paid for each, and until when it must be ours. Fees rise by themselves as that comes nearer; nwcli bumpfee\n" +
			"raises one at once.",
		Example: "  nwcli sweeps",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.node.Sweeps(ctx, &nwnrpc.SweepsRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				t.row("OUTPUT", "SAT", "WHAT", "FEE", "AT MOST", "SAT/VBYTE", "TRIES", "UNTIL", "HOW FAR", "BY TRANSACTION", "OF CHANNEL")
				for _, s := range l.Sweeps {
					until := "-"
					if s.DeadlineHeight != 0 {
						until = fmt.Sprintf("block %d", s.DeadlineHeight)
					}
					t.row(s.Outpoint, sats(s.AmountSat), s.What, sats(s.FeeSat), sats(s.BudgetSat), perVByte(s.SatPerKw), s.Attempts,
						until, howFar(s), orDash(s.Txid), orDash(s.ChannelPoint))
				}
			})
		}),
	}
}

var sweepStates = map[nwnrpc.SweepState]string{
	nwnrpc.SweepState_SWEEP_WAITS: "waits", nwnrpc.SweepState_SWEEP_PUBLISHED: "published", nwnrpc.SweepState_SWEEP_REFUSED: "refused",
	nwnrpc.SweepState_SWEEP_UNECONOMIC: "not worth its fee", nwnrpc.SweepState_SWEEP_STUCK: "stuck",
}

// howFar says how far a sweep is, and why no further.
func howFar(s *nwnrpc.Sweep) string {
	if s.Note == "" {
		return sweepStates[s.State]
	}
	return sweepStates[s.State] + ": " + s.Note
}

// perVByte is a rate in satoshis for a thousand weight units as people know it.
func perVByte(perKW uint64) string { return fmt.Sprintf("%.2f", float64(perKW)*4/1000) }

// sweep finds what is being taken by its output; nil if it isn't, or nobody tells.
func (c *client) sweep(ctx context.Context, outpoint string) (*nwnrpc.Sweep, error) {
	l, err := c.node.Sweeps(ctx, &nwnrpc.SweepsRequest{})
	if status.Code(err) == codes.Unimplemented {
		return nil, nil
	}
	for _, s := range l.GetSweeps() {
		if s.Outpoint == outpoint {
			return s, nil
		}
	}
	return nil, err
}

func pendingSweeps(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.node.Sweeps(ctx, &nwnrpc.SweepsRequest{})
	for _, s := range l.GetSweeps() {
		out = append(out, [2]string{s.Outpoint, s.What + ", " + sats(s.AmountSat) + " sat"})
	}
	return out, err
}
