package router

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// mainnetFile is a graph of the public network: a gzipped CSV, one line a channel,
// each direction's policy in it. It is no part of the repository.
const mainnetFile = "../../shared/data/mainnet-graph-2024-09-22.csv.gz"

// mainnet loads the file that NWND_GRAPH names, or mainnetFile if it exists; nil
// if there is none.
func mainnet(tb testing.TB) *Graph {
	path := os.Getenv("NWND_GRAPH")
	if path == "" {
		path = mainnetFile
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) && os.Getenv("NWND_GRAPH") == "" {
		return nil
	}
	require.NoError(tb, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(tb, err)
	rows := csv.NewReader(z)
	_, err = rows.Read()
	require.NoError(tb, err)
	g := NewGraph()
	for n := uint64(1); ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return g
		}
		require.NoError(tb, err)
		loadRow(tb, g, n, row)
	}
}

func loadRow(tb testing.TB, g *Graph, n uint64, row []string) {
	a, err := ParseNode(row[1])
	require.NoError(tb, err)
	b, err := ParseNode(row[2])
	require.NoError(tb, err)
	num := func(i int) uint64 {
		if row[i] == "" {
			return 0
		}
		v, err := strconv.ParseUint(row[i], 10, 64)
		require.NoError(tb, err, "line %d column %d", n, i)
		return v
	}
	if num(3) == 0 {
		return
	}
	require.NoError(tb, g.AddPrivate(cid(n), a, b, lnwire.MilliSatoshi(num(3)*1000)))
	for d, from := range []Node{a, b} {
		at := 4 + 6*d
		if row[at] == "" || row[at+5] == "" {
			continue
		}
		require.NoError(tb, g.SetPolicy(cid(n), from, Policy{Updated: testUnix, Disabled: num(at) != 0,
			HTLCMin: lnwire.MilliSatoshi(num(at + 1)), HTLCMax: lnwire.MilliSatoshi(num(at + 2)),
			FeeBase: uint32(num(at + 3)), FeeRate: uint32(num(at + 4)), CLTVDelta: uint16(num(at + 5))}))
	}
}

// BenchmarkRouteMainnet searches between random nodes and reports the median and
// the 99th percentile. Without a graph file it uses a random graph of its size.
func BenchmarkRouteMainnet(b *testing.B) {
	g := mainnet(b)
	if g == nil {
		b.Log("no mainnet graph file: using a random graph of 15,000 nodes and 50,000 channels")
		g = randomGraph(rand.New(rand.NewPCG(1, 1)), 15_000, 50_000)
	}
	b.Logf("%+v", g.Stats())
	for name, hist := range map[string]*History{"prior": nil, "learnt": taughtHistory(b, g)} {
		b.Run(name, func(b *testing.B) { benchRoutes(b, g, hist) })
	}
}

// taughtHistory has seen a few thousand attempts fail somewhere.
func taughtHistory(tb testing.TB, g *Graph) *History {
	h := NewHistory(g, 0)
	rng := rand.New(rand.NewPCG(2, 2))
	for range 3000 {
		q := randomQuery(rng, g)
		if r, err := g.FindRoute(q); err == nil && len(r.Hops) > 1 {
			h.Report(Attempt{Route: r, FailedAt: 1 + rng.IntN(len(r.Hops)-1), Code: lnwire.CodeTemporaryChannelFailure, Now: testNow})
		}
	}
	return h
}

func randomQuery(rng *rand.Rand, g *Graph) Query {
	pick := func() Node {
		for {
			if i := rng.IntN(len(g.nodes)); len(g.in[i]) > 0 {
				return g.nodes[i].key
			}
		}
	}
	q := Query{Source: pick(), Target: pick(), Chain: testChain, MaxFee: NoFeeLimit, FinalCLTVDelta: 18, Now: testNow}
	q.Amount = lnwire.MilliSatoshi(1000 * (1 + rng.Uint64N(1<<(4+rng.IntN(17)))))
	for q.Source == q.Target {
		q.Target = pick()
	}
	return q
}

func benchRoutes(b *testing.B, g *Graph, h *History) {
	rng := rand.New(rand.NewPCG(3, 3))
	took, found := make([]time.Duration, 0, b.N), 0
	b.ReportAllocs()
	for b.Loop() {
		q := randomQuery(rng, g)
		q.History = h
		start := time.Now()
		if _, err := g.FindRoute(q); err == nil {
			took, found = append(took, time.Since(start)), found+1
		}
	}
	slices.Sort(took)
	if len(took) > 0 {
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	}
	b.ReportMetric(float64(found)/float64(b.N), "found")
}
