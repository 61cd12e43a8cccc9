package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

// snapshotFile is committed beside the sources.
const snapshotFile = "adjudicator/evm/gas/gas.snapshot"

func main() {
	update := flag.Bool("update", false, "write the snapshot instead of comparing with it")
	file := flag.String("snapshot", snapshotFile, "the file with what was measured before")
	flag.Parse()
	if err := run(context.Background(), *file, *update, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run prints a line for each operation and fails if one is over its target, or not what the snapshot says.
func run(ctx context.Context, file string, update bool, out io.Writer) error {
	rows, err := measure(ctx)
	if err != nil {
		return err
	}
	var over int
	for _, r := range rows {
		fmt.Fprintf(out, "gas %s\n", r)
		if r.measured > r.target {
			over++
		}
	}
	if over > 0 {
		return fmt.Errorf("gas: %d operations cost more than their targets", over)
	}
	if update {
		return os.WriteFile(file, []byte(text(rows)), 0o644)
	}
	return compare(file, rows)
}
