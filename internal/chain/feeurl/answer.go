package feeurl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/lightningnetwork/lnd/lnwallet/chainfee"

	"github.com/nichework/nwnd/internal/chain"
)

const (
	maxTarget  = 1008    // blocks; a week, as lnd has it
	maxEntries = 1008    // one a target
	maxBody    = 1 << 18 // bytes of an answer; 1008 entries are some 20 kB
)

// errAnswer: what the service said can't be read, or can't be right.
var errAnswer = errors.New("feeurl: the answer can't be used")

// table is an answer of the service: rates in sat per 1000 vbytes by the number of blocks.
type table struct {
	rates map[uint32]uint32 // none is 0
	relay uint32            // least that is relayed; 0 if it wasn't told
}

// parse reads {"fee_by_block_target": {"2": 5000, …}, "min_relay_feerate": 1000}. Rates are whole
// numbers from 0 to 2^32-1, as in lnd; one of 0 is left out, since it says that the service has no idea.
func parse(body io.Reader) (table, error) {
	text, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return table{}, fmt.Errorf("%w: %w", errAnswer, err)
	}
	if len(text) > maxBody {
		return table{}, fmt.Errorf("%w: it has more than %d bytes", errAnswer, maxBody)
	}
	var said struct {
		Rates map[string]json.Number `json:"fee_by_block_target"`
		Relay json.Number            `json:"min_relay_feerate"`
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&said); err != nil {
		return table{}, fmt.Errorf("%w: it is no JSON of fees: %.80v", errAnswer, err)
	}
	if len(said.Rates) > maxEntries {
		return table{}, fmt.Errorf("%w: it has %d targets, at most %d", errAnswer, len(said.Rates), maxEntries)
	}
	t := table{rates: make(map[uint32]uint32, len(said.Rates))}
	for key, value := range said.Rates {
		target, err := strconv.ParseUint(key, 10, 32)
		if err != nil || target == 0 {
			return table{}, fmt.Errorf("%w: %.20q is no number of blocks", errAnswer, key)
		}
		rate, err := strconv.ParseUint(value.String(), 10, 32)
		if err != nil {
			return table{}, fmt.Errorf("%w: for %d blocks it has %.20q, expected sat per 1000 vbytes", errAnswer, target, value)
		}
		if rate > 0 {
			t.rates[uint32(target)] = uint32(rate)
		}
	}
	if len(t.rates) == 0 {
		return table{}, fmt.Errorf("%w: it has no rate in fee_by_block_target", errAnswer)
	}
	if said.Relay == "" {
		return t, nil
	}
	relay, err := strconv.ParseUint(said.Relay.String(), 10, 32)
	if err != nil {
		return table{}, fmt.Errorf("%w: min_relay_feerate is %.20q, expected sat per 1000 vbytes", errAnswer, said.Relay)
	}
	t.relay = uint32(relay)
	return t, nil
}

// rate gives that of the largest target that is not above the one asked for, which is the cheapest that
// is soon enough; if all are above, that of the smallest, as lnd does. It is at least what is relayed.
func (t table) rate(target uint32) chain.SatPerKWeight {
	target = min(max(target, 1), maxTarget)
	var below, above uint32
	for have := range t.rates {
		switch {
		case have <= target:
			below = max(below, have)
		case above == 0 || have < above:
			above = have
		}
	}
	if below == 0 {
		below = above
	}
	perKVByte := max(t.rates[below], t.relay)
	return max(chainfee.SatPerKVByte(perKVByte).FeePerKWeight(), chainfee.FeePerKwFloor)
}
