package rpcserver

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// maxSat is all the bitcoin there will be, in satoshis; no amount is larger.
const maxSat = btcutil.MaxSatoshi

func hexKey(k node.PubKey) string { return hex.EncodeToString(k[:]) }

// keyBytes reads a key that is a point of the curve.
func keyBytes(b []byte) (k node.PubKey, err error) {
	if _, err := btcec.ParsePubKey(b); err != nil || len(b) != len(k) {
		return k, invalid("invalid public key of %d bytes", len(b))
	}
	return node.PubKey(b), nil
}

func keyHex(s string) (node.PubKey, error) {
	b, err := hex.DecodeString(s)
	if err != nil {
		return node.PubKey{}, invalid("public key is not hex: %v", err)
	}
	return keyBytes(b)
}

// optionalKey is nil for no bytes.
func optionalKey(b []byte) (*node.PubKey, error) {
	if len(b) == 0 {
		return nil, nil
	}
	k, err := keyBytes(b)
	return &k, err
}

func hashBytes(b []byte) (lntypes.Hash, error) {
	h, err := lntypes.MakeHash(b)
	if err != nil {
		return h, invalid("payment hash must be exactly 32 bytes, is instead %d", len(b))
	}
	return h, nil
}

// msat reads an amount given in satoshis or in millisatoshis, not both.
func msat(sat, msat int64) (lnwire.MilliSatoshi, error) {
	switch {
	case sat != 0 && msat != 0:
		return 0, invalid("sat and msat arguments are mutually exclusive")
	case sat < 0 || msat < 0:
		return 0, invalid("amount cannot be negative")
	case sat > maxSat || msat > maxSat*1000:
		return 0, invalid("amount is above all the bitcoin there will be")
	case sat != 0:
		return lnwire.NewMSatFromSatoshis(btcutil.Amount(sat)), nil
	}
	return lnwire.MilliSatoshi(msat), nil
}

func sats(what string, n int64) (btcutil.Amount, error) {
	if n < 0 || n > maxSat {
		return 0, invalid("%s is %d satoshis, it may be 0 to %d", what, n, int64(maxSat))
	}
	return btcutil.Amount(n), nil
}

func amount(m lnwire.MilliSatoshi) *lnrpc.Amount {
	return &lnrpc.Amount{Sat: uint64(m.ToSatoshis()), Msat: uint64(m)}
}

// unix is 0 for the zero time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func unixNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// fromUnix is the zero time for 0.
func fromUnix(sec uint64) (time.Time, error) {
	if sec == 0 {
		return time.Time{}, nil
	}
	if sec > 1<<40 {
		return time.Time{}, invalid("time %d is beyond any calendar", sec)
	}
	return time.Unix(int64(sec), 0), nil
}

func period(start, end uint64) (after, before time.Time, err error) {
	if start != 0 && end != 0 && start >= end {
		return after, before, invalid("start date(%d) must be before end date(%d)", start, end)
	}
	if after, err = fromUnix(start); err != nil {
		return after, before, err
	}
	before, err = fromUnix(end)
	return after, before, err
}

func color(c [3]byte) string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// outPoint reads a channel point; a txid is in block chain order as bytes, reversed as text.
func outPoint(p *lnrpc.ChannelPoint) (o wire.OutPoint, err error) {
	switch id := p.GetFundingTxid().(type) {
	case *lnrpc.ChannelPoint_FundingTxidBytes:
		if len(id.FundingTxidBytes) != chainhash.HashSize {
			return o, invalid("funding txid has %d bytes, needs 32", len(id.FundingTxidBytes))
		}
		o.Hash = chainhash.Hash(id.FundingTxidBytes)
	case *lnrpc.ChannelPoint_FundingTxidStr:
		h, err := chainhash.NewHashFromStr(id.FundingTxidStr)
		if err != nil || len(id.FundingTxidStr) != 2*chainhash.HashSize {
			return o, invalid("funding txid %q is not 64 hex digits", id.FundingTxidStr)
		}
		o.Hash = *h
	default:
		return o, invalid("channel point not set")
	}
	o.Index = p.OutputIndex
	return o, nil
}

func channelPoint(o wire.OutPoint) *lnrpc.ChannelPoint {
	return &lnrpc.ChannelPoint{
		FundingTxid: &lnrpc.ChannelPoint_FundingTxidBytes{FundingTxidBytes: o.Hash[:]},
		OutputIndex: o.Index,
	}
}

