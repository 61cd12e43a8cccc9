package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// Records of a keysend payment: its preimage, and a text as chat programs send it.
const (
	keysendRecord = 5482373484
	messageRecord = 34349334
)

// maxMessage bounds the text: it travels in the onion, of 1300 bytes.
const maxMessage = 600

func (a *app) keysend() *cobra.Command {
	var message string
	var most limits
	c := &cobra.Command{
		Use:     "keysend <key> <amount>",
		Short:   "Pay a node that made no invoice",
		Example: `  nwcli keysend 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 1000 --message "thanks"`,
		Long:    "Pay a node that made no invoice. It must take such payments (accept-keysend).",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			key, err := nodeKey(args[0])
			if err != nil {
				return err
			}
			amt, err := parseAmount(args[1])
			switch {
			case err != nil:
				return err
			case amt == 0:
				return usage("amount %q is nothing", args[1])
			case len(message) > maxMessage:
				return usage("--message has %d bytes, it may have %d", len(message), maxMessage)
			}
			req := &routerrpc.SendPaymentRequest{Dest: key, AmtMsat: int64(amt)}
			if err := most.set(req, amt); err != nil {
				return err
			}
			preimage := make([]byte, 32)
			if _, err := rand.Read(preimage); err != nil {
				return fmt.Errorf("preimage: %w", err)
			}
			hash := sha256.Sum256(preimage)
			req.PaymentHash = hash[:]
			req.DestCustomRecords = map[uint64][]byte{keysendRecord: preimage}
			if message != "" {
				req.DestCustomRecords[messageRecord] = []byte(message)
			}
			if err := a.ask(ctx, "Pay %s to %s, who asked for nothing, and at most %s in fees?", amt,
				c.name(ctx, args[0]), msat(req.FeeLimitMsat)); err != nil {
				return err
			}
			return a.followPayment(ctx, c, req, hexHash(hash))
		}),
	}
	c.Flags().StringVar(&message, "message", "", "text to send along")
	most.flags(c)
	return c
}

// nodeKey reads the key of a node.
func nodeKey(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 33 {
		return nil, usage("%q is no node: a key has 66 hex digits, this has %d characters", s, len(s))
	}
	return b, nil
}

// messageOf is the text that came with an invoice's payment, if any.
func messageOf(i *lnrpc.Invoice) string {
	for _, h := range i.Htlcs {
		if m := h.CustomRecords[messageRecord]; len(m) > 0 {
			return string(m)
		}
	}
	return ""
}
