package node

import (
	"bytes"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// storedRecords are the codecs of this package's rows. A record that is read is written again as far as
// there is one function for it, and is then the same.
var storedRecords = []struct {
	name string
	read func(b []byte) (again []byte, err error)
}{
	{"channel", func(b []byte) ([]byte, error) {
		r, err := decodeChannelRecord(b)
		return r.encode(), err
	}},
	{"policy", func(b []byte) ([]byte, error) {
		p, err := decodePolicy(b)
		return p.encode(), err
	}},
	{"forward", func(b []byte) ([]byte, error) {
		f, err := decodeForward(b)
		return f.encode(), err
	}},
	{"failed forward", func(b []byte) ([]byte, error) {
		f, err := decodeFailedForward(1, b)
		return f.encode(), err
	}},
	{"closed channel", func(b []byte) ([]byte, error) {
		c, err := decodeClosed(make([]byte, 32), b)
		return c.encode(), err
	}},
	{"invoice", func(b []byte) ([]byte, error) {
		v, err := decodeInvoice(1, b)
		if err != nil {
			return nil, err
		}
		return encodeInvoice(v), nil
	}},
	{"invoice's state", func(b []byte) ([]byte, error) {
		var v Invoice
		err := decodeInvoiceState(&v, b)
		return encodeInvoiceState(&v), err
	}},
	{"payment", func(b []byte) ([]byte, error) {
		p, err := decodePayment(1, b)
		if err != nil {
			return nil, err
		}
		return encodePayment(p), nil
	}},
	{"payment's end", func(b []byte) ([]byte, error) {
		var p Payment
		err := decodePaymentEnd(&p, b)
		return encodePaymentEnd(&p), err
	}},
	{"attempt", func(b []byte) ([]byte, error) {
		a, err := decodeAttempt(1, b)
		if err != nil {
			return nil, err
		}
		return encodeAttempt(a), nil
	}},
	{"attempt's end", func(b []byte) ([]byte, error) {
		var a Attempt
		err := decodeAttemptEnd(&a, b)
		return encodeAttemptEnd(&a), err
	}},
	{"unusual asset", func(b []byte) ([]byte, error) {
		o, err := decodeOddity(b)
		return o.encode(), err
	}},
}

// FuzzRecords: a row that a disk has changed is an error or another row, never the end of the node, and
// what has been read once is written and read the same from then on.
func FuzzRecords(f *testing.F) {
	at := time.Unix(1_700_000_000, 0)
	seeds := map[string][]byte{
		"policy":         ChannelPolicy{BaseFee: 1000, FeePPM: 1, CLTVDelta: 80, MinHTLC: 1}.encode(),
		"forward":        (&Forward{Time: at, In: lnwire.NewShortChanIDFromInt(1), Out: lnwire.NewShortChanIDFromInt(2)}).encode(),
		"invoice":        encodeInvoice(&Invoice{Memo: "coffee", Created: at, PaymentRequest: "lnsb1"}),
		"payment":        encodePayment(&payment{}),
		"attempt":        encodeAttempt(&attempt{}),
		"channel":        channelRecord{}.encode(),
		"closed channel": (&ClosedChannel{When: at, Resolutions: make([]Resolution, 2)}).encode(),
		"unusual asset":  oddity{allowed: true, seen: "sent 10, 9 arrived"}.encode(),
		"others":         {1},
		"too long":       bytes.Repeat([]byte{0xff}, 300),
	}
	for i, codec := range storedRecords {
		f.Add(byte(i), seeds["others"])
		f.Add(byte(i), seeds["too long"])
		if seed, ok := seeds[codec.name]; ok {
			f.Add(byte(i), seed)
		}
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		codec := storedRecords[int(kind)%len(storedRecords)]
		once, err := codec.read(b)
		if err != nil {
			return
		}
		twice, err := codec.read(once)
		require.NoError(t, err, codec.name)
		require.Equal(t, once, twice, codec.name)
	})
}
