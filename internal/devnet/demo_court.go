package devnet

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// What is at stake in court, in satoshi and blocks.
const (
	courtCapacity = 1_000_000
	courtDelay    = 10 // of an acceptor's balance, so that nobody has to mine for long
	tempted       = 200_000
	spentTwice    = 150_000
	heldAmount    = 90_000
	heldBlocks    = 30 // from when a held HTLC is sent to its expiry
)

// court is the chapter of what the chain enforces: a cheater that loses all, and a payment that is settled
// although the peer that forwarded it is gone.
func (d *demo) court(ctx context.Context) error {
	d.Step("Mallory broadcasts a revoked state, Dave takes all")
	n := d.net.Nodes
	mallory, err := d.net.Add(d.kind, "mallory")
	if err != nil {
		return err
	}
	if err := mallory.Start(ctx); err != nil {
		return err
	}
	if err := d.net.Fund(ctx, fundsEach, mallory); err != nil {
		return err
	}
	trap := &Link{From: mallory, To: n[3], Capacity: courtCapacity, Push: tempted}
	first := &Link{From: n[0], To: n[1], Capacity: courtCapacity}
	second := &Link{From: n[1], To: n[2], Capacity: courtCapacity, Delay: courtDelay}
	d.cases = []*Closing{
		{Link: trap, Publisher: mallory, Owner: func(int64) (*daemon.Node, error) { return n[3], nil }},
		{Link: second, Publisher: n[2], Owner: func(sat int64) (*daemon.Node, error) {
			if sat == heldAmount {
				return n[2], nil
			}
			return n[1], nil
		}},
	}
	if err := d.net.OpenAll(ctx, trap, first, second); err != nil {
		return err
	}
	if err := d.cheat(ctx, trap); err != nil {
		return err
	}
	if err := d.punish(ctx, trap); err != nil {
		return err
	}
	d.Step("A payment is settled on chain after the peer vanishes")
	if err := d.vanish(ctx, first, second); err != nil {
		return err
	}
	return d.closeLinks(ctx, first)
}

// cheat has the opener pay from a copied state, so that the copy is worth more to it, and publish the copy.
func (d *demo) cheat(ctx context.Context, l *Link) error {
	if err := l.From.Stop(ctx); err != nil {
		return err
	}
	if err := l.From.CopyData(); err != nil {
		return err
	}
	if err := l.From.Start(ctx); err != nil {
		return err
	}
	if err := d.net.AwaitUsable(ctx, l); err != nil {
		return err
	}
	had, err := l.From.Channel(ctx, l.Point)
	if err != nil {
		return err
	}
	inv, err := l.To.Invoice(ctx, spentTwice)
	if err != nil {
		return err
	}
	if _, err := l.From.PayOK(ctx, inv.PaymentRequest); err != nil {
		return err
	}
	d.Say("copied", fields{"name": l.From.Name, "sat": had.LocalBalance, "paid_sat": int64(spentTwice)},
		"%s copies its files with %s sat in a channel with %s, then pays %s sat", l.From.Name, group(had.LocalBalance), l.To.Name, group(spentTwice))
	for _, end := range []*daemon.Node{l.From, l.To} {
		if err := end.Stop(ctx); err != nil {
			return err
		}
	}
	if err := l.From.RestoreData(); err != nil {
		return err
	}
	if err := l.From.Start(ctx); err != nil {
		return err
	}
	txid, err := l.From.ForceClose(ctx, l.Point)
	if err != nil {
		return err
	}
	d.Say("cheated", fields{"name": l.From.Name, "txid": txid.String()}, "while %s is down, %s closes the channel with the copy: %v", l.To.Name, l.From.Name, txid)
	return d.net.ConfirmOnce(ctx, txid)
}

// punish starts the victim and demands that it gets every output, less the fees of taking them.
func (d *demo) punish(ctx context.Context, l *Link) error {
	if err := l.To.Start(ctx); err != nil {
		return err
	}
	had, err := l.To.Confirmed(ctx)
	if err != nil {
		return err
	}
	if err := d.net.MineUntilTaken(ctx, l.Point); err != nil {
		return err
	}
	taken, fee, err := d.taken(ctx, l.Point)
	if err != nil {
		return err
	}
	if err := l.To.AwaitConfirmed(ctx, had+taken-fee); err != nil {
		return err
	}
	d.Say("punished", fields{"name": l.To.Name, "sat": taken, "fee_sat": fee},
		"%s is back, sees it and takes %s sat, all there is, for %s sat of fees", l.To.Name, group(taken), group(fee))
	return nil
}

