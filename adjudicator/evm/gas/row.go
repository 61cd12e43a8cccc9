package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// row is what an operation costs and may cost.
type row struct {
	operation string
	asset     string // "eth" or "erc20"
	measured  uint64
	target    uint64
}

func (r row) String() string {
	return fmt.Sprintf("%s %s %d %d", r.operation, r.asset, r.measured, r.target)
}

// operation measures one line of the table, in a channel of its own.
type operation struct {
	name   string
	target [2]uint64 // with coins, with a token; 0 is none
	cost   func(*channel) (uint64, error)
}

// The table of the design: figures of its prototype plus 4 %.
var operations = []operation{
	{"open", [2]uint64{51_000, 71_000}, (*channel).open},
	{"open-tokens-first-money", [2]uint64{0, 92_000}, (*channel).openFirstMoney},
	{"second-deposit", [2]uint64{33_000, 53_000}, (*channel).secondDeposit},
	{"withdraw-first", [2]uint64{77_000, 83_000}, (*channel).withdrawFirst},
	{"withdraw-later", [2]uint64{56_000, 62_000}, (*channel).withdrawLater},
	{"cooperative-close", [2]uint64{65_000, 70_000}, (*channel).cooperate},
	{"close-0-locks", [2]uint64{72_000, 72_000}, closeWith(0)},
	{"close-1-lock", [2]uint64{96_000, 96_000}, closeWith(1)},
	{"close-30-locks", [2]uint64{123_000, 123_000}, closeWith(30)},
	{"close-483-locks", [2]uint64{1_020_000, 1_020_000}, closeWith(483)},
	{"resolve-all-of-1", [2]uint64{40_000, 40_000}, resolveWith(1, 1)},
	{"resolve-all-of-30", [2]uint64{132_000, 132_000}, resolveWith(30, 30)},
	{"resolve-all-of-483", [2]uint64{1_680_000, 1_680_000}, resolveWith(483, 483)},
	{"resolve-one-of-30", [2]uint64{91_000, 91_000}, resolveWith(1, 30)},
	{"settle", [2]uint64{54_000, 59_000}, (*channel).settleAfterClose},
	{"punish", [2]uint64{53_000, 59_000}, punishFor(0)},
	{"punish-with-bounty", [2]uint64{61_000, 68_000}, punishFor(bounty)},
	{"whole-force-close-with-one-htlc", [2]uint64{189_000, 194_000}, (*channel).forceClose},
}

// assets in the order of a target's columns.
var assets = [2]string{"eth", "erc20"}

// measure runs every operation on one chain.
func measure(ctx context.Context) ([]row, error) {
	c, err := newChain(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.fundToken(); err != nil {
		return nil, err
	}
	var rows []row
	for _, o := range operations {
		for i, asset := range assets {
			if o.target[i] == 0 {
				continue
			}
			token := c.asset[i]
			if o.name == "open-tokens-first-money" {
				token = c.unused
			}
			used, err := o.cost(c.newChannel(token))
			if err != nil {
				return nil, fmt.Errorf("gas: %s with %s: %w", o.name, asset, err)
			}
			rows = append(rows, row{o.name, asset, used, o.target[i]})
		}
	}
	return rows, nil
}

// text is the snapshot of rows.
func text(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s %d\n", r.operation, r.asset, r.measured)
	}
	return b.String()
}

// errChanged says that the contract costs other than it did when the snapshot was written.
var errChanged = errors.New("gas: not what the snapshot says; if that is wanted, run make gas-update")

func compare(file string, rows []row) error {
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("gas: snapshot: %w", err)
	}
	have, want := strings.Split(text(rows), "\n"), strings.Split(string(b), "\n")
	var differ []string
	for _, line := range have {
		if !slices.Contains(want, line) {
			differ = append(differ, "measured "+line)
		}
	}
	for _, line := range want {
		if !slices.Contains(have, line) {
			differ = append(differ, "snapshot "+line)
		}
	}
	if len(differ) > 0 {
		return fmt.Errorf("%w:\n%s", errChanged, strings.Join(differ, "\n"))
	}
	return nil
}
