package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc"
)

// tour is what lncli is asked at one node, whose channel leads to the peer.
type tour struct {
	*lncli
	peer *lncli
	net  *devnet.Net

	point, chanID string // of the channel
}

func (t *tour) run() {
	t.still()
	t.channels()
	t.backups()
	t.invoices()
	t.payments()
	t.coins()
	t.macaroons()
	t.openAndClose()
}

// lookBack reads what both tours have left.
func (t *tour) lookBack() {
	for _, read := range []string{"getinfo", "listchannels", "walletbalance", "channelbalance", "listunspent",
		"listchaintxns", "listpayments", "listinvoices", "closedchannels", "querymc"} {
		t.json(read)
	}
}

// stranger connects to a peer without a channel, and disconnects.
func (t *tour) stranger() {
	key := t.peer.node.Key()
	t.json("connect", "--timeout=10s", key+"@"+t.peer.node.Address())
	t.json("listpeers")
	t.peer.json("listpeers") // who sees it from the other end
	t.json("disconnect", key)
	t.await("the connection's end", func() error {
		for _, n := range []*daemon.Node{t.node, t.peer.node} {
			list, err := n.Lightning().ListPeers(t.ctx, &lnrpc.ListPeersRequest{})
			if err != nil || len(list.Peers) > 0 {
				return fmt.Errorf("%s has %d peers: %w", n.Name, len(list.GetPeers()), err)
			}
		}
		return nil
	})
}

// still asks what needs no argument.
func (t *tour) still() {
	for _, read := range []string{"getinfo", "version", "state", "walletbalance", "channelbalance", "listunspent",
		"listchaintxns", "listpeers", "pendingchannels", "closedchannels", "describegraph", "getnetworkinfo",
		"feereport", "fwdinghistory", "getmccfg", "wallet accounts list", "wallet addresses list",
		"wallet requiredreserve", "wallet pendingsweeps", "wallet listleases", "debuglevel --show"} {
		t.json(read)
	}
	t.json("debuglevel", "--level=info")
	sig := at(t.json("signmessage", "--msg=money"), "signature")
	t.json("verifymessage", "--msg=money", "--sig="+sig)
	t.json("getnodeinfo", "--include_channels", t.peer.node.Key())
}

func (t *tour) channels() {
	all := t.json("listchannels")
	t.point, t.chanID = at(all, "channels", 0, "channel_point"), at(all, "channels", 0, "scid")
	if t.chanID == "" {
		t.chanID = at(all, "channels", 0, "chan_id")
	}
	t.json("getchaninfo", "--chan_id="+t.chanID)
	t.json("getchaninfo", "--chan_point="+t.point)
	t.json("updatechanpolicy", "--base_fee_msat=1500", "--fee_rate_ppm=200", "--time_lock_delta=90", "--chan_point="+t.point)
	t.onChain()
}

// onChain asks of an open channel what is for one that is settled on chain.
func (t *tour) onChain() {
	t.refused(t.global, "uses a pre-defined fee", "closechannel", "--force", "--sat_per_vbyte=2", "--chan_point="+t.point)
	t.refused(t.global, "channel not found", "wallet", "bumpforceclosefee", "--sat_per_vbyte=2", t.point)
	t.refused(t.global, "builds", "abandonchannel", "--chan_point="+t.point)
}

// invoices makes each kind; the peer pays one of them, holds and settles another.
func (t *tour) invoices() {
	added := t.json("addinvoice", "--amt=1200", "--memo=tea", "--expiry=1000")
	request, hash := at(added, "payment_request"), at(added, "r_hash")
	t.json("decodepayreq", request)
	t.peer.text("payinvoice", "--force", "--json", request)
	t.json("lookupinvoice", hash)
	t.json("cancelinvoice", at(t.json("addinvoice", "--private"), "r_hash"))

	var preimage [32]byte
	if _, err := rand.Read(preimage[:]); err != nil {
		t.fail("%w", err)
	}
	held := sha256.Sum256(preimage[:])
	request = at(t.json("addholdinvoice", hex.EncodeToString(held[:]), "900"), "payment_request")
	var paying sync.WaitGroup
	paying.Go(func() { t.peer.text("payinvoice", "--force", "--json", request) })
	t.await("the held payment", func() error {
		inv, err := t.node.LookupInvoice(t.ctx, held[:])
		if err == nil && inv.State.String() != "ACCEPTED" {
			err = fmt.Errorf("the invoice is %v", inv.State)
		}
		return err
	})
	t.json("listchannels") // with an HTLC
	t.json("settleinvoice", hex.EncodeToString(preimage[:]))
	paying.Wait()
	t.json("listinvoices", "--max_invoices=2")
}

func (t *tour) payments() {
	request := at(t.peer.json("addinvoice", "--amt=3000"), "payment_request")
	paid := t.json("payinvoice", "--force", "--json", request)
	t.json("trackpayment", "--json", at(paid, "payment_hash"))
	t.json("sendpayment", "--keysend", "--json", "--dest="+t.peer.node.Key(), "--amt=500")
	t.json("listpayments", "--max_payments=1", "--count_total_payments")
	t.json("queryroutes", "--dest="+t.peer.node.Key(), "--amt=700", "--use_mc")
	t.json("querymc")
}

