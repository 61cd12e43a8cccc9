package htlc_test

import (
	"encoding/hex"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

var (
	replay = flag.String("schedule", "", "hex of the one schedule to run, traced")
	rounds = flag.Int("schedules", 40, "how many random schedules to run on each channel")
)

// run lets the bytes be the schedule of two nodes, and then drains the channel.
func run(script []byte, cfg htlctest.Config, trace func(string, ...any)) (*htlctest.World, error) {
	w, err := htlctest.NewWorld(cfg)
	if err != nil {
		return nil, err
	}
	w.Trace = trace
	for i := 0; i+1 < len(script) && w.Err == nil; i += 2 {
		op, arg := script[i], int(script[i+1])
		if trace != nil {
			trace("-- %02x%02x", op, arg)
		}
		act(w, op, arg)
	}
	if w.Err == nil {
		w.Drain()
	}
	if w.Err == nil {
		w.Close(int(len(script)/2) % 2)
	}
	return w, w.Err
}

// act is one action: the low bit of op says whose, the rest what.
func act(w *htlctest.World, op byte, arg int) {
	i := int(op & 1)
	n := w.Nodes[i]
	switch (op >> 1) % 16 {
	case 0, 1, 2, 3, 4:
		w.Deliver(i, 1+arg%4)
	case 5, 6:
		w.Add(i, htlc.MilliSat(1+arg*arg*arg)*500)
	case 7:
		for k := range 1 + arg%8 {
			w.Add(i, htlc.MilliSat(300_000+k*100_000))
		}
		w.Feed(i)
	case 8:
		w.Feed(i) // sign
	case 9, 10:
		if id, ok := pick(n.Book.Arrived, arg/4); ok {
			w.Decide(i, id, arg%4%3)
		}
	case 11:
		if n.Channel.Params().Nonce == vaultNonce {
			money(w, i, arg)
			return
		}
		w.Feed(i, htlc.SetFee{Rate: htlc.FeeRate(253 + arg*20)})
	case 12:
		if id, ok := pick(n.Book.Settled, arg); ok {
			w.Forget(i, id)
		}
	case 13:
		if arg%4 == 0 {
			w.Cut()
		} else {
			w.Link()
		}
	case 14:
		if arg%4 == 0 {
			w.Crash(i)
		} else {
			w.Link()
		}
	case 15:
		if arg < 16 {
			w.Feed(i, htlc.Shutdown{Script: []byte{0, byte(i)}, FeeRate: 500})
		}
		n.Snapshot()
	}
}

// money moves some in or out of the channel, or lets a node see what is there.
func money(w *htlctest.World, i, arg int) {
	switch arg % 4 {
	case 0:
		w.Deposit(i, htlc.Sat(1+arg*1000))
		w.Look(arg / 128)
	case 1:
		w.Withdraw(i, htlc.Sat(1+arg*arg*10))
	default:
		w.Look(i)
	}
}

// vaultNonce marks a channel of configs that takes deposits.
const vaultNonce = 1

func pick[V any](m map[uint64]V, n int) (uint64, bool) {
	ids := make([]uint64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return 0, false
	}
	slices.Sort(ids)
	return ids[n%len(ids)], true
}

// configs are the channels that schedules run on.
func configs() map[string]htlctest.Config {
	out := map[string]htlctest.Config{"roomy": htlctest.Default()}
	tight := htlctest.Default()
	tight.Params.Capacity, tight.Params.Pushed = 60_000, 25_000_000
	tight.Params.MaxDust = 3_000_000
	for i := range tight.Params.Terms {
		tight.Params.Terms[i].Reserve = 600
		tight.Params.Terms[i].MaxAccepted = 8
		tight.Params.Terms[i].MaxInFlight = 30_000_000
	}
	out["tight"] = tight
	onesided := htlctest.Default()
	onesided.Params.Pushed = 0
	out["onesided"] = onesided
	onesig := htlctest.Default()
	onesig.Format = htlctest.Format{OneSig: true, NoFees: true}
	onesig.Params.FeeRate = 0
	out["onesig"] = onesig
	deposits := onesig
	deposits.Format = htlctest.Vault{Format: htlctest.Format{OneSig: true, NoFees: true}}
	deposits.Params.Nonce = vaultNonce
	out["vault"] = deposits
	return out
}

func TestRandomSchedules(t *testing.T) {
	if *replay != "" {
		script, err := hex.DecodeString(*replay)
		if err != nil {
			t.Fatal(err)
		}
		for name, cfg := range configs() {
			t.Run(name, func(t *testing.T) {
				if _, err := run(script, cfg, t.Logf); err != nil {
					t.Fatal(err)
				}
			})
		}
		return
	}
	for name, cfg := range configs() {
		t.Run(name, func(t *testing.T) {
			for range *rounds {
				seed := rand.Uint64()
				r := rand.New(rand.NewPCG(seed, 0))
				script := make([]byte, 2*(20+r.IntN(400)))
				for k := range script {
					script[k] = byte(r.Uint32())
				}
				if w, err := run(script, cfg, nil); err != nil {
					script = shrink(script, cfg)
					_, err := run(script, cfg, nil)
					t.Fatalf("%v\nreplay: go test ./htlc -run TestRandomSchedules/%s -schedule %x -v\n%v",
						err, name, script, w.Nodes[0].Book.Counts)
				}
			}
		})
	}
}

// shrink drops actions as long as the schedule still fails.
func shrink(script []byte, cfg htlctest.Config) []byte {
	for size := len(script) / 2 &^ 1; size >= 2; size = size / 2 &^ 1 {
		for at := 0; at+size <= len(script); {
			shorter := append(slices.Clone(script[:at]), script[at+size:]...)
			if _, err := run(shorter, cfg, nil); err != nil {
				script = shorter
			} else {
				at += size
			}
		}
	}
	return script
}
