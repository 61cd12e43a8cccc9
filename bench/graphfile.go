package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// public is a channel of a public network.
type public struct {
	nodes    [2]router.Node // in ascending order
	capacity uint64         // sat
	policies [2]*router.Policy
}

// columns of a graph's file: the channel, and what each direction asks, which may be empty.
const (
	columnNodes    = 1
	columnCapacity = 3
	columnPolicy   = 4
	policyColumns  = 6 // disabled, htlc_min, htlc_max, base, ppm, cltv_delta
	columns        = columnPolicy + 2*policyColumns
)

// readGraph reads a gzipped CSV with a line for each channel, and leaves out those without a capacity.
func readGraph(path string) ([]public, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rows := csv.NewReader(z)
	rows.FieldsPerRecord = columns
	if _, err := rows.Read(); err != nil { // the header
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var all []public
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		c := public{}
		if err == nil {
			err = c.read(row)
		}
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("%s: line %d: %w", path, line, err)
		}
		if c.capacity > 0 {
			all = append(all, c)
		}
	}
}

func (c *public) read(row []string) (err error) {
	for i := range c.nodes {
		if c.nodes[i], err = router.ParseNode(row[columnNodes+i]); err != nil {
			return err
		}
	}
	if c.capacity, err = number64(row[columnCapacity]); err != nil {
		return err
	}
	for d := range c.policies {
		if c.policies[d], err = policy(row[columnPolicy+d*policyColumns:]); err != nil {
			return err
		}
	}
	if bytes.Compare(c.nodes[0][:], c.nodes[1][:]) > 0 {
		c.nodes[0], c.nodes[1] = c.nodes[1], c.nodes[0]
		c.policies[0], c.policies[1] = c.policies[1], c.policies[0]
	}
	return nil
}

// policy reads what one direction asks; nil if it isn't known.
func policy(fields []string) (*router.Policy, error) {
	if fields[0] == "" || fields[policyColumns-1] == "" {
		return nil, nil
	}
	var v [policyColumns]uint64
	for i := range v {
		var err error
		if v[i], err = number64(fields[i]); err != nil {
			return nil, err
		}
	}
	return &router.Policy{
		Disabled: v[0] != 0, HTLCMin: lnwire.MilliSatoshi(v[1]), HTLCMax: lnwire.MilliSatoshi(v[2]),
		FeeBase: uint32(v[3]), FeeRate: uint32(v[4]), CLTVDelta: uint16(v[5]),
	}, nil
}

// number64 reads a number; nothing is 0.
func number64(s string) (uint64, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.ParseUint(s, 10, 64)
}
