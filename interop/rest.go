package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// restTour asks both nodes the same over REST, and demands that nwnd's answers have all
// that lnd's have: every key, and a value wherever lnd gives one.
func restTour(ctx context.Context, w *world) error {
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := w.open(ctx, 2_000_000, 800_000); err != nil {
		return err
	}
	if err := w.payBack(short, 1000); err != nil {
		return err
	}
	var tours []*restVisit
	for i, n := range w.nodes {
		c, err := newRestClient(short, n)
		if err != nil {
			return err
		}
		tours = append(tours, &restVisit{restClient: c, peer: w.nodes[1-i]})
	}
	ours, lnds := tours[0], tours[1]
	ours.pay(lnds)
	w.moved(restPaid, 0)
	lnds.pay(ours)
	w.moved(-restPaid, 0)
	if err := errors.Join(append(ours.failed, lnds.failed...)...); err != nil {
		return err
	}
	if err := w.check(short); err != nil {
		return err
	}
	for _, t := range tours {
		t.read()
		t.write()
		t.refusals()
	}
	return errors.Join(slices.Concat(ours.failed, lnds.failed, compareREST(lnds.answers, ours.answers))...)
}

// restPaid is what each payment over REST moves, in satoshi.
const restPaid = 2_500

// restVisit is what one node is asked.
type restVisit struct {
	*restClient
	peer *daemon.Node
	hash string // of the invoice that was paid here, in hex
	req  string // its text
}

// pay makes an invoice at the other node and pays it, both over REST, while a WebSocket
// there tells of it.
func (v *restVisit) pay(to *restVisit) {
	news := to.listen("socket of invoices", "/v1/invoices/subscribe?method=GET", struct{}{})
	defer news.close()
	invoice := to.call("invoice", "POST", "/v1/invoices", map[string]any{"value": fmt.Sprint(restPaid), "memo": "REST"})
	to.req = at(invoice, "payment_request")
	raw, err := base64.StdEncoding.DecodeString(at(invoice, "r_hash"))
	if err != nil || len(raw) != 32 {
		to.fail("r_hash of a new invoice is %q: %w", at(invoice, "r_hash"), err)
		return
	}
	to.hash = fmt.Sprintf("%x", raw)
	if state := at(news.next(), "result", "state"); state != "OPEN" {
		to.fail("the socket tells of a new invoice that is %q", state)
	}
	paid := v.call("pay", "POST", "/v2/router/send", map[string]any{
		"payment_request": to.req, "timeout_seconds": 30, "fee_limit_sat": "10",
	})
	if status := at(paid, "result", "status"); status != "SUCCEEDED" {
		v.fail("the payment ends %q: %v", status, paid)
	}
	if state := at(news.next(), "result", "state"); state != "SETTLED" {
		to.fail("the socket tells of a paid invoice that is %q", state)
	}
	track := v.listen("socket of a payment", "/v2/router/track/"+url.PathEscape(base64.URLEncoding.EncodeToString(raw))+"?method=GET", struct{}{})
	defer track.close()
	if status := at(track.next(), "result", "status"); status != "SUCCEEDED" {
		v.fail("the tracked payment is %q", status)
	}
}

// read asks for what there is.
func (v *restVisit) read() {
	for _, path := range []string{
		"/v1/state", "/v1/getinfo", "/v1/balance/blockchain", "/v1/balance/channels", "/v1/channels/pending",
		"/v1/channels/closed", "/v1/invoices", "/v1/payments?include_incomplete=true", "/v1/peers", "/v1/graph",
		"/v1/graph/info", "/v1/fees", "/v1/utxos?min_confs=1&max_confs=1000", "/v1/transactions", "/v1/newaddress?type=4",
		"/v2/versioner/version", "/v2/router/mc", "/v2/router/mccfg", "/v2/wallet/accounts", "/v2/wallet/estimatefee/6",
	} {
		v.get(path, path)
	}
	backup := at(v.get("/v1/channels/backup", "/v1/channels/backup"), "multi_chan_backup", "multi_chan_backup")
	v.call("verified backup", "POST", "/v1/channels/backup/verify", map[string]any{
		"multi_chan_backup": map[string]any{"multi_chan_backup": backup},
	})
	channel := at(v.get("/v1/channels", "/v1/channels?peer_alias_lookup=true"), "channels", 0, "chan_id")
	v.get("/v1/graph/edge", "/v1/graph/edge/"+channel)
	v.get("/v1/graph/node", "/v1/graph/node/"+v.peer.Key()+"?include_channels=true")
	v.get("/v1/graph/routes", "/v1/graph/routes/"+v.peer.Key()+"/1000?use_mission_control=true")
	v.get("/v1/invoice", "/v1/invoice/"+v.hash)
	v.get("/v1/payreq", "/v1/payreq/"+v.req)
}