// coins sends, bumps and labels.
func (t *tour) coins() {
	to := at(t.peer.json("newaddress", "p2wkh"), "address")
	t.json("newaddress", "p2tr")
	t.json("estimatefee", "--conf_target=3", fmt.Sprintf(`{"%s": 30000}`, to))
	t.json("wallet estimatefeerate", "3")
	sent := at(t.json("sendcoins", "--force", "--addr="+to, "--amt=50000", "--sat_per_vbyte=2", "--label=rent"), "txid")
	t.json("sendmany", "--sat_per_vbyte=2", "--min_confs=0", fmt.Sprintf(`{"%s": 30000, "%s": 40000}`, to,
		at(t.json("newaddress", "p2wkh"), "address")))
	t.text("wallet", "labeltx", "--overwrite", sent, "rent for May")
	t.json("wallet gettx", sent)
	t.mine()

	coin := at(t.json("listunspent"), "utxos", 0, "outpoint")
	lock := strings.Repeat("2b", 32)
	t.json("wallet leaseoutput", "--outpoint="+coin, "--lockid="+lock, "--expiry=600")
	t.json("wallet listleases")
	t.json("wallet releaseoutput", "--lockid="+lock, coin)

	// A payment to ourselves, so that either output can be bumped.
	own := at(t.json("newaddress", "p2tr"), "address")
	slow := at(t.json("sendcoins", "--force", "--addr="+own, "--amt=60000", "--sat_per_vbyte=1"), "txid")
	t.json("wallet bumpfee", "--sat_per_vbyte=20", "--budget=30000", "--immediate", t.outputOf(slow, 60000))
	t.json("wallet pendingsweeps")
	t.mine()
	t.json("wallet listsweeps")
}

// outputOf is the output of a transaction of ours with this amount.
func (t *tour) outputOf(txid string, sat int) string {
	list := t.json("listunspent", "--min_confs=0")
	for i := range 100 {
		if at(list, "utxos", i, "amount_sat") == fmt.Sprint(sat) && strings.HasPrefix(at(list, "utxos", i, "outpoint"), txid) {
			return at(list, "utxos", i, "outpoint")
		}
	}
	t.fail("no coin of %d sat in %s", sat, txid)
	return txid + ":0"
}

// macaroons bakes some, and uses them.
func (t *tour) macaroons() {
	t.json("listpermissions")
	file := filepath.Join(t.node.Dir, "baked.macaroon")
	t.text("bakemacaroon", "--root_key_id=7", "--save_to="+file, "info:read", "uri:/lnrpc.Lightning/ListPeers")
	t.json("listmacaroonids")
	baked := append(t.global, "--macaroonpath="+file)
	t.with(baked, "getinfo")
	t.with(baked, "listpeers")
	t.refused(baked, "permission denied", "walletbalance")

	elsewhere := append(t.global, "--macaroonpath="+t.constrained(file, "--ip_address=10.1.2.3"))
	t.refused(elsewhere, "locked to different IP address", "getinfo")
	here := append(t.global, "--macaroonpath="+t.constrained(file, "--ip_address=127.0.0.1", "--timeout=600"))
	t.with(here, "getinfo")

	t.json("deletemacaroonid", "7")
	t.refused(baked, "", "getinfo")
}

// constrained is the file of a copy of a macaroon with more conditions.
func (t *tour) constrained(file string, conditions ...string) string {
	to := filepath.Join(t.node.Dir, "constrained.macaroon")
	if err := os.RemoveAll(to); err != nil {
		t.fail("%w", err)
	}
	t.text(append(append([]string{"constrainmacaroon"}, conditions...), file, to)...)
	return to
}

// refused demands that a command fails, and why.
func (t *tour) refused(global []string, why string, args ...string) {
	_, err := t.exec(global, args...)
	if err == nil || !strings.Contains(err.Error(), why) {
		t.fail("lncli %v: got %v, want a refusal with %q", args, err, why)
	}
}

// openAndClose opens a second channel, looks at it on its way, and closes it.
func (t *tour) openAndClose() {
	opened := t.json("openchannel", "--sat_per_vbyte=2", "--memo=tour", "--push_amt=20000", t.peer.node.Key(), "300000")
	txid := at(opened, "funding_txid")
	t.json("pendingchannels")
	t.mine()
	point := t.second(txid)
	if point == "" {
		return
	}
	t.json("closechannel", "--sat_per_vbyte=2", "--chan_point="+point)
	t.json("pendingchannels")
	t.mine()
	t.await("the close", func() error {
		list, err := t.node.Lightning().ListChannels(t.ctx, &lnrpc.ListChannelsRequest{})
		if err == nil && len(list.Channels) != 1 {
			err = fmt.Errorf("%d channels are left, want 1", len(list.Channels))
		}
		return err
	})
}

// second waits until the channel that a transaction funded is usable, and gives its outpoint.
func (t *tour) second(txid string) string {
	var point string
	t.await("the new channel", func() error {
		list, err := t.node.Lightning().ListChannels(t.ctx, &lnrpc.ListChannelsRequest{ActiveOnly: true})
		if err != nil {
			return err
		}
		for _, c := range list.Channels {
			if txid != "" && strings.HasPrefix(c.ChannelPoint, txid) {
				point = c.ChannelPoint
				return nil
			}
		}
		return fmt.Errorf("it isn't among %d channels", len(list.Channels))
	})
	return point
}

// end stops the daemon.
func (t *tour) end() {
	t.json("stop")
	t.await("the daemon's end", func() error {
		if t.node.Running() {
			return errors.New("it is running")
		}
		return nil
	})
}

// mine buries what waits for a block.
func (t *tour) mine() {
	if err := t.net.Mine(t.ctx, 6); err != nil {
		t.fail("%w", err)
	}
}

func (t *tour) await(what string, ok func() error) {
	ctx, cancel := context.WithTimeout(t.ctx, commandTimeout)
	defer cancel()
	if err := proc.Await(ctx, what, func(context.Context) error { return ok() }); err != nil {
		t.fail("%w", err)
	}
}
