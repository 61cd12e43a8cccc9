package oracle

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/input"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// payout is where a side's part of a close goes: a p2wpkh script, which is an address in
// the form that an EVM channel has it in, too.
func payout(side htlc.Side) []byte {
	return append([]byte{txscript.OP_0, 20}, bytes.Repeat([]byte{byte(side) + 1}, 20)...)
}

// closing is lnd's part in a cooperative close. Its own negotiator is not part of its
// channel; this one takes whatever fee the other offers.
type closing struct {
	sent, received bool
	fee            htlc.Sat // that was offered, if this side opened
	sig            input.Signature
	tx             []byte
}

// close asks one side for a cooperative close and holds both transactions against each
// other.
func (w *world) close() error {
	side := htlc.Side(w.r.IntN(2))
	w.nodes[side].command(htlc.Shutdown{Script: payout(side), FeeRate: htlc.FeeRate(253 + w.r.IntN(2000))})
	if err := w.drain(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	a, b := w.nodes[A].closeTx(), w.nodes[B].closeTx()
	if a == nil || !bytes.Equal(a, b) {
		return fmt.Errorf("closes differ: A has %x, B has %x", a, b)
	}
	if w.evm {
		return nil
	}
	return w.spends(a)
}

// spends checks by bitcoin's rules that the close spends the funding output.
func (w *world) spends(raw []byte) error {
	tx := wire.NewMsgTx(2)
	if err := tx.Deserialize(bytes.NewReader(raw)); err != nil {
		return err
	}
	pk, err := bolt3.FundingScript(w.led.params)
	if err != nil {
		return err
	}
	capacity := int64(w.led.params.Capacity)
	fetch := txscript.NewCannedPrevOutputFetcher(pk, capacity)
	vm, err := txscript.NewEngine(pk, tx, 0, txscript.StandardVerifyFlags, nil,
		txscript.NewTxSigHashes(tx, fetch), capacity, fetch)
	if err != nil {
		return err
	}
	return vm.Execute()
}

func (o *ours) closeTx() []byte { return o.ch.CloseTx() }
func (n *lnd) closeTx() []byte  { return n.closing.tx }

func (n *lnd) shutdown() []lnwire.Message {
	if n.closing.sent {
		return nil
	}
	n.closing.sent = true
	return []lnwire.Message{&lnwire.Shutdown{ChannelID: n.params.ID, Address: payout(n.side)}}
}

// recvShutdown answers, and makes the first offer if this side opened.
func (n *lnd) recvShutdown() ([]lnwire.Message, error) {
	n.closing.received = true
	return n.offer(n.shutdown())
}

func (n *lnd) offer(out []lnwire.Message) ([]lnwire.Message, error) {
	c := &n.closing
	if !n.lc.IsInitiator() || !c.sent || !c.received || c.sig != nil {
		return out, nil
	}
	c.fee = bolt3.Format{}.CloseFee(500, n.params, [2][]byte{payout(A), payout(B)})
	if have := n.lc.State().LocalCommitment.LocalBalance.ToSatoshis(); c.fee > have {
		c.fee = have
	}
	msg, err := n.signClose(c.fee)
	return append(out, msg), err
}

func (n *lnd) signClose(fee htlc.Sat) (*lnwire.ClosingSigned, error) {
	sig, _, _, err := n.lc.CreateCloseProposal(fee, payout(n.side), payout(n.side.Other()))
	if err != nil {
		return nil, err
	}
	n.closing.sig = sig
	wireSig, err := lnwire.NewSigFromSignature(sig)
	return &lnwire.ClosingSigned{ChannelID: n.params.ID, FeeSatoshis: fee, Signature: wireSig}, err
}

// recvClosingSigned takes the peer's fee, answers if it was not this side's own, and has
// the close.
func (n *lnd) recvClosingSigned(msg *lnwire.ClosingSigned) ([]lnwire.Message, error) {
	var out []lnwire.Message
	if n.closing.tx != nil {
		return nil, nil
	}
	if n.lc.IsInitiator() && msg.FeeSatoshis != n.closing.fee {
		return nil, errors.New("the peer doesn't take the opener's fee")
	} else if !n.lc.IsInitiator() {
		reply, err := n.signClose(msg.FeeSatoshis)
		if err != nil {
			return nil, err
		}
		out = append(out, reply)
	}
	theirs, err := msg.Signature.ToSignature()
	if err != nil {
		return nil, err
	}
	tx, _, err := n.lc.CompleteCooperativeClose(
		n.closing.sig, theirs, payout(n.side), payout(n.side.Other()), msg.FeeSatoshis)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = tx.Serialize(&b)
	n.closing.tx = b.Bytes()
	return out, err
}
