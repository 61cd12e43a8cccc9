package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) alerts() *cobra.Command {
	return &cobra.Command{
		Use:   "alerts",
		Short: "List what is wrong now",
		Long: "List what is wrong now and what to do, the oldest first: a deadline that is near, a peer that cheats, a chain\n" +
			"source that says nothing, funds spent in a way that isn't known, too few coins to raise fees, old data.",
		Example: "  nwcli alerts",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.node.Alerts(ctx, &nwnrpc.AlertsRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				if len(l.Alerts) == 0 {
					t.row("nothing is wrong")
					return
				}
				t.row("SINCE", "KIND", "CHANNEL POINT", "WHAT")
				for _, v := range l.Alerts {
					t.row(ago(v.Since), v.Kind, orDash(v.ChannelPoint), v.Text)
				}
			})
		}),
	}
}

// alarms shows what is wrong, before anything else. A daemon that can't tell has nothing to show.
func (c *client) alarms(ctx context.Context, t *table) {
	l, err := c.node.Alerts(ctx, &nwnrpc.AlertsRequest{})
	if err != nil {
		if status.Code(err) != codes.Unimplemented {
			t.row("ALERTS", "unknown: "+status.Convert(err).Message())
		}
		return
	}
	for _, v := range l.Alerts {
		t.row("ALERT", alarm(v))
	}
}

// alarm is an alert in one line.
func alarm(v *nwnrpc.Alert) string {
	if v.ChannelPoint == "" || strings.Contains(v.Text, v.ChannelPoint) {
		return v.Text
	}
	return v.Text + " (channel " + v.ChannelPoint + ")"
}

// orDash is text for a cell that may be empty.
func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
