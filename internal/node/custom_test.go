package node

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/onion"
)

// An onion has room for more records than are stored; none of them makes the invoice unreadable.
func TestRecordsOfAPayerAreBounded(t *testing.T) {
	told := &onion.Payload{Keysend: &[32]byte{1}}
	for i := range uint64(200) {
		told.Custom = append(told.Custom, onion.Record{Type: onion.FirstCustom + i, Value: []byte{byte(i)}})
	}
	p := &part{f: finalHop{Payload: told}}
	v := &Invoice{AddIndex: 1, HTLCs: []InvoiceHTLC{{CustomRecords: p.custom()}, {}}}
	var got Invoice
	require.NoError(t, decodeInvoiceState(&got, encodeInvoiceState(v)))
	require.Len(t, got.HTLCs[0].CustomRecords, maxCustomRecords)
	require.Equal(t, told.Keysend[:], got.HTLCs[0].CustomRecords[KeysendRecord])
	require.Equal(t, []byte{7}, got.HTLCs[0].CustomRecords[onion.FirstCustom+7])
	require.Nil(t, got.HTLCs[1].CustomRecords)
}
