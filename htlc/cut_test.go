package htlc_test

import (
	"testing"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/htlctest"
)

// dance is a scenario in which updates of every kind cross, delivered one message at a
// time; tick is called before each.
type dance struct {
	w    *htlctest.World
	tick func()
}

// pump delivers up to n messages, the two sides in turn.
func (d *dance) pump(n int) {
	for k := 0; k < n && d.w.Err == nil; k++ {
		if len(d.w.Nodes[0].Inbox)+len(d.w.Nodes[1].Inbox) == 0 {
			return
		}
		d.tick()
		d.w.Deliver(k%2, 1)
	}
}

// decide resolves up to n of what a node has to decide.
func (d *dance) decide(i, n, how int) {
	for range n {
		if id, ok := pick(d.w.Nodes[i].Book.Arrived, 0); ok {
			d.w.Decide(i, id, how)
			how = (how + 1) % 3
		}
	}
}

// change proposes a fee rate, or where there is none money in and out of both sides.
func (d *dance) change(rate htlc.FeeRate) {
	w := d.w
	if w.Nodes[0].Channel.Params().Nonce != vaultNonce {
		w.Feed(0, htlc.SetFee{Rate: rate})
		return
	}
	for i := range w.Nodes {
		w.Deposit(i, htlc.Sat(rate))
		w.Look(i)
		w.Withdraw(1-i, htlc.Sat(rate)/2)
	}
	d.pump(4)
	w.Look(0)
}

func (d *dance) run() error {
	w := d.w
	for i := range w.Nodes {
		for k := range 3 {
			w.Add(i, htlc.MilliSat(1_000_000*(k+1)))
		}
		w.Feed(i)
	}
	d.pump(5)
	d.change(1500)
	w.Add(1, 4_000_000)
	w.Feed(1)
	d.pump(20)
	d.decide(0, 2, 0)
	d.decide(1, 2, 1)
	w.Add(0, 5_000_000)
	w.Feed(0)
	d.pump(7)
	d.decide(1, 2, 0)
	d.change(700)
	d.pump(40)
	d.decide(0, 3, 2)
	d.decide(1, 3, 0)
	d.pump(100)
	w.Drain()
	w.Feed(1, htlc.Shutdown{Script: []byte{0, 1}})
	d.pump(3)
	w.Feed(0, htlc.Shutdown{Script: []byte{0, 0}})
	d.pump(20)
	w.Link()
	w.Close(0)
	return w.Err
}

// faults are what happens at one point of the dance.
var faults = map[string]func(*htlctest.World){
	"cut":           func(w *htlctest.World) { w.Cut(); w.Link() },
	"crash of 0":    func(w *htlctest.World) { w.Crash(0); w.Link() },
	"crash of 1":    func(w *htlctest.World) { w.Crash(1); w.Link() },
	"only 0 hears":  func(w *htlctest.World) { w.Deliver(0, 1000); w.Cut(); w.Link() },
	"only 1 hears":  func(w *htlctest.World) { w.Deliver(1, 1000); w.Cut(); w.Link() },
	"cut for long":  func(w *htlctest.World) { w.Cut() },
	"cut twice":     func(w *htlctest.World) { w.Cut(); w.Link(); w.Deliver(0, 1); w.Cut(); w.Link() },
	"cut in resend": func(w *htlctest.World) { w.Cut(); w.Link(); w.Settle(); w.Cut(); w.Link() },
}

func TestLinkMayBreakBeforeEveryMessage(t *testing.T) {
	for _, kind := range []string{"roomy", "vault"} {
		cfg := configs()[kind]
		t.Run(kind, func(t *testing.T) { breaks(t, cfg) })
	}
}

func breaks(t *testing.T, cfg htlctest.Config) {
	total := 0
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			for at := 0; ; at++ {
				w, err := htlctest.NewWorld(cfg)
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				d := &dance{w: w}
				d.tick = func() {
					if n == at {
						fault(w)
					}
					n++
				}
				if err := d.run(); err != nil {
					t.Fatalf("%s before message %d: %v", name, at, err)
				}
				total = max(total, n)
				if at > n {
					break
				}
			}
		})
	}
	if total < 60 {
		t.Fatalf("the dance has only %d messages", total)
	}
}