// taken adds up the outputs of a channel's commitment that were spent, and the fees of the transactions that did it.
func (d *demo) taken(ctx context.Context, point wire.OutPoint) (sat, fee int64, err error) {
	spends, err := d.net.Spends(ctx)
	if err != nil {
		return 0, 0, err
	}
	accounts, err := d.net.Accounts(ctx)
	if err != nil {
		return 0, 0, err
	}
	seen := map[chainhash.Hash]bool{}
	commitment := spends[point].Tx
	for i, out := range commitment.TxOut {
		s, ok := spends[wire.OutPoint{Hash: commitment.TxHash(), Index: uint32(i)}]
		if !ok {
			continue
		}
		sat += out.Value
		if id := s.Tx.TxHash(); !seen[id] {
			seen[id] = true
			fee += accounts.Fee[id]
		}
	}
	return sat, fee, nil
}

// vanish kills the node in the middle while the last one holds a payment. That one settles it, must go on
// chain for it, and the node in the middle learns the preimage from there when it is back.
func (d *demo) vanish(ctx context.Context, first, second *Link) error {
	payer, middle, payee := first.From, first.To, second.To
	var preimage [32]byte
	if _, err := rand.Read(preimage[:]); err != nil {
		return err
	}
	hash := sha256.Sum256(preimage[:])
	expiry, err := d.held(ctx, payer, second, hash)
	if err != nil {
		return err
	}
	if err := middle.Kill(); err != nil {
		return err
	}
	if err := payee.SettleHold(ctx, preimage); err != nil {
		return err
	}
	d.Say("vanished", fields{"name": middle.Name, "expiry": expiry}, "%s is killed; %s has the preimage of an HTLC that expires at block %d, and nobody to give it to",
		middle.Name, payee.Name, expiry)
	if err := d.untilForced(ctx, second, expiry); err != nil {
		return err
	}
	if err := middle.Start(ctx); err != nil {
		return err
	}
	p, err := payer.Track(ctx, hash[:])
	if err != nil {
		return err
	}
	if p.Status != lnrpc.Payment_SUCCEEDED {
		return fmt.Errorf("the payment is %v, %v", p.Status, p.FailureReason)
	}
	d.Say("settled_on_chain", fields{"sat": int64(heldAmount)}, "%s took %s sat on chain; %s is back, read the preimage there and was paid by %s",
		payee.Name, group(heldAmount), middle.Name, payer.Name)
	return d.net.MineUntilTaken(ctx, second.Point)
}

// untilForced mines until the payee has closed the channel, since the expiry comes near, and has its HTLC.
func (d *demo) untilForced(ctx context.Context, l *Link, expiry uint32) error {
	height, _, err := d.net.Chain.Best()
	if err != nil {
		return err
	}
	if err := d.net.Mine(ctx, int(expiry)-int(height)-heldBlocks/2); err != nil {
		return err
	}
	if err := d.net.MineUntil(ctx, heldBlocks, func(ctx context.Context) error {
		left, err := d.net.Untaken(ctx, l.Point)
		for _, o := range left {
			if o.Sat == heldAmount && !o.Staged {
				err = errors.New("the HTLC is not taken")
			}
		}
		return err
	}); err != nil {
		return err
	}
	if height, _, err = d.net.Chain.Best(); err != nil {
		return err
	}
	d.Say("forced", fields{"name": l.To.Name, "height": height}, "%s closes the channel alone and claims the HTLC by block %d", l.To.Name, height)
	return d.net.Mine(ctx, 1)
}

// held has a payment wait at the last node, and tells when its HTLC expires.
func (d *demo) held(ctx context.Context, payer *daemon.Node, l *Link, hash [32]byte) (uint32, error) {
	request, err := l.To.HoldInvoice(ctx, hash, heldAmount, heldBlocks)
	if err != nil {
		return 0, err
	}
	if err := payer.Begin(ctx, request); err != nil {
		return 0, err
	}
	var expiry uint32
	if err := l.To.AwaitChannel(ctx, l.Point, "the HTLC", func(c *lnrpc.Channel) error {
		for _, h := range c.PendingHtlcs {
			if expiry = h.ExpirationHeight; [32]byte(h.HashLock) == hash {
				return nil
			}
		}
		return fmt.Errorf("it is not among %d", len(c.PendingHtlcs))
	}); err != nil {
		return 0, err
	}
	// An HTLC is in its channel a moment before its invoice takes it.
	return expiry, l.To.Await(ctx, "the invoice to hold the HTLC", func(ctx context.Context) error {
		inv, err := l.To.LookupInvoice(ctx, hash[:])
		if err == nil && inv.State != lnrpc.Invoice_ACCEPTED {
			err = fmt.Errorf("it is %v", inv.State)
		}
		return err
	})
}
