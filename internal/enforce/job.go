package enforce

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/channeldb"
)

// State is how far a channel is on chain.
type State uint8

// The states, in order. A reorganisation can lead back to any earlier one.
const (
	Idle       State = iota // nothing spends the funding output, and nothing must: no job is stored
	Publishing              // a transaction must get into a block: our commitment, or one that was in a block before
	Resolving               // the spend is in a block; outputs are to be taken, or not final yet
	Settled                 // all is final; kept until a reorganisation can't undo it
)

var stateNames = [...]string{"idle", "publishing", "resolving", "settled"}

// String is the state's name in logs.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// bucketJobs has a row for each channel on chain: channel id -> job.
const bucketJobs = "resolver"

// job is what is stored of a resolver. What to do follows from it, the chain and the
// channel's own data; nothing that a reorganisation could falsify is taken from it.
type job struct {
	state     State
	ending    adjudicator.Ending
	published adjudicator.Height // the tip when our commitment was published first, 0: it was not
	height    adjudicator.Height // of the block of tx, when last seen there
	settled   adjudicator.Height // the tip when all was final first
	tx        *wire.MsgTx        // the spend that was seen last, nil before that
}

const (
	jobVersion = 1
	jobFixed   = 1 + 1 + 1 + 3*4
	// maxJobTx bounds the transaction in a job: what a block can hold.
	maxJobTx = 4_000_000
)

var errJob = errors.New("enforce: stored job is corrupt")

func (j *job) encode() ([]byte, error) {
	b := []byte{jobVersion, byte(j.state), byte(j.ending)}
	b = binary.BigEndian.AppendUint32(b, uint32(j.published))
	b = binary.BigEndian.AppendUint32(b, uint32(j.height))
	b = binary.BigEndian.AppendUint32(b, uint32(j.settled))
	if j.tx == nil {
		return b, nil
	}
	w := bytes.NewBuffer(b)
	if err := j.tx.Serialize(w); err != nil {
		return nil, fmt.Errorf("enforce: job: %w", err)
	}
	return w.Bytes(), nil
}

func decodeJob(b []byte) (job, error) {
	var j job
	if len(b) < jobFixed || len(b) > jobFixed+maxJobTx {
		return j, fmt.Errorf("%w: %d bytes, wants %d at least", errJob, len(b), jobFixed)
	}
	if b[0] != jobVersion {
		return j, fmt.Errorf("%w: version %d, this nwnd reads %d", errJob, b[0], jobVersion)
	}
	j.state, j.ending = State(b[1]), adjudicator.Ending(b[2])
	if j.state > Settled || j.ending > adjudicator.LocalOther {
		return j, fmt.Errorf("%w: state %d, ending %d", errJob, j.state, j.ending)
	}
	j.published = adjudicator.Height(binary.BigEndian.Uint32(b[3:]))
	j.height = adjudicator.Height(binary.BigEndian.Uint32(b[7:]))
	j.settled = adjudicator.Height(binary.BigEndian.Uint32(b[11:]))
	if rest := b[jobFixed:]; len(rest) > 0 {
		j.tx = wire.NewMsgTx(2)
		r := bytes.NewReader(rest)
		if err := j.tx.Deserialize(r); err != nil || r.Len() > 0 {
			return j, fmt.Errorf("%w: its transaction: %v, %d bytes left", errJob, err, r.Len())
		}
	}
	return j, nil
}

func readJobs(db Store) (map[lnwire.ChannelID]job, error) {
	all := make(map[lnwire.ChannelID]job)
	var bad error
	err := db.Scan(bucketJobs, nil, false, func(k, v []byte) bool {
		var j job
		if len(k) != len(lnwire.ChannelID{}) {
			bad = fmt.Errorf("%w: key of %d bytes", errJob, len(k))
		} else if j, bad = decodeJob(v); bad == nil {
			all[lnwire.ChannelID(k)] = j
		}
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	return all, err
}

// JobRow is the row of a channel's job, for who forgets the channel.
func JobRow(id lnwire.ChannelID) channeldb.KV {
	return channeldb.KV{Bucket: bucketJobs, Key: id[:]}
}

// save makes the resolver's job durable, if it changed.
func (r *resolver) save() error {
	b, err := r.job.encode()
	if err != nil {
		return err
	}
	if r.job.state == Idle {
		b = nil
	}
	if bytes.Equal(b, r.stored) {
		return nil
	}
	row := JobRow(r.id)
	row.Value = b
	if err := r.court.cfg.DB.Append(channeldb.Batch{Puts: []channeldb.KV{row}}); err != nil {
		return err
	}
	r.stored = b
	return nil
}
