package rpcserver

import (
	"encoding/hex"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"
)

// What a request about assets may hold. An amount on a channel is at most 2^63-1 thousandths, where
// lnwire's own arithmetic ends.
const (
	maxMilli      = math.MaxInt64
	maxUnits      = maxMilli / 1000
	maxBaseDigits = 78 // of 2^256-1
	maxWord       = 32 // bytes of a symbol, of a chain's name, of what is metered
	maxTokenName  = 64 // bytes
)

// word reads a name that a table can show in one cell: no spaces, nothing that isn't seen.
func word(what, s string) (string, error) {
	seen := func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }
	switch {
	case s == "":
		return "", invalid("%s is not set", what)
	case len(s) > maxWord:
		return "", invalid("%s has %d bytes, at most %d", what, len(s), maxWord)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !seen(r) }):
		return "", invalid("%s %q has spaces or characters that can't be seen", what, s)
	}
	return s, nil
}

func symbolOf(s string) (string, error) { return word("symbol", s) }

var (
	newSymbols = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,15}$`)
	// taken are symbols that mean bitcoin, or something else to nwcli, in any case.
	taken = []string{"btc", "xbt", "mbtc", "sat", "sats", "ksat", "msat", "msats", "bitcoin", "any", "all", "coin"}
)

// newSymbol reads a symbol that an asset is to have here.
func newSymbol(s string) (string, error) {
	switch {
	case !newSymbols.MatchString(s):
		return "", invalid("symbol %q: 1 to 16 letters, digits, . _ and -, the first a letter or a digit", s)
	case strings.Trim(s, "0123456789._-") == "":
		return "", invalid("symbol %q could be taken for an amount", s)
	case slices.Contains(taken, strings.ToLower(s)):
		return "", invalid("symbol %q could be taken for something else", s)
	}
	return s, nil
}

// evmAddress reads an address; one in mixed case must have the checksum of EIP-55.
func evmAddress(what, s string) (a common.Address, err error) {
	if len(s) != 2+2*common.AddressLength || s[:2] != "0x" || !common.IsHexAddress(s) {
		return a, invalid("%s %.50q is no address: 0x and 40 hex digits", what, s)
	}
	a = common.HexToAddress(s)
	digits := s[2:]
	if digits != strings.ToLower(digits) && digits != strings.ToUpper(digits) && a.Hex() != s {
		return a, invalid("%s %s fails its checksum (EIP-55): it was not copied right", what, s)
	}
	return a, nil
}

// payee is an address that something can be sent to.
func payee(what, s string) (common.Address, error) {
	a, err := evmAddress(what, s)
	if err == nil && a == (common.Address{}) {
		err = invalid("%s is the zero address, which nobody has", what)
	}
	return a, err
}

// addressText is empty for the zero address, which stands for a chain's coin.
func addressText(a common.Address) string {
	if a == (common.Address{}) {
		return ""
	}
	return a.Hex()
}

// baseUnits reads an amount on chain, above 0.
func baseUnits(what, s string) (*big.Int, error) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return nil, invalid("%s %.50q is no number of base units: decimal digits", what, s)
	}
	n := new(big.Int)
	if len(s) <= maxBaseDigits {
		n.SetString(s, 10)
	}
	switch {
	case len(s) > maxBaseDigits || n.BitLen() > 256:
		return nil, invalid("%s is above 2^256-1", what)
	case n.Sign() == 0:
		return nil, invalid("%s is 0", what)
	}
	return n, nil
}

func baseText(n *big.Int) string {
	if n == nil {
		return "0"
	}
	return n.String()
}

// channelUnits reads an amount of a channel, above 0.
func channelUnits(what string, n uint64) (uint64, error) {
	if n == 0 || n > maxUnits {
		return 0, invalid("%s is %d units, it may be 1 to %d", what, n, uint64(maxUnits))
	}
	return n, nil
}

// milli reads thousandths of a unit.
func milli(what string, n uint64) (lnwire.MilliSatoshi, error) {
	if n > maxMilli {
		return 0, invalid("%s is %d thousandths of a unit, at most %d", what, n, uint64(maxMilli))
	}
	return lnwire.MilliSatoshi(n), nil
}

// reference reads what goes on chain with points, followed by zeros.
func reference(b []byte) (out [32]byte, err error) {
	if len(b) > len(out) {
		return out, invalid("reference has %d bytes, at most %d", len(b), len(out))
	}
	copy(out[:], b)
	return out, nil
}

// tokenChannelPoint reads a channel's id as its contract has it, 0x…, or its channel point, txid:0.
func tokenChannelPoint(s string) (o wire.OutPoint, err error) {
	bad := invalid("channel %.80q: 0x and the 64 hex digits of its id, or its channel point, txid:0", s)
	if id, ok := strings.CutPrefix(s, "0x"); ok {
		b, err := hex.DecodeString(id)
		if err != nil || len(b) != chainhash.HashSize {
			return o, bad
		}
		o.Hash = chainhash.Hash(b)
		return o, nil
	}
	txid, index, _ := strings.Cut(s, ":")
	h, err := chainhash.NewHashFromStr(txid)
	if err != nil || len(txid) != 2*chainhash.HashSize || index != "0" {
		return o, bad
	}
	o.Hash = *h
	return o, nil
}

// channelIDText is a channel's id as its contract has it.
func channelIDText(o wire.OutPoint) string { return "0x" + hex.EncodeToString(o.Hash[:]) }

// text is fit for a message: names come from contracts and from peers.
func text(s string) string { return strings.ToValidUTF8(s, "?") }