// features is never nil: clients range over it.
func features(v *lnwire.RawFeatureVector) map[uint32]*lnrpc.Feature {
	out := map[uint32]*lnrpc.Feature{}
	if v == nil {
		return out
	}
	named := lnwire.NewFeatureVector(v, lnwire.Features)
	for bit := range named.Features() {
		out[uint32(bit)] = &lnrpc.Feature{
			Name: named.Name(bit), IsRequired: bit.IsRequired(), IsKnown: named.IsKnown(bit),
		}
	}
	return out
}

func featureBits(bits []lnrpc.FeatureBit) (*lnwire.RawFeatureVector, error) {
	if len(bits) == 0 {
		return nil, nil
	}
	v := lnwire.NewRawFeatureVector()
	for _, b := range bits {
		if b < 0 || b > 1<<12 {
			return nil, invalid("feature bit %d is out of range", b)
		}
		if err := v.SafeSet(lnwire.FeatureBit(b)); err != nil {
			return nil, invalid("feature bit %d: %v", b, err)
		}
	}
	return v, nil
}

func hints(in [][]node.HopHint) (out []*lnrpc.RouteHint) {
	for _, path := range in {
		h := &lnrpc.RouteHint{}
		for _, hop := range path {
			h.HopHints = append(h.HopHints, &lnrpc.HopHint{
				NodeId: hexKey(hop.Node), ChanId: hop.SCID.ToUint64(), FeeBaseMsat: hop.BaseFee,
				FeeProportionalMillionths: hop.FeePPM, CltvExpiryDelta: uint32(hop.CLTVDelta),
			})
		}
		out = append(out, h)
	}
	return out
}

// maxHints and maxHintHops bound what a caller may ask us to search.
const maxHints, maxHintHops = 20, 20

func fromHints(in []*lnrpc.RouteHint) (out [][]node.HopHint, err error) {
	if len(in) > maxHints {
		return nil, invalid("%d route hints, at most %d", len(in), maxHints)
	}
	for _, h := range in {
		if len(h.GetHopHints()) > maxHintHops {
			return nil, invalid("a route hint of %d hops, at most %d", len(h.HopHints), maxHintHops)
		}
		var path []node.HopHint
		for _, hop := range h.GetHopHints() {
			key, err := keyHex(hop.GetNodeId())
			if err != nil {
				return nil, err
			}
			if hop.CltvExpiryDelta > 1<<16-1 {
				return nil, invalid("cltv_expiry_delta %d of a route hint is above 65535", hop.CltvExpiryDelta)
			}
			path = append(path, node.HopHint{
				Node: key, SCID: lnwire.NewShortChanIDFromInt(hop.ChanId), BaseFee: hop.FeeBaseMsat,
				FeePPM: hop.FeeProportionalMillionths, CLTVDelta: uint16(hop.CltvExpiryDelta),
			})
		}
		out = append(out, path)
	}
	return out, nil
}

func scids(ids []uint64) (out []lnwire.ShortChannelID) {
	for _, id := range ids {
		out = append(out, lnwire.NewShortChanIDFromInt(id))
	}
	return out
}

// feeRate reads how a caller wants a transaction's fee.
func feeRate(perVByte uint64, perByte int64, target int32) (node.FeeRate, error) {
	switch {
	case perByte < 0 || target < 0:
		return node.FeeRate{}, invalid("fee rate and target_conf cannot be negative")
	case perVByte != 0 && perByte != 0:
		return node.FeeRate{}, invalid("only one of sat_per_byte and sat_per_vbyte may be set")
	case perByte != 0:
		perVByte = uint64(perByte)
	}
	if perVByte != 0 && target != 0 {
		return node.FeeRate{}, invalid("only one of target_conf and sat_per_vbyte may be set")
	}
	if perVByte > 100_000 {
		return node.FeeRate{}, invalid("fee rate of %d sat/vbyte is above 100000", perVByte)
	}
	return node.FeeRate{SatPerVByte: perVByte, ConfTarget: uint32(target)}, nil
}

// minConfs is 1 unless the caller says otherwise; unconfirmed coins must be asked for.
func minConfs(n int32, unconfirmed bool) (int32, error) {
	switch {
	case n < 0:
		return 0, invalid("min_confs must be a non-negative number")
	case n > 0 && unconfirmed:
		return 0, invalid("min_confs set to non-zero but spend_unconfirmed also set to true")
	case n == 0 && !unconfirmed:
		return 1, nil
	}
	return n, nil
}
