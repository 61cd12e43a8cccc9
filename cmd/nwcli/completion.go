package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

// A shell waits for completions while a person looks at it, so that they are few and the
// daemon is not waited for.
const (
	completeTimeout = time.Second
	maxCompletions  = 50
)

func (a *app) completion() *cobra.Command {
	return &cobra.Command{
		Use:   "completion <bash|zsh|fish>",
		Short: "Print a script that completes command lines",
		Long: "Print a script that makes a shell complete command lines of nwcli: commands, flags and what\n" +
			"the daemon knows: channels, peers, hashes of payments and invoices.",
		Example:   "  nwcli completion bash > ~/.local/share/bash-completion/completions/nwcli",
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"bash", "zsh", "fish"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			}
			return usage("there is no completion for %q; bash, zsh and fish have one", args[0])
		},
	}
}

// offers is what an argument can be, each with a word about it. What can't be found out
// is not offered; a shell has no place for errors.
type offers func(context.Context, *client) ([][2]string, error)

// completes offers values for the first argument.
func (a *app) completes(find offers) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		err := a.wait(func(ctx context.Context, c *client, _ []string) error {
			ctx, cancel := context.WithTimeout(ctx, completeTimeout)
			defer cancel()
			found, err := find(ctx, c)
			for _, f := range found {
				if strings.HasPrefix(f[0], begun) && len(out) < maxCompletions {
					out = append(out, f[0]+"\t"+clean(f[1]))
				}
			}
			return err
		})(cmd, nil)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

func openChannels(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.ListChannels(ctx, &lnrpc.ListChannelsRequest{PeerAliasLookup: true})
	for _, ch := range l.GetChannels() {
		about := fmt.Sprintf("%s, ours %s sat", ch.PeerAlias, sats(ch.LocalBalance))
		out = append(out, [2]string{scid(ch.ChanId), about})
	}
	return out, err
}

func connectedPeers(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.ListPeers(ctx, &lnrpc.ListPeersRequest{})
	for _, p := range l.GetPeers() {
		out = append(out, [2]string{p.PubKey, p.Address})
	}
	return out, err
}

// knownNodes are those whose key one might want: the peers of our channels.
func knownNodes(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.ListChannels(ctx, &lnrpc.ListChannelsRequest{PeerAliasLookup: true})
	for _, ch := range l.GetChannels() {
		out = append(out, [2]string{ch.RemotePubkey, ch.PeerAlias})
	}
	return out, err
}

func madePayments(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.ListPayments(ctx, &lnrpc.ListPaymentsRequest{
		MaxPayments: maxCompletions, Reversed: true, IncludeIncomplete: true, OmitHops: true,
	})
	for _, p := range l.GetPayments() {
		out = append(out, [2]string{p.PaymentHash, paymentState(p) + ", " + msat(p.ValueMsat).String()})
	}
	return out, err
}

func madeInvoices(ctx context.Context, c *client) (out [][2]string, err error) {
	l, err := c.ListInvoices(ctx, &lnrpc.ListInvoiceRequest{NumMaxInvoices: maxCompletions, Reversed: true})
	for _, i := range l.GetInvoices() {
		out = append(out, [2]string{hex.EncodeToString(i.RHash), invoiceState(i) + ", " + orAny(i.ValueMsat) + " " + i.Memo})
	}
	return out, err
}

// addCompletions gives the commands that name something nwnd knows their offers.
func (a *app) addCompletions(root *cobra.Command) {
	for path, find := range map[string]offers{
		"close": openChannels, "policy set": openChannels, "disconnect": connectedPeers, "open": connectedPeers,
		"keysend": knownNodes, "route": knownNodes, "graph": knownNodes,
		"bumpfee": pendingSweeps, "payments": madePayments, "lookupinvoice": madeInvoices, "hold cancel": madeInvoices,
	} {
		if c, _, err := root.Find(strings.Fields(path)); err == nil {
			c.ValidArgsFunction = a.completes(find)
		}
	}
}
