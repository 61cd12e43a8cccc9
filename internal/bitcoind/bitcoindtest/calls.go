package bitcoindtest

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// peerID is the fake's only peer that has all blocks: btcd itself.
const peerID = 7

func rpcError(code btcjson.RPCErrorCode, message string) *btcjson.RPCError {
	return btcjson.NewRPCError(code, message)
}

// call answers as bitcoind 28 does, of what btcd says.
func (f *Fake) call(ctx context.Context, mood Mood, method string, params []json.RawMessage) (any, *btcjson.RPCError) {
	switch method {
	case "getblockchaininfo":
		return f.chainInfo(ctx, mood)
	case "getnetworkinfo":
		return map[string]any{"version": 280000, "subversion": "/Satoshi:28.0.0/", "protocolversion": 70016}, nil
	case "getblockhash":
		hash, err := f.ask(ctx, method, params...)
		if err != nil {
			return nil, rpcError(btcjson.ErrRPCInvalidParameter, "Block height out of range")
		}
		return hash, nil
	case "getblock":
		return f.block(ctx, mood, params)
	case "sendrawtransaction":
		return f.send(ctx, params)
	case "getrawtransaction":
		if len(params) > 1 && string(params[1]) == "true" {
			params[1] = json.RawMessage("1")
		}
		if len(params) > 1 && string(params[1]) == "false" {
			params[1] = json.RawMessage("0")
		}
		return f.ask(ctx, method, params...)
	case "estimatesmartfee":
		if mood.Fee == 0 {
			return map[string]any{"errors": []string{"Insufficient data or no feerate found"}, "blocks": 2}, nil
		}
		return map[string]any{"feerate": mood.Fee, "blocks": 2}, nil
	case "getpeerinfo":
		return []map[string]any{
			{"id": 3, "addr": "127.0.0.1:1", "services": "0000000000000408", "servicesnames": []string{"NETWORK_LIMITED"}},
			{"id": peerID, "addr": f.Btcd.RPC().P2P, "services": "0000000000000409", "servicesnames": []string{"NETWORK", "WITNESS"}},
		}, nil
	case "getnodeaddresses":
		return []any{}, nil
	case "getblockfrompeer":
		return f.fromPeer(params)
	case "getbestblockhash", "getblockheader", "gettxout", "getrawmempool", "testmempoolaccept", "gettxspendingprevout":
		return f.ask(ctx, method, params...)
	}
	return nil, rpcError(btcjson.ErrRPCMethodNotFound.Code, "Method not found")
}

// ask hands a call on to btcd.
func (f *Fake) ask(ctx context.Context, method string, params ...json.RawMessage) (json.RawMessage, *btcjson.RPCError) {
	list := make([]any, len(params))
	for i, p := range params {
		list[i] = p
	}
	var result json.RawMessage
	err := f.chain.Call(ctx, &result, method, list...)
	var said *btcjson.RPCError
	if errors.As(err, &said) {
		return nil, said
	}
	if err != nil {
		return nil, rpcError(btcjson.ErrRPCInternal.Code, err.Error())
	}
	return result, nil
}

func (f *Fake) chainInfo(ctx context.Context, mood Mood) (any, *btcjson.RPCError) {
	hash, height, err := f.chain.Tip(ctx)
	if err != nil {
		return nil, rpcError(btcjson.ErrRPCInternal.Code, err.Error())
	}
	if mood.Chain == "" {
		mood.Chain = "regtest"
	}
	info := map[string]any{
		"chain": mood.Chain, "blocks": height, "headers": height, "bestblockhash": hash.String(), "verificationprogress": 1,
		"initialblockdownload": mood.Downloading, "pruned": mood.PrunedBelow > 0,
	}
	if mood.PrunedBelow > 0 {
		info["pruneheight"] = mood.PrunedBelow
	}
	if mood.Downloading {
		info["headers"], info["verificationprogress"] = 4*height, 0.25
	}
	return info, nil
}

// block is missing if it is pruned.
func (f *Fake) block(ctx context.Context, mood Mood, params []json.RawMessage) (any, *btcjson.RPCError) {
	if len(params) == 0 {
		return nil, rpcError(btcjson.ErrRPCMisc, "getblock \"blockhash\" ( verbosity )")
	}
	header, err := f.ask(ctx, "getblockheader", params[0], json.RawMessage("true"))
	if err != nil {
		return nil, rpcError(btcjson.ErrRPCBlockNotFound, "Block not found")
	}
	var at struct {
		Height int32 `json:"height"`
	}
	_ = json.Unmarshal(header, &at)
	f.mu.Lock()
	gone := at.Height < mood.PrunedBelow && !f.again[string(params[0])]
	if gone {
		f.refused++
	}
	f.mu.Unlock()
	if gone {
		return nil, rpcError(btcjson.ErrRPCMisc, "Block not available (pruned data)")
	}
	return f.ask(ctx, "getblock", params...)
}

// fromPeer has the block again, once.
func (f *Fake) fromPeer(params []json.RawMessage) (any, *btcjson.RPCError) {
	if len(params) != 2 || string(params[1]) != "7" {
		return nil, rpcError(btcjson.ErrRPCMisc, "Peer does not exist")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.again[string(params[0])] = true
	return struct{}{}, nil
}

// send says in bitcoind's words what btcd thinks of a transaction.
func (f *Fake) send(ctx context.Context, params []json.RawMessage) (any, *btcjson.RPCError) {
	var text string
	if len(params) == 0 || json.Unmarshal(params[0], &text) != nil {
		return nil, rpcError(-22, "TX decode failed. Make sure the tx has at least one input.")
	}
	var tx wire.MsgTx
	if tx.Deserialize(hex.NewDecoder(strings.NewReader(text))) != nil {
		return nil, rpcError(-22, "TX decode failed. Make sure the tx has at least one input.")
	}
	result, err := f.ask(ctx, "sendrawtransaction", params[0], json.RawMessage("true"))
	if err == nil {
		return result, nil
	}
	has := func(text string) bool { return strings.Contains(strings.ToLower(err.Message), text) }
	switch {
	case has("already have transaction"):
		return tx.TxHash().String(), nil
	case has("already exists"):
		return nil, rpcError(-27, "Transaction outputs already in utxo set")
	case has("orphan"):
		return nil, rpcError(-25, "bad-txns-inputs-missingorspent")
	case has("already spent"), has("replacement"):
		return nil, rpcError(-26, "txn-mempool-conflict")
	case has("fees which is under"), has("insufficient"):
		return nil, rpcError(-26, "min relay fee not met, 0 < 141")
	}
	return nil, rpcError(-26, err.Message)
}

// mempool gives the ids of what waits.
func (f *Fake) mempool(ctx context.Context) ([]chainhash.Hash, error) {
	var texts []string
	if err := f.chain.Call(ctx, &texts, "getrawmempool"); err != nil {
		return nil, err
	}
	ids := make([]chainhash.Hash, 0, len(texts))
	for _, text := range texts {
		id, err := chainhash.NewHashFromStr(text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, *id)
	}
	return ids, nil
}