// write calls what takes a message.
func (v *restVisit) write() {
	post := func(path string, body any) any { return v.call("POST "+path, "POST", path, body) }
	msg := base64.StdEncoding.EncodeToString([]byte("money"))
	sig := at(post("/v1/signmessage", map[string]any{"msg": msg}), "signature")
	post("/v1/verifymessage", map[string]any{"msg": msg, "signature": sig})
	post("/v1/switch", map[string]any{"num_max_events": 10})
	post("/v1/debuglevel", map[string]any{"level_spec": "info"})
	post("/v1/macaroon", map[string]any{"permissions": []any{map[string]any{"entity": "info", "action": "read"}}})
	post("/v2/wallet/utxos", map[string]any{"min_confs": 1, "max_confs": 1000})
	post("/v2/wallet/address/next", map[string]any{"type": "TAPROOT_PUBKEY"})
	v.call("POST /v1/graph/routes", "POST", "/v1/graph/routes/"+v.peer.Key()+"/1000", map[string]any{})
	post("/v1/chanpolicy", map[string]any{"global": true, "base_fee_msat": "1000", "fee_rate_ppm": 1, "time_lock_delta": 80})
}

// refusals ask for what can't be; the answers' status and keys must be lnd's.
func (v *restVisit) refusals() {
	v.refused("no such path", "GET", "/v1/nothing", "")
	v.refused("wrong verb", "PUT", "/v1/getinfo", "")
	v.refused("no JSON", "POST", "/v1/invoices", "{")
	v.refused("no such field", "POST", "/v1/invoices", `{"nosuch":1}`)
	v.refused("no number", "GET", "/v1/graph/edge/x", "")
	v.refused("no such invoice", "GET", fmt.Sprintf("/v1/invoice/%064d", 1), "")
	v.refused("no such node", "GET", "/v1/graph/node/"+"02"+fmt.Sprintf("%064d", 1), "")
	v.refused("no invoice", "GET", "/v1/payreq/lnbc1x", "")
}

// restDiffers are the places where nwnd may leave out a value that lnd gives, and why. The
// key is there all the same.
var restDiffers = map[string]string{
	"/v1/peers.peers[].inbound":   "of two ends one says true",
	"/v1/peers.peers[].ping_time": "depends on when the first ping was",

	"/v1/balance/blockchain.reserved_balance_anchor_chan": "nothing is enforced on chain, so nothing is kept for it",
	"/v1/balance/channels.custom_channel_data":            "channels have no data of others",

	"/v1/channels.channels[].lifetime":                "may be less than a second",
	"/v1/channels.channels[].uptime":                  "may be less than a second",
	"/v1/channels.channels[].total_satoshis_received": "nwnd counts what was sent only",
	"/v1/peers.peers[].sat_recv":                      "nwnd counts what was sent only",
	"/v1/graph/info.graph_diameter":                   "not computed",
	"POST /v1/debuglevel.sub_systems":                 "the levels that were set are no secret to who set them",

	"/v1/utxos?min_confs=1&max_confs=1000.utxos[].outpoint.output_index": "depends on where the change is",
	"POST /v2/wallet/utxos.utxos[].outpoint.output_index":                "depends on where the change is",

	"refused: no invoice.500": "nwnd says 400: it is the caller's fault",
}

// restFirstHop is what lnd tells of a payment's first hop, at every place that shows one.
var restFirstHop = regexp.MustCompile(`\.(first_hop_custom_records|first_hop_amount_msat)$`)

func restMayDiffer(path string) bool {
	return restDiffers[path] != "" || restFirstHop.MatchString(path)
}

// compareREST tells of what lnd says and nwnd doesn't.
func compareREST(lnd, ours map[string][]any) []error {
	all := differences(lnd, ours, restMayDiffer)
	if len(lnd) < 40 {
		all = append(all, fmt.Errorf("%d requests were answered by lnd, at least 40 should be", len(lnd)))
	}
	if len(all) > 0 {
		return []error{fmt.Errorf("REST differs from lnd's in %d places: %w", len(all), errors.Join(all...))}
	}
	return nil
}
