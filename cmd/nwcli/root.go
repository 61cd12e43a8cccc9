package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

const long = `nwcli talks to nwnd. It finds the daemon by the daemon's own configuration file.

Amounts are satoshis unless they say otherwise: 1500msat, 50000, 50ksat, 0.0005btc. Those of other assets
are whole tokens, with their symbol or --asset: 12.5MILES, or 12.5 --asset=MILES.

--json prints any answer with the API's field names, and errors as {"error", "code", "exit"};
--get prints one field of it: nwcli channels --get channels.0.channel_point

It exits with 0 if all went well, 1 if not, 2 if the command line can't be meant, 3 if a
payment failed for good, 4 if it isn't known how it ended, 5 if nwnd is off, locked or starting.`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:               "nwcli",
		Short:             "Talk to nwnd",
		Long:              long,
		Example:           "  nwcli getinfo",
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRun:  func(*cobra.Command, []string) { a.json = a.json || a.get != "" },
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.where.dir, "nwnddir", "", "nwnd's directory (default ~/.nwnd)")
	f.StringVar(&a.where.file, "configfile", "", "nwnd's configuration file (default <nwnddir>/nwnd.conf)")
	f.StringVar(&a.where.network, "network", "", "network, where the configuration file chooses none")
	f.StringVar(&a.where.address, "rpcserver", "", "nwnd's API, host:port")
	f.StringVar(&a.where.cert, "tlscertpath", "", "nwnd's certificate")
	f.StringVar(&a.where.macaroon, "macaroonpath", "", "macaroon to use (default: the admin's)")
	f.BoolVar(&a.json, "json", false, "print JSON, with the API's field names")
	f.StringVar(&a.get, "get", "", "print one `field` of the JSON")
	f.BoolVarP(&a.yes, "yes", "y", false, "don't ask before coins move")

	for _, g := range a.groups() {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = g.id
			root.AddCommand(c)
		}
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if number := after(err.Error(), " in -"); number != err.Error() && strings.Trim(number[:1], "0123456789.") == "" {
			return usage("amount \"-%s\" is below nothing", number)
		}
		return usage("%v; %s --help lists the flags", err, c.CommandPath())
	})
	for _, c := range root.Commands() {
		sayArguments(c)
	}
	a.addCompletions(root)
	return root
}

// group is a part of the list that help prints.
type group struct {
	id, title string
	commands  []*cobra.Command
}

func (a *app) groups() []group {
	return []group{
		{"start", "Start:", []*cobra.Command{a.create(), a.unlock(), a.changePassword(), a.recovery(), a.state(), a.stop(), a.completion()}},
		{"node", "The node:", []*cobra.Command{a.getInfo(), a.alerts(), a.peers(), a.connect(), a.disconnect(), a.signMessage(), a.verifyMessage()}},
		{"daemon", "The daemon:", []*cobra.Command{a.versions(), a.debugLevel(), a.bakeMacaroon()}},
		{"assets", "Assets other than bitcoin:", []*cobra.Command{a.assets(), a.deposit(), a.withdraw(), a.points(), a.meter()}},
		{"chain", "Coins on chain:", []*cobra.Command{a.balance(), a.funds(), a.unspent(), a.transactions(), a.address(), a.send(), a.bumpFee(), a.sweeps()}},
		{"channels", "Channels:", []*cobra.Command{
			a.open(), a.channels(), a.pending(), a.closeChannel(), a.closedChannels(), a.policy(), a.forwards(), a.backup(),
		}},
		{"pay", "Payments:", []*cobra.Command{
			a.invoice(), a.invoices(), a.lookupInvoice(), a.hold(), a.decode(), a.pay(), a.keysend(), a.payments(),
		}},
		{"network", "The network:", []*cobra.Command{a.graph(), a.route()}},
	}
}

// sayArguments makes a command, and those below it, say what arguments it takes when it
// is given others, and a command that only has others below it name them.
func sayArguments(c *cobra.Command) {
	var below []string
	for _, sub := range c.Commands() {
		sayArguments(sub)
		below = append(below, sub.Name())
	}
	takes := c.Args
	c.Args = func(cmd *cobra.Command, args []string) error {
		if takes == nil || takes(cmd, args) != nil {
			return wrongArguments(cmd, args, below)
		}
		return nil
	}
	if !c.Runnable() {
		c.RunE = func(cmd *cobra.Command, args []string) error { return wrongArguments(cmd, args, below) }
	}
}

func wrongArguments(cmd *cobra.Command, args, below []string) error {
	path, want := cmd.CommandPath(), strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())
	want = strings.TrimSpace(strings.TrimSuffix(want, "[flags]"))
	switch {
	case len(below) > 0 && want == "":
		slices.Sort(below)
		return usage("%s is followed by one of: %s", path, strings.Join(below, ", "))
	case want == "":
		// not repeated: they may be words of a seed, or a password
		return usage("%s takes no arguments, not %s", path, arguments(len(args)))
	}
	return usage("%s takes %s, not %s; for example:\n%s", path, want, arguments(len(args)), cmd.Example)
}

func arguments(n int) string {
	switch n {
	case 0:
		return "nothing"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}
