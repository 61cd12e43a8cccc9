package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// figures are what was measured of one implementation, by name.
type figures map[string]float64

func (f figures) set(name string, value float64) { f[name] = value }

// order is the order of the lines; what wasn't measured has none.
var order = []string{
	"direct", "direct_p50_ms", "direct_p99_ms",
	"forwarded", "forwarded_p50_ms", "forwarded_p99_ms",
	"token", "token_p50_ms", "token_to_own_direct", "token_to_lnd_direct",
	"signatures_per_payment_bitcoin_batch_1", "signatures_per_payment_token_batch_1",
	"signatures_per_payment_bitcoin_batch_25", "signatures_per_payment_token_batch_25",
	"alone_p50_ms", "alone_p99_ms",
	"fsyncs_per_payment", "bytes_written_per_payment",
	"direct_bytes_per_payment", "forwarded_bytes_per_payment",
	"direct_cpu_ms_per_payment", "forwarded_cpu_ms_per_payment",
	"direct_peak_rss_mb", "forwarded_peak_rss_mb",
	"crash_settled", "crash_lost", "crash_restart_ms",
	"route_2024_p50_ms", "route_2024_p99_ms", "route_2024_prior_p50_ms", "route_2024_none_p50_ms", "queryroutes_2024_p50_ms",
	"graph_2024_mb", "graph_2024_start_ms",
	"bytes_per_state", "bytes_per_htlc", "states_open_ms", "states_load_ms", "states_close_ms",
	"justice_p50_ms", "justice_max_ms",
}

// ordered are the names of all figures: those of order, then the others, which are named after the
// size of what they are about.
func ordered(all ...figures) []string {
	names := slices.Clone(order)
	var rest []string
	for _, f := range all {
		for name := range f {
			if !slices.Contains(names, name) && !slices.Contains(rest, name) {
				rest = append(rest, name)
			}
		}
	}
	slices.Sort(rest)
	return append(names, rest...)
}

// print writes `bench <name> nwnd=<x> lnd=<y> ratio=<x/y>`; "-" stands for what was not measured.
func print(out io.Writer, nwnd, lnd figures) {
	for _, name := range ordered(nwnd, lnd) {
		x, haveX := nwnd[name]
		y, haveY := lnd[name]
		if !haveX && !haveY {
			continue
		}
		ratio := "-"
		if haveX && haveY && y != 0 {
			ratio = number(x / y)
		}
		fmt.Fprintf(out, "bench %s nwnd=%s lnd=%s ratio=%s\n", name, shown(x, haveX), shown(y, haveY), ratio)
	}
}

func shown(v float64, have bool) string {
	if !have {
		return "-"
	}
	return number(v)
}

// number keeps three figures of small numbers and all digits before the point of large ones.
func number(v float64) string {
	digits := 2
	if v >= 100 {
		digits = 0
	} else if v >= 10 {
		digits = 1
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}
