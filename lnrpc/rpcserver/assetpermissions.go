package rpcserver

import "gopkg.in/macaroon-bakery.v2/bakery"

// assetPermissions is what a macaroon must permit for a call about assets: what lnd has for the same
// with bitcoin, so that a macaroon means what its holder was told.
func assetPermissions() map[string][]bakery.Op {
	const a, c, p = "/nwnrpc.Assets/", "/nwnrpc.TokenChannels/", "/nwnrpc.TokenPayments/"
	const f, pt, m = "/nwnrpc.AssetForwarding/", "/nwnrpc.Points/", "/nwnrpc.Meter/"
	both := []bakery.Op{op("onchain", "write"), op("offchain", "write")}
	return map[string][]bakery.Op{
		a + "ListChains":    {op("onchain", "read")},
		a + "ListAssets":    {op("info", "read")},
		a + "AddAsset":      {op("offchain", "write")},
		a + "RemoveAsset":   {op("offchain", "write")},
		a + "AssetBalances": {op("onchain", "read"), op("offchain", "read")},
		a + "AssetAddress":  {op("address", "write")},
		a + "SendAsset":     {op("onchain", "write")},
		a + "GetAllowance":  {op("onchain", "read")},

		c + "OpenTokenChannel":    both,
		c + "CloseTokenChannel":   both,
		c + "DepositToChannel":    both,
		c + "ExportTokenBackup":   {op("offchain", "read")},
		c + "RestoreTokenBackup":  {op("offchain", "write")},
		c + "WithdrawFromChannel": both,
		c + "ListTokenChannels":   {op("offchain", "read")},

		p + "AddTokenInvoice":       {op("invoices", "write")},
		p + "SettleTokenInvoice":    {op("invoices", "write")},
		p + "CancelTokenInvoice":    {op("invoices", "write")},
		p + "LookupTokenInvoice":    {op("invoices", "read")},
		p + "ListTokenInvoices":     {op("invoices", "read")},
		p + "SubscribeTokenInvoice": {op("invoices", "read")},
		p + "DecodeTokenInvoice":    {op("offchain", "read")},
		p + "PayToken":              {op("offchain", "write")},
		p + "TrackTokenPayment":     {op("offchain", "read")},
		p + "ListTokenPayments":     {op("offchain", "read")},

		f + "UpdateAssetPolicy": {op("offchain", "write")},
		f + "AssetFeeReport":    {op("offchain", "read")},
		f + "AssetForwards":     {op("offchain", "read")},

		pt + "CreatePoints": {op("onchain", "write")},
		pt + "IssuePoints":  {op("onchain", "write")},
		pt + "RedeemPoints": {op("onchain", "write")},
		pt + "SetMember":    {op("onchain", "write")},

		m + "SetPrice":     {op("invoices", "write")},
		m + "PriceQuery":   {op("offchain", "read")},
		m + "CheckBalance": {op("offchain", "read")},
		m + "Book":         {op("offchain", "read")},
		m + "Establish":    both,
		m + "TopUp":        both,
		m + "CloseService": both,
	}
}
