package node

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
)

// A window's rows are found whatever the way, gaps and a clock that was set back by hours
// included, and few rows are read for it.
func TestRowsOfATimeAreFoundByHalves(t *testing.T) {
	const rows, bucket = 5000, "rows"
	db := dbtest.New(t).Open()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	start := time.Unix(1_700_000_000, 0)
	made := map[uint64]time.Time{}
	var batch []channeldb.KV
	for i := range uint64(rows) {
		if random.IntN(10) == 0 {
			continue // an index that was never used
		}
		jitter := time.Duration(random.IntN(10)) * time.Hour
		made[i+1] = start.Add(time.Duration(i)*time.Hour - jitter)
		batch = append(batch, channeldb.KV{Bucket: bucket, Key: key64(i + 1), Value: []byte{1}})
	}
	require.NoError(t, db.Append(channeldb.Batch{Puts: batch}))
	for range 100 {
		from := start.Add(time.Duration(random.IntN(rows)) * time.Hour)
		to := from.Add(time.Duration(random.IntN(100)) * time.Hour)
		var want []uint64
		for i := range uint64(rows) {
			if at, ok := made[i+1]; ok && inWindow(at, from, to) {
				want = append(want, i+1)
			}
		}
		for _, reversed := range []bool{false, true} {
			var got []uint64
			read := 0
			w := window{db, bucket, from, to, func(i uint64) (time.Time, error) { read++; return made[i], nil }}
			offset, err := w.begin(0, reversed)
			require.NoError(t, err)
			require.NoError(t, scanPage(db, bucket, offset, reversed, func(i uint64) bool {
				read++
				if inWindow(made[i], from, to) {
					got = append(got, i)
				}
				return !w.ends(made[i], reversed)
			}))
			if reversed {
				reverse(got)
			}
			require.Equal(t, want, got, "seed %d, reversed %v, from %v to %v", seed, reversed, from, to)
			require.Less(t, read, 300, "of %d rows", rows)
		}
	}
}
