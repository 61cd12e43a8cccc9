package htlctest

import (
	"crypto/sha256"
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// Vault is a Format whose chain takes money in and pays it out while a channel is open.
type Vault struct{ Format }

var _ htlc.Vault = Vault{}

// WithdrawDigest hashes both totals.
func (Vault) WithdrawDigest(p *htlc.Params, total [2]htlc.Sat) (htlc.Digest, error) {
	b := both(append([]byte("withdraw"), p.ID[:]...), p, total)
	return htlc.Digest{
		Role: htlc.FundingKey, Pub: p.Terms[htlc.Local].Funding, Hash: sha256.Sum256(b),
	}, nil
}

// Deposit puts money of a node into the channel on chain. Nodes know of it when they Look.
func (w *World) Deposit(i int, amount htlc.Sat) { w.put[i] += amount }

// Look shows a node what is final on chain.
func (w *World) Look(i int) {
	w.Feed(i, htlc.Seen{
		Deposited: [2]htlc.Sat{w.put[i], w.put[1-i]}, Withdrawn: [2]htlc.Sat{w.paid[i], w.paid[1-i]},
	})
}

// Withdraw asks for money of a node beyond what it has withdrawn.
func (w *World) Withdraw(i int, amount htlc.Sat) {
	w.Feed(i, htlc.Withdraw{Total: w.Nodes[i].Channel.Withdrawn(htlc.Local) + amount})
}

// pay carries out what both signed. Every commitment that may still be published must account for it.
func (w *World) pay(i int, done htlc.WithdrawDone) error {
	for _, n := range w.Nodes {
		local, _, err := n.Channel.LocalCommitment()
		if err != nil {
			return err
		}
		first := done.Total[htlc.Local]
		if n != w.Nodes[i] {
			first = done.Total[htlc.Remote]
		}
		if local.Withdrawn[htlc.Local] < first {
			return fmt.Errorf("node %d has %d units paid out, its commitment accounts for %d", i, first, local.Withdrawn[htlc.Local])
		}
	}
	ours, theirs := done.Total[htlc.Local], done.Total[htlc.Remote]
	if ours >= w.paid[i] && theirs >= w.paid[1-i] {
		w.paid[i], w.paid[1-i] = ours, theirs
	}
	return nil
}

// counted checks that a drained channel accounts for what is on chain, and what that is worth to a
// node beyond what it began with.
func (w *World) counted(i int) (worth htlc.MilliSat, err error) {
	c := w.Nodes[i].Channel
	in, out := c.Deposited(htlc.Local), c.Withdrawn(htlc.Local)
	if c.State() == htlc.Open && (in != w.put[i] || out != w.paid[i]) {
		return 0, fmt.Errorf("node %d accounts for %d in and %d out, the chain has %d and %d", i, in, out, w.put[i], w.paid[i])
	}
	return htlc.MilliSat(in-w.began[i])*1000 - htlc.MilliSat(out)*1000, nil
}
