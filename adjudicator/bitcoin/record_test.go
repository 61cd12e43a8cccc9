package bitcoin_test

import (
	"math/rand/v2"
	"testing"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

func randomRecord(r *rand.Rand) bitcoin.Record {
	rec := bitcoin.Record{
		HTLC: bitcoin.HTLC{Offerer: htlc.Side(r.IntN(2)), ID: r.Uint64() >> r.IntN(64), Expiry: uint32(r.IntN(500_000_000))},
		From: r.Uint64N(1<<48) >> r.IntN(48),
	}
	for i := range rec.Hash160 {
		rec.Hash160[i] = byte(r.Uint32())
	}
	if rec.Open = r.IntN(4) == 0; !rec.Open {
		rec.To = rec.From + r.Uint64N(1<<48-rec.From)
	}
	return rec
}

func TestRecordsComeBack(t *testing.T) {
	const seed = 14
	r := rand.New(rand.NewPCG(seed, 0))
	for range 10_000 {
		want := randomRecord(r)
		b, err := want.Append(nil)
		require.NoError(t, err, "seed %d: %+v", seed, want)
		require.LessOrEqual(t, len(b), bitcoin.MaxRecord)
		got, err := bitcoin.DecodeRecord(b)
		require.NoError(t, err, "seed %d: %+v", seed, want)
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// Issue 4: under 80 bytes for an HTLC's whole life, among a million states.
func TestARecordIsSmall(t *testing.T) {
	r := bitcoin.Record{
		HTLC: bitcoin.HTLC{Offerer: htlc.Remote, ID: 1_000_000, Expiry: 900_000}, From: 1_000_000, To: 1_000_100,
	}
	b, err := r.Append(nil)
	require.NoError(t, err)
	require.Len(t, b, 24+3+3+1)
	require.Less(t, bitcoin.MaxRecord, 80)
}

func TestRecordRefusals(t *testing.T) {
	good := bitcoin.Record{HTLC: bitcoin.HTLC{Expiry: 600}, From: 5, To: 9}
	for name, spoil := range map[string]func(r *bitcoin.Record){
		"a time":        func(r *bitcoin.Record) { r.Expiry = 500_000_000 },
		"backwards":     func(r *bitcoin.Record) { r.To = 4 },
		"beyond":        func(r *bitcoin.Record) { r.To = 1 << 48 },
		"begins beyond": func(r *bitcoin.Record) { r.From, r.Open = 1<<48, true },
		"nobody's":      func(r *bitcoin.Record) { r.Offerer = 2 },
	} {
		r := good
		spoil(&r)
		_, err := r.Append(nil)
		require.Error(t, err, name)
	}
	b, err := good.Append(nil)
	require.NoError(t, err)
	for name, bad := range map[string][]byte{
		"empty": nil, "short": b[:20], "cut": b[:len(b)-1], "long": append(b[:len(b):len(b)], 0),
		"padded":    append(b[:24:24], 0x80, 0, 5, 5),
		"a time":    append([]byte{0x7f, 0xff, 0xff, 0xff}, b[4:]...),
		"too far":   append(b[:24:24], 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 2),
		"too long":  append(b[:24:24], 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"a 65th":    append(b[:24:24], 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2),
		"a far one": append(b[:24:24], 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0),
	} {
		_, err := bitcoin.DecodeRecord(bad)
		require.ErrorIs(t, err, bitcoin.ErrRecord, name)
	}
}

// What is read is written the same way: a record has one encoding.
func FuzzRecord(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 20 {
		rec := randomRecord(r)
		b, err := rec.Append(nil)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rec, err := bitcoin.DecodeRecord(b)
		if err != nil {
			require.ErrorIs(t, err, bitcoin.ErrRecord)
			return
		}
		again, err := rec.Append(nil)
		require.NoError(t, err)
		require.Equal(t, b, again)
		require.LessOrEqual(t, len(b), bitcoin.MaxRecord)
	})
}

// For every commitment that was ever signed, the records that cover it are its HTLC outputs;
// states without HTLCs have none.
func TestRecordsAreTheHTLCsOfEachState(t *testing.T) {
	outputs := 0
	scenes(t, 8, 100, func(s *scene) {
		for i := range s.sides {
			p := s.w.Nodes[i].Channel.Params()
			all, err := s.stored(i)(0)
			require.NoError(t, err)
			for n, com := range s.sides[i].remote {
				var want, got []bitcoin.HTLC
				tx, err := bolt3.Build(p, com)
				require.NoError(t, err)
				for _, o := range tx.Outputs {
					if o.Kind == bolt3.HTLC {
						want = append(want, bitcoin.HTLC{
							Offerer: o.HTLC.Offerer, ID: o.HTLC.ID,
							Hash160: bolt3.PaymentHash160(o.HTLC.Hash), Expiry: o.HTLC.Expiry,
						})
					}
				}
				for _, r := range all {
					if r.From <= n && (r.Open || n <= r.To) {
						got = append(got, r.HTLC)
					}
				}
				require.ElementsMatch(t, want, got, "%s: commitment %d", s.where, n)
				outputs += len(want)
			}
		}
	})
	require.Greater(t, outputs, 100)
}

// A history goes on from what is stored, and takes nothing twice or out of order.
func TestAHistoryGoesOnFromItsRecords(t *testing.T) {
	s := newScene(t, 15).run(80)
	for i := range s.sides {
		ch := s.channel(i)
		last := ch.Remote[len(ch.Remote)-1]
		all, err := s.stored(i)(0)
		require.NoError(t, err)
		var open []bitcoin.Record
		for _, r := range all {
			if r.Open {
				open = append(open, r)
			}
		}
		h, err := bitcoin.NewHistory(last.Number+1, open)
		require.NoError(t, err)
		changed, err := h.Signed(ch.Params, last)
		require.NoError(t, err)
		require.Empty(t, changed, "signed again after a reconnection")

		next := *last
		next.Number++
		next.HTLCs = nil
		changed, err = h.Signed(ch.Params, &next)
		require.NoError(t, err)
		require.Len(t, changed, len(open))
		for _, r := range changed {
			require.False(t, r.Open)
			require.Equal(t, last.Number, r.To)
		}
		next.Number += 2
		_, err = h.Signed(ch.Params, &next)
		require.ErrorIs(t, err, bitcoin.ErrChannel)
		_, err = h.Signed(ch.Params, ch.Local)
		require.ErrorIs(t, err, bitcoin.ErrChannel)
		if len(open) > 0 {
			_, err = bitcoin.NewHistory(last.Number+1, append(open, open[0]))
			require.ErrorIs(t, err, bitcoin.ErrChannel)
			_, err = bitcoin.NewHistory(open[0].From, open)
			require.ErrorIs(t, err, bitcoin.ErrChannel)
		}
	}
}
