package contract

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
)

const (
	// bucketJobs has a row for each channel of which something is on chain: channel id -> job.
	bucketJobs = "evmjob"
	// bucketCursors has a row for each contract: chain id (8), address (20) -> block (8). The state of
	// every job is as of that final block, or of a later one.
	bucketCursors = "evmcursor"
)

// cursorStep is by how many blocks the stored cursor may lag: so many are read again after a start.
const cursorStep = 100

// job is what is stored of a channel: what its final events say, which it would take long to read again.
// What is to be done follows from it, newer blocks, and the channel's own data.
type job struct {
	upTo  uint64 // state is as of this block
	state evm.State
	done  uint64 // the time of the final block at which all was done first; 0: it isn't
}

const jobVersion = 1

var errJob = errors.New("contract: stored job is corrupt")

func (j *job) encode() []byte {
	b := []byte{jobVersion}
	b = binary.BigEndian.AppendUint64(b, j.upTo)
	b = binary.BigEndian.AppendUint64(b, j.done)
	return j.state.Append(b)
}

func decodeJob(b []byte) (j job, err error) {
	if len(b) < 17 || b[0] != jobVersion {
		return j, fmt.Errorf("%w: %d bytes of version %v, this nwnd reads %d", errJob, len(b), b[:min(len(b), 1)], jobVersion)
	}
	j.upTo, j.done = binary.BigEndian.Uint64(b[1:]), binary.BigEndian.Uint64(b[9:])
	if j.state, err = evm.ReadState(b[17:]); err != nil {
		return j, fmt.Errorf("%w: %w", errJob, err)
	}
	return j, nil
}

// readJobs reads the jobs of all contracts: only those of channels that are watched here are used.
func (c *Court) readJobs() (map[lnwire.ChannelID]job, error) {
	all := make(map[lnwire.ChannelID]job)
	var bad error
	prefix := c.key()
	err := c.cfg.DB.Scan(bucketJobs, prefix, false, func(k, v []byte) bool {
		if !bytes.HasPrefix(k, prefix) {
			return false
		}
		var j job
		if len(k) != len(prefix)+len(lnwire.ChannelID{}) {
			bad = fmt.Errorf("%w: key of %d bytes", errJob, len(k))
		} else if j, bad = decodeJob(v); bad == nil {
			all[lnwire.ChannelID(k[len(prefix):])] = j
		}
		return bad == nil
	})
	return all, errors.Join(err, bad)
}

// key names the contract: chain id (8), address (20).
func (c *Court) key() []byte {
	return append(binary.BigEndian.AppendUint64(nil, c.cfg.Reader.ChainID()), c.cfg.Contract[:]...)
}

func (c *Court) readCursor() (uint64, error) {
	b, err := c.cfg.DB.Get(bucketCursors, c.key())
	if err != nil || b == nil {
		return 0, err
	}
	if len(b) != 8 {
		return 0, fmt.Errorf("contract: stored cursor has %d bytes, want 8", len(b))
	}
	return binary.BigEndian.Uint64(b), nil
}

// JobRow is the row of a channel's job, for who forgets the channel.
func (c *Court) JobRow(id lnwire.ChannelID) channeldb.KV {
	return channeldb.KV{Bucket: bucketJobs, Key: append(c.key(), id[:]...)}
}

// save makes durable what changed: jobs of channels to which something happened, and every now and then
// how far all of them are.
func (c *Court) save() error {
	var rows []channeldb.KV
	least := c.final.Number
	for _, r := range c.all {
		least = min(least, r.upTo)
		if row, changed := r.row(); changed {
			rows = append(rows, row)
		}
	}
	// A job that nobody watches yet is only as of its own block, and so is one that is catching up.
	further := len(c.jobs) == 0 && (least >= c.stored+cursorStep || len(rows) > 0 && least > c.stored)
	if further || len(rows) > 0 && least < c.stored {
		c.stored = least
		rows = append(rows, channeldb.KV{
			Bucket: bucketCursors, Key: c.key(), Value: binary.BigEndian.AppendUint64(nil, least),
		})
	}
	if len(rows) == 0 {
		return nil
	}
	return c.cfg.DB.Append(channeldb.Batch{Puts: rows})
}

// row is the channel's job, if it has changed.
func (r *resolver) row() (channeldb.KV, bool) {
	if !r.touched {
		return channeldb.KV{}, false
	}
	r.touched = false
	r.job.state, r.job.upTo = r.final, r.upTo
	row := r.court.JobRow(r.id)
	if r.job.state.Count > 0 {
		row.Value = r.job.encode()
	}
	return row, true
}
