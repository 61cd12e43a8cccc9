package rpcserver

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// No request about assets, however strange, makes the server panic or lets an amount through that
// lnwire's arithmetic has no room for.
func FuzzAssetRequests(f *testing.F) {
	_, key := point(1)
	at := adjudicatorAt.Hex()
	for i, m := range []proto.Message{
		&nwnrpc.OpenTokenChannelRequest{NodePubkey: key[:], Symbol: "M", CapacityUnits: 5, BaseFeeMilli: proto.Uint64(3)},
		&nwnrpc.AddTokenInvoiceRequest{Symbol: "M", ValueMilli: 5, Preimage: thirtyTwo},
		&nwnrpc.PayTokenRequest{Symbol: "M", Destination: key[:], PaymentHash: thirtyTwo, ValueMilli: 5, FeeLimitMilli: 1},
		&nwnrpc.AddAssetRequest{Symbol: "M", Chain: "dev", Adjudicator: at, Token: at},
		&nwnrpc.SendAssetRequest{Symbol: "M", Address: at, Amount: "5"},
		&nwnrpc.CreatePointsRequest{Chain: "dev", Adjudicator: at, Name: "M", Symbol: "M", Decimals: 2},
		&nwnrpc.Price{Symbol: "M", Unit: "MB", PerUnitMilli: 5, MinimumUnits: 3},
		&nwnrpc.ChannelAmountRequest{Channel: tokenIDText, Units: 5},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(i), b)
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		check := func(err error, units, milli uint64) {
			if err == nil && (units > maxUnits || milli > maxMilli) {
				t.Fatalf("%d units, %d thousandths", units, milli)
			}
		}
		switch kind % 8 {
		case 0:
			var m nwnrpc.OpenTokenChannelRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := openTokenChannel(&m)
				check(err, max(r.Capacity, r.Push), 0)
			}
		case 1:
			var m nwnrpc.AddTokenInvoiceRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := addTokenInvoice(&m)
				check(err, 0, uint64(r.Amount))
			}
		case 2:
			var m nwnrpc.PayTokenRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := payToken(&m)
				check(err, 0, uint64(max(r.Amount, r.FeeLimit)))
			}
		case 3:
			var m nwnrpc.AddAssetRequest
			if proto.Unmarshal(b, &m) == nil {
				if r, err := addAsset(&m); err == nil && len(r.Symbol) > 16 {
					t.Fatalf("symbol %q", r.Symbol)
				}
			}
		case 4:
			var m nwnrpc.SendAssetRequest
			if proto.Unmarshal(b, &m) == nil {
				if r, err := sendAsset(&m); err == nil && (r.Amount.Sign() <= 0 || r.Amount.BitLen() > 256) {
					t.Fatalf("amount %v", r.Amount)
				}
			}
		case 5:
			var m nwnrpc.CreatePointsRequest
			if proto.Unmarshal(b, &m) == nil {
				if r, err := createPoints(&m); err == nil && r.Decimals > maxPointsDecimals {
					t.Fatalf("%d decimals", r.Decimals)
				}
			}
		case 6:
			var m nwnrpc.Price
			if proto.Unmarshal(b, &m) == nil {
				r, err := priceOf(&m)
				check(err, r.Minimum, uint64(r.PerUnit))
			}
		case 7:
			var m nwnrpc.ChannelAmountRequest
			if proto.Unmarshal(b, &m) == nil {
				if p, err := tokenChannelPoint(m.Channel); err == nil && p.Index != 0 {
					t.Fatalf("channel %v", p)
				}
			}
		}
	})
}
