package router

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRows: whatever a disk makes of the graph's rows and of the history's, they load or are refused
// with ErrRow, and the graph that they make can be searched.
func FuzzRows(f *testing.F) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.Graph().Journal()
	s.known(f, 1, p[0], p[1])
	s.known(f, 2, p[1], p[2])
	for _, row := range s.Graph().Changed(100, 1<<20) {
		f.Add(byte(row.Table), row.Key, row.Value)
	}
	f.Add(byte(2), []byte{0, 0, 0, 1}, make([]byte, memoryRowSize))
	f.Fuzz(func(t *testing.T, table byte, key, value []byte) {
		s := newTestGossip(GossipConfig{})
		if table%3 == 2 {
			h := NewHistory(s.Graph(), 10)
			h.Journal()
			if err := h.Load([]MemoryRow{{Number: uint32(len(key)), Value: value}}, testNow); err != nil {
				require.ErrorIs(t, err, ErrRow)
			}
			return
		}
		if err := s.Load(Row{Table: Table(table % 3), Key: key, Value: value}); err != nil {
			require.ErrorIs(t, err, ErrRow)
		}
		_, _ = s.Graph().FindRoute(Query{
			Source: p[0].id, Target: p[2].id, Chain: testChain, Amount: 1000, MaxFee: NoFeeLimit, Now: testNow,
		})
	})
}
