//go:build !linux

package main

import (
	"errors"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// usage is what nodes have used; it is known on Linux only.
type usage struct {
	cpu           time.Duration
	kept, peakRSS int64
}

func sample([]*daemon.Node) (usage, error) { return usage{}, nil }

func resetPeak([]*daemon.Node) error { return nil }

func realDisk(string) error { return nil }

func rss(*daemon.Node) (all, files int64, err error) {
	return 0, 0, errors.New("the memory of a node is known on Linux only")
}
