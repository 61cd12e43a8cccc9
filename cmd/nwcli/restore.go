package main

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

// How often a restored wallet is asked how far it is, and how often that is said.
const (
	recoveryAsk = 500 * time.Millisecond
	recoverySay = 5 * time.Second
)

// awaitCoins says how far the search for a restored wallet's coins has got, until it has ended. It
// goes on in the daemon if this is interrupted.
func (a *app) awaitCoins(ctx context.Context) error {
	conn, err := a.dial() // anew: the macaroon has just been made
	if err != nil {
		return err
	}
	defer conn.Close()
	c := lnrpc.NewLightningClient(conn)
	tick := time.NewTicker(recoveryAsk)
	defer tick.Stop()
	a.note("It looks for the wallet's coins. You can leave this with Ctrl-C; nwnd goes on.")
	var said time.Time
	for last := -1; ; {
		r, err := c.GetRecoveryInfo(ctx, &lnrpc.GetRecoveryInfoRequest{})
		switch {
		case status.Code(err) == codes.Unimplemented:
			return nil
		case err != nil:
			return err
		case r.RecoveryFinished || !r.RecoveryMode:
			a.note("The coins are found: nwcli balance.")
			return nil
		}
		if percent := int(100 * r.Progress); percent != last && time.Since(said) >= recoverySay {
			last, said = percent, time.Now()
			a.note("%d %% of the chain is looked through.", percent)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
