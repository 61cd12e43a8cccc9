package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

// run tries every fault whose name matches, two at a time, and tells of each in order.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	match := flags.String("run", "", "only the faults whose name matches this expression")
	attacks := flags.Bool("attacks", false, "only those that remove a defence against an attack")
	contracts := flags.Bool("contracts", false, "only those of the adjudicator contract, which node compiles")
	narrow := flags.Bool("narrow", false, "look for other attacks' tests in the packages of the attack's own only")
	jobs := flags.Int("jobs", 2, "how many to try at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	only, err := regexp.Compile(*match)
	if err != nil {
		return fmt.Errorf("mutants: -run: %w", err)
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	all, err := loadAll(root, *attacks)
	if *contracts {
		all, err = load(filepath.Join(root, contractDir))
	}
	if err != nil {
		return err
	}
	var chosen []mutant
	for _, m := range all {
		if only.MatchString(m.name) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("mutants: none of %d matches %q", len(all), *match)
	}
	lab, err := newLab(root, *narrow)
	if err != nil {
		return err
	}
	caught := func(m *mutant) (string, error) {
		if *contracts {
			return contract(ctx, root, m)
		}
		if len(m.tests) > 0 {
			return lab.attack(ctx, m)
		}
		return core(ctx, root, m)
	}
	return report(chosen, try(chosen, max(1, *jobs), caught))
}

// loadAll reads the faults of both kinds, those of the core first.
func loadAll(root string, attacks bool) ([]mutant, error) {
	removed, err := load(filepath.Join(root, attackDir))
	if err != nil || attacks {
		return removed, err
	}
	all, err := load(filepath.Join(root, coreDir))
	return append(all, removed...), err
}

// Where the faults are.
const (
	coreDir   = "htlc/mutants"
	attackDir = "internal/mutants/attacks"
)

// result is what became of a fault.
type result struct {
	by  string
	err error
}

// try runs the faults on so many goroutines; each result comes on its own channel.
func try(ms []mutant, jobs int, caught func(*mutant) (string, error)) []chan result {
	out := make([]chan result, len(ms))
	for i := range out {
		out[i] = make(chan result, 1)
	}
	var mu sync.Mutex
	next := 0
	for range jobs {
		go func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(ms) {
					return
				}
				by, err := caught(&ms[i])
				out[i] <- result{by, err}
			}
		}()
	}
	return out
}

// report prints a line for each fault and fails if one was not caught.
func report(ms []mutant, results []chan result) error {
	bad := 0
	for i, m := range ms {
		r := <-results[i]
		if r.err != nil {
			bad++
			fmt.Printf("mutant %s: NOT CAUGHT: %v (%s)\n", m.name, r.err, m.why)
			continue
		}
		fmt.Printf("mutant %s: caught by %s\n", m.name, r.by)
	}
	if bad > 0 {
		return fmt.Errorf("mutants: %d of %d not caught", bad, len(ms))
	}
	fmt.Printf("mutants: all %d caught\n", len(ms))
	return nil
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("mutants: go list -m: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}
