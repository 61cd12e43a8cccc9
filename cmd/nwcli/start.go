package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/lnrpc"
)

// seedWords is how many words a seed has.
const seedWords = 24

func (a *app) create() *cobra.Command {
	var passwordFile, backup string
	var restore bool
	var window int32
	c := &cobra.Command{
		Use:     "create",
		Short:   "Create the wallet",
		Example: "  nwcli create",
		Long: "Create the wallet, of a new seed, whose 24 words are shown once, or with --restore of words\n" +
			"that you have.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.asked = true
			req := &lnrpc.InitWalletRequest{}
			if backup != "" {
				if !restore {
					return usage("--backup is for --restore: a new seed has no channels")
				}
				var err error
				if req.ChannelBackups, err = readBackup(backup); err != nil {
					return err
				}
			}
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			u := lnrpc.NewWalletUnlockerClient(conn)
			if restore {
				if req.CipherSeedMnemonic, err = a.words(cmd.Context()); err != nil {
					return err
				}
				req.RecoveryWindow = window
			} else {
				seed, err := u.GenSeed(cmd.Context(), &lnrpc.GenSeedRequest{})
				if err != nil {
					return err
				}
				req.CipherSeedMnemonic = seed.CipherSeedMnemonic
			}
			if req.WalletPassword, err = a.password(cmd.Context(), passwordFile, true); err != nil {
				return err
			}
			defer clear(req.WalletPassword)
			if !restore {
				if err := a.showSeed(cmd.Context(), req.CipherSeedMnemonic); err != nil {
					return err
				}
			}
			if _, err := u.InitWallet(cmd.Context(), req); err != nil {
				return err
			}
			a.note("The wallet is created; the node is starting.")
			if err := a.awaitUp(cmd.Context(), lnrpc.NewStateClient(conn)); err != nil || !restore {
				return err
			}
			return a.awaitCoins(cmd.Context())
		},
	}
	c.Flags().StringVar(&passwordFile, "password-file", "", "file with the password, which others must not be able to read")
	c.Flags().BoolVar(&restore, "restore", false, "ask for the 24 words of an old wallet")
	c.Flags().StringVar(&backup, "backup", "", "with --restore: `file` with the backup of its channels")
	c.Flags().Int32Var(&window, "recovery-window", 2500, "with --restore: addresses to look ahead for coins")
	return c
}

// showSeed shows the words and makes sure that they were seen.
func (a *app) showSeed(ctx context.Context, words []string) error {
	if a.json {
		return a.show(&lnrpc.GenSeedResponse{CipherSeedMnemonic: words}, nil)
	}
	fmt.Fprintln(a.out, "\nThese words are the wallet. Whoever has them has its coins; without them, nobody\n"+
		"can bring it back. Write them down, in order, on paper:")
	err := a.show(nil, func(t *table) {
		for i := 0; i < len(words); i += 4 {
			var cells []any
			for j := i; j < min(i+4, len(words)); j++ {
				cells = append(cells, fmt.Sprintf("%2d. %s", j+1, words[j]))
			}
			t.row(cells...)
		}
	})
	if err != nil {
		return err
	}
	return a.ask(ctx, "\nHave you written them down?")
}

func (a *app) unlock() *cobra.Command {
	var passwordFile string
	c := &cobra.Command{
		Use:     "unlock",
		Short:   "Open the wallet",
		Example: "  nwcli unlock",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.asked = true
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			password, err := a.password(cmd.Context(), passwordFile, false)
			if err != nil {
				return err
			}
			defer clear(password)
			if _, err := lnrpc.NewWalletUnlockerClient(conn).UnlockWallet(cmd.Context(),
				&lnrpc.UnlockWalletRequest{WalletPassword: password}); err != nil {
				return err
			}
			a.note("The wallet is open; the node is starting.")
			return a.awaitUp(cmd.Context(), lnrpc.NewStateClient(conn))
		},
	}
	c.Flags().StringVar(&passwordFile, "password-file", "", "file with the password, which others must not be able to read")
	return c
}

// awaitUp waits until the node is up.
func (a *app) awaitUp(ctx context.Context, c lnrpc.StateClient) error {
	s, err := c.SubscribeState(ctx, &lnrpc.SubscribeStateRequest{})
	if err != nil {
		return err
	}
	for {
		u, err := s.Recv()
		if err == io.EOF {
			return errors.New("nwnd stopped while starting: its log says why")
		}
		if err != nil {
			return err
		}
		switch u.State {
		case lnrpc.WalletState_SERVER_ACTIVE:
			a.note("The node is up.")
			return nil
		case lnrpc.WalletState_RPC_ACTIVE:
			a.note("It catches up with the chain.")
		}
	}
}

