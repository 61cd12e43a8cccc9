package rpcserver

import "gopkg.in/macaroon-bakery.v2/bakery"

func op(entity, action string) bakery.Op { return bakery.Op{Entity: entity, Action: action} }

// permissions is what a macaroon must permit for a call, as in lnd. A call that isn't
// listed is refused.
func permissions() map[string][]bakery.Op {
	const l, r, i = "/lnrpc.Lightning/", "/routerrpc.Router/", "/invoicesrpc.Invoices/"
	const w, c, o = "/walletrpc.WalletKit/", "/chainrpc.ChainNotifier/", "/nwnrpc.Node/"
	out := assetPermissions()
	for _, p := range []struct {
		methods []string
		ops     []bakery.Op
	}{
		{[]string{l + "GetInfo", l + "GetRecoveryInfo", l + "DescribeGraph", l + "GetNodeInfo", l + "QueryRoutes",
			l + "GetChanInfo", l + "GetNetworkInfo"},
			[]bakery.Op{op("info", "read")}},
		{[]string{l + "SubscribeChannelGraph", l + "ListPermissions", o + "Alerts"}, []bakery.Op{op("info", "read")}},
		{[]string{l + "GetDebugInfo"}, []bakery.Op{op("info", "read"), op("offchain", "read"),
			op("onchain", "read"), op("peers", "read")}},
		{[]string{l + "ListMacaroonIDs", l + "CheckMacaroonPermissions"}, []bakery.Op{op("macaroon", "read")}},
		{[]string{l + "DeleteMacaroonID"}, []bakery.Op{op("macaroon", "write")}},
		{[]string{l + "LookupHtlcResolution", l + "ListAliases", l + "ExportChannelBackup", l + "ExportAllChannelBackups",
			l + "VerifyChanBackup", l + "SubscribeChannelBackups"},
			[]bakery.Op{op("offchain", "read")}},
		{[]string{l + "RestoreChannelBackups"}, []bakery.Op{op("offchain", "write")}},
		{[]string{l + "EstimateFee", l + "SubscribeTransactions", w + "RequiredReserve", w + "ListAddresses",
			w + "GetTransaction", w + "ListLeases", w + "PendingSweeps", w + "ListSweeps",
			c + "RegisterConfirmationsNtfn", c + "RegisterSpendNtfn", o + "Sweeps"},
			[]bakery.Op{op("onchain", "read")}},
		{[]string{l + "SendMany", w + "LeaseOutput", w + "ReleaseOutput", w + "PublishTransaction",
			w + "LabelTransaction", w + "BumpFee", w + "BumpForceCloseFee"},
			[]bakery.Op{op("onchain", "write")}},
		{[]string{l + "SubscribePeerEvents"}, []bakery.Op{op("peers", "read")}},
		{[]string{i + "LookupInvoiceV2"}, []bakery.Op{op("invoices", "write")}}, // so it is in lnd
		{[]string{l + "StopDaemon", l + "DebugLevel"}, []bakery.Op{op("info", "write")}},
		{[]string{l + "WalletBalance", l + "ListUnspent", l + "GetTransactions"},
			[]bakery.Op{op("onchain", "read")}},
		{[]string{l + "SendCoins"}, []bakery.Op{op("onchain", "write")}},
		{[]string{l + "NewAddress"}, []bakery.Op{op("address", "write")}},
		{[]string{l + "ListPeers"}, []bakery.Op{op("peers", "read")}},
		{[]string{l + "ConnectPeer", l + "DisconnectPeer"}, []bakery.Op{op("peers", "write")}},
		{[]string{l + "OpenChannel", l + "OpenChannelSync", l + "CloseChannel"},
			[]bakery.Op{op("onchain", "write"), op("offchain", "write")}},
		{[]string{l + "ListChannels", l + "PendingChannels", l + "ChannelBalance", l + "FeeReport",
			l + "DecodePayReq", l + "ListPayments", r + "TrackPaymentV2", l + "ClosedChannels",
			l + "SubscribeChannelEvents", l + "ForwardingHistory", r + "TrackPayments", r + "EstimateRouteFee",
			r + "QueryMissionControl", r + "GetMissionControlConfig", r + "QueryProbability", r + "BuildRoute",
			r + "SubscribeHtlcEvents",
			o + "FailedForwards", o + "OnChainChannels"},
			[]bakery.Op{op("offchain", "read")}},
		{[]string{l + "UpdateChannelPolicy", l + "AbandonChannel", r + "SendPaymentV2", r + "SendToRouteV2",
			r + "ResetMissionControl", r + "XImportMissionControl", r + "SetMissionControlConfig"},
			[]bakery.Op{op("offchain", "write")}},
		{[]string{l + "LookupInvoice", l + "ListInvoices", l + "SubscribeInvoices",
			i + "SubscribeSingleInvoice"},
			[]bakery.Op{op("invoices", "read")}},
		{[]string{l + "SignMessage"}, []bakery.Op{op("message", "write")}},
		{[]string{l + "VerifyMessage"}, []bakery.Op{op("message", "read")}},
		{[]string{l + "BakeMacaroon"}, []bakery.Op{op("macaroon", "generate")}},
		{[]string{l + "AddInvoice", i + "AddHoldInvoice", i + "SettleInvoice", i + "CancelInvoice"},
			[]bakery.Op{op("invoices", "write")}},
		{[]string{"/verrpc.Versioner/GetVersion"}, []bakery.Op{op("info", "read")}},
		{[]string{c + "RegisterBlockEpochNtfn", w + "ListUnspent", w + "EstimateFee", w + "ListAccounts"},
			[]bakery.Op{op("onchain", "read")}},
		{[]string{w + "NextAddr"}, []bakery.Op{op("address", "read")}},
	} {
		for _, m := range p.methods {
			out[m] = p.ops
		}
	}
	return out
}

// AdminOps permit everything, of lnd too.
func AdminOps() (ops []bakery.Op) {
	for _, e := range []string{"onchain", "offchain", "address", "message", "peers", "info", "invoices"} {
		ops = append(ops, op(e, "read"), op(e, "write"))
	}
	return append(ops, op("signer", "generate"), op("signer", "read"), op("macaroon", "generate"),
		op("macaroon", "read"), op("macaroon", "write"))
}

// ReadOnlyOps permit looking.
func ReadOnlyOps() (ops []bakery.Op) {
	for _, e := range []string{"onchain", "offchain", "address", "message", "peers", "info",
		"invoices", "signer", "macaroon"} {
		ops = append(ops, op(e, "read"))
	}
	return ops
}

// InvoiceOps permit being paid and seeing it.
func InvoiceOps() []bakery.Op {
	return []bakery.Op{op("invoices", "read"), op("invoices", "write"),
		op("address", "read"), op("address", "write"), op("onchain", "read")}
}
