package contract

import (
	"fmt"
)

// withdrawalSize is a stored withdrawal's: two totals of 32 bytes, two signatures of 64.
const withdrawalSize = 2*32 + 2*64

// append appends a byte that says whether there is one, and the withdrawal.
func (w *Withdrawal) append(b []byte) []byte {
	if w == nil {
		return append(b, 0)
	}
	b = append(b, 1)
	for i := range w.Totals {
		word := w.Totals[i].Bytes32()
		b = append(b, word[:]...)
	}
	return append(append(b, w.Sigs[0][:]...), w.Sigs[1][:]...)
}

// readWithdrawal reads what append wrote, and gives the rest.
func readWithdrawal(b []byte) (*Withdrawal, []byte, error) {
	if len(b) == 0 || b[0] > 1 || b[0] == 1 && len(b) < 1+withdrawalSize {
		return nil, nil, fmt.Errorf("%w: its withdrawal of %d bytes", errJob, len(b))
	}
	if b[0] == 0 {
		return nil, b[1:], nil
	}
	w := new(Withdrawal)
	w.Totals[0].SetBytes(b[1:33])
	w.Totals[1].SetBytes(b[33:65])
	copy(w.Sigs[0][:], b[65:129])
	copy(w.Sigs[1][:], b[129:193])
	return w, b[1+withdrawalSize:], nil
}