// states in words.
var states = map[lnrpc.WalletState]string{
	lnrpc.WalletState_NON_EXISTING:     "there is no wallet yet: nwcli create makes one",
	lnrpc.WalletState_LOCKED:           "the wallet is locked: nwcli unlock opens it",
	lnrpc.WalletState_UNLOCKED:         "starting",
	lnrpc.WalletState_RPC_ACTIVE:       "catching up with the chain",
	lnrpc.WalletState_SERVER_ACTIVE:    "up",
	lnrpc.WalletState_WAITING_TO_START: "waiting to start",
}

func (a *app) state() *cobra.Command {
	var wait bool
	c := &cobra.Command{
		Use:     "state",
		Short:   "Show how far the daemon has come",
		Example: "  nwcli state --wait",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			now := a.with(func(ctx context.Context, c *client, _ []string) error {
				s, err := c.state.GetState(ctx, &lnrpc.GetStateRequest{})
				if err != nil {
					return err
				}
				if wait && s.State != lnrpc.WalletState_SERVER_ACTIVE {
					return notUp(s.State)
				}
				return a.show(s, func(t *table) { t.row(states[s.State]) })
			})
			if !wait {
				return now(cmd, args)
			}
			return a.retry(cmd.Context(), func() error { return now(cmd, args) })
		},
	}
	c.Flags().BoolVar(&wait, "wait", false, "wait until the node is up; it is an error if its wallet must be made or unlocked first")
	return c
}

// errStarting is a node that will be up without our doing.
var errStarting = &fault{exitNotReady, "NotReady", "nwnd is starting"}

// notUp is why a node isn't up.
func notUp(s lnrpc.WalletState) error {
	if s == lnrpc.WalletState_NON_EXISTING || s == lnrpc.WalletState_LOCKED {
		return &fault{exitNotReady, "NotReady", states[s]}
	}
	return errStarting
}

// How long a daemon that was just started may take to answer, and how often to try.
const (
	answerTimeout = time.Minute
	retryEvery    = 200 * time.Millisecond
)

// retry asks again while nobody answers, for a minute, and while the node is starting.
func (a *app) retry(ctx context.Context, try func() error) error {
	began := time.Now()
	tick := time.NewTicker(retryEvery)
	defer tick.Stop()
	for {
		err := try()
		starting := errors.Is(err, errStarting)
		off := !starting && err != nil && a.faultOf(err).code == "Off" && time.Since(began) < answerTimeout
		if !starting && !off {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (a *app) stop() *cobra.Command {
	return &cobra.Command{
		Use:     "stop",
		Short:   "Stop the daemon",
		Example: "  nwcli stop",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			s, err := c.StopDaemon(ctx, &lnrpc.StopRequest{})
			if err != nil {
				if f := a.faultOf(err); f.code == "NotReady" {
					return &fault{f.exit, f.code, "nwnd takes orders once its wallet is open; to stop it before, end its process, " +
						"by systemctl stop or kill"}
				}
				return err
			}
			return a.show(s, func(t *table) { t.row("nwnd is stopping.") })
		}),
	}
}

// password reads the wallet's password from a file or asks for it, twice if it is new.
func (a *app) password(ctx context.Context, file string, isNew bool) ([]byte, error) {
	if file != "" {
		return config.ReadPassword(file)
	}
	if !a.asks {
		return nil, usage("nobody is there to ask for the password: give --password-file")
	}
	fmt.Fprint(a.errOut, "Wallet password: ")
	first, err := a.readPassword(ctx)
	fmt.Fprintln(a.errOut)
	if err != nil || !isNew {
		return first, err
	}
	if len(first) < 8 {
		return nil, usage("the password must have at least 8 characters")
	}
	fmt.Fprint(a.errOut, "Once more: ")
	second, err := a.readPassword(ctx)
	fmt.Fprintln(a.errOut)
	if err != nil {
		return nil, err
	}
	defer clear(second)
	if !bytes.Equal(first, second) {
		return nil, errors.New("the two passwords differ")
	}
	return first, nil
}

// words reads a seed, in one line or several.
func (a *app) words(ctx context.Context) ([]string, error) {
	if a.asks {
		fmt.Fprintf(a.errOut, "The %d words of the seed: ", seedWords)
	}
	var out []string
	for len(out) < seedWords {
		line, err := a.line(ctx)
		for _, w := range strings.Fields(line) {
			if w = strings.Trim(w, "0123456789.,"); w != "" {
				out = append(out, strings.ToLower(w))
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(out) != seedWords {
		return nil, usage("a seed has %d words, these are %d", seedWords, len(out))
	}
	return out, nil
}
