package channeldb

import (
	"encoding/binary"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"
)

// Rows that come in the order of their keys leave no page half empty, though some of them are
// written again.
func TestPagesOfRisingRowsAreFull(t *testing.T) {
	fill := func(rising bool) float64 {
		var opt Options
		if rising {
			opt.Rising = []string{"r"}
		}
		db, err := Open(filepath.Join(t.TempDir(), "nwnd.db"), opt)
		require.NoError(t, err)
		defer db.Close()
		const rows, group = 10_000, 50
		row := func(n, size int) KV {
			return KV{Bucket: "r", Key: binary.BigEndian.AppendUint64(nil, uint64(n)), Value: make([]byte, size)}
		}
		for n := 0; n < rows; n += group {
			var b Batch
			for i := n; i < n+group; i++ {
				b.Puts = append(b.Puts, row(i, 30))
				if i > 0 {
					b.Puts = append(b.Puts, row(i-1, 32))
				}
			}
			require.NoError(t, db.Append(b))
		}
		var s bolt.BucketStats
		require.NoError(t, db.bolt.View(func(tx *bolt.Tx) error {
			s = tx.Bucket([]byte(kvPrefix + "r")).Stats()
			return nil
		}))
		require.Equal(t, rows, s.KeyN)
		return float64(s.LeafInuse) / float64(s.LeafAlloc)
	}
	require.Greater(t, fill(true), 0.9)
	require.Less(t, fill(false), 0.7, "what it is worth")
}
