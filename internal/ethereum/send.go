package ethereum

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/channeldb"
)

// Signer holds the keys of the accounts that pay for gas.
type Signer interface {
	Addresses() []common.Address
	SignTx(from common.Address, tx *types.Transaction, chainID *big.Int) (*types.Transaction, error)
}

// Store is the part of channeldb that this package uses. An Append that fails ends the node.
type Store interface {
	Append(batches ...channeldb.Batch) error
	Scan(bucket string, from []byte, reverse bool, each func(key, value []byte) bool) error
}

// ErrSend says why a call can't be sent.
var ErrSend = errors.New("ethereum: cannot be sent")

const (
	maxData     = 120 << 10 // of a call; pools take transactions of 128 KiB
	maxOwners   = 1 << 16
	maxUnmined  = 16 // of one account: pools take so many at least
	maxAttempts = 64 // whose hashes are kept
)

// MaxCalls are as many as one owner may want at once.
const MaxCalls = 256

// job is a call and who wants it.
type job struct {
	Call
	owner    string // "": a Do
	id       common.Hash
	wantedAt uint64 // number of the head when it was last wanted
}

// jobID tells calls apart: neither fee nor deadline make another call of it.
func jobID(owner string, c *Call, salt uint64) common.Hash {
	value := new(big.Int)
	if c.Value != nil {
		value = c.Value
	}
	return crypto.Keccak256Hash(crypto.Keccak256([]byte(owner)), c.To[:], common.BigToHash(value).Bytes(),
		new(big.Int).SetUint64(salt).FillBytes(make([]byte, 8)), c.Data)
}

// doing is a Do that waits.
type doing struct {
	job
	depth uint64
	done  chan outcome // buffered
}

type outcome struct {
	receipt *types.Receipt
	err     error
}

// sender implements Sender. Its goroutine owns rows; what others ask goes by the fields below mu.
type sender struct {
	c        *Chain
	accounts []common.Address
	rows     []*sent // by account, then nonce
	said     map[common.Hash]string
	used     map[common.Address]uint64 // nonces of each account that are used up for sure
	read     books
	poke     chan struct{}

	mu     sync.Mutex
	wants  map[string][]job
	dos    []*doing
	status []Sending
}

func newSender(c *Chain) (*sender, error) {
	s := &sender{c: c, poke: make(chan struct{}, 1), wants: make(map[string][]job), said: make(map[common.Hash]string), used: make(map[common.Address]uint64)}
	if c.cfg.Signer == nil {
		return s, nil
	}
	s.accounts = c.cfg.Signer.Addresses()
	return s, s.load()
}

// Addresses implements Sender.
func (s *sender) Addresses() []common.Address { return slices.Clone(s.accounts) }

// Account implements Sender.
func (s *sender) Account() common.Address {
	if len(s.accounts) == 0 {
		return common.Address{}
	}
	return s.accounts[0]
}

func (s *sender) check(c *Call) error {
	switch {
	case len(s.accounts) == 0:
		return fmt.Errorf("%w: there is no account for gas on this chain", ErrSend)
	case len(c.Data) > maxData:
		return fmt.Errorf("%w: %d bytes of data, at most %d", ErrSend, len(c.Data), maxData)
	case c.Value != nil && (c.Value.Sign() < 0 || c.Value.BitLen() > 128), c.Worth != nil && c.Worth.Sign() < 0:
		return fmt.Errorf("%w: a value of %v wei and a fee of %v", ErrSend, c.Value, c.Worth)
	}
	return nil
}

// Want implements Sender.
func (s *sender) Want(owner string, calls []Call) error {
	if owner == "" || len(calls) > MaxCalls {
		return fmt.Errorf("%w: owner %q wants %d calls, at most %d", ErrSend, owner, len(calls), MaxCalls)
	}
	head := s.c.Head().Number
	jobs := make([]job, 0, len(calls))
	for _, c := range calls {
		if err := s.check(&c); err != nil {
			return err
		}
		j := job{Call: c, owner: owner, id: jobID(owner, &c, 0), wantedAt: head}
		if c.At != 0 { // what came into a block since isn't wanted again
			j.wantedAt = min(head, c.At)
		}
		if !slices.ContainsFunc(jobs, func(o job) bool { return o.id == j.id }) {
			jobs = append(jobs, j)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, known := s.wants[owner]; {
	case len(jobs) == 0:
		delete(s.wants, owner)
	case !known && len(s.wants) >= maxOwners:
		return fmt.Errorf("%w: %d owners want calls already", ErrSend, maxOwners)
	default:
		s.wants[owner] = jobs
	}
	s.wake()
	return nil
}

func (s *sender) wake() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

// Do implements Sender. It comes from Account. What was signed stays so when the context ends, and is repeated until it is in a
// block, over restarts too: a Do of the same call takes it up again.
func (s *sender) Do(ctx context.Context, c Call, depth uint64) (*types.Receipt, error) {
	if err := s.check(&c); err != nil {
		return nil, err
	}
	c.Own = true
	d := &doing{job: job{Call: c}, depth: max(depth, 1), done: make(chan outcome, 1)}
	s.mu.Lock()
	salt := uint64(0)
	for d.id = jobID("", &c, 0); slices.ContainsFunc(s.dos, func(o *doing) bool { return o.id == d.id }); d.id = jobID("", &c, salt) {
		salt++
	}
	s.dos = append(s.dos, d)
	s.wake()
	s.mu.Unlock()
	select {
	case <-ctx.Done():
		s.mu.Lock()
		s.dos = slices.DeleteFunc(s.dos, func(o *doing) bool { return o == d })
		s.mu.Unlock()
		return nil, ctx.Err()
	case o := <-d.done:
		return o.receipt, o.err
	}
}

// end answers a Do.
func (s *sender) end(d *doing, o outcome) {
	s.mu.Lock()
	s.dos = slices.DeleteFunc(s.dos, func(o *doing) bool { return o == d })
	s.mu.Unlock()
	d.done <- o
}

// run sends until the context ends. Another error is the database's.
func (s *sender) run(ctx context.Context) error {
	if len(s.accounts) == 0 {
		<-ctx.Done()
		return nil
	}
	for {
		v, changed := s.c.now()
		var retry <-chan time.Time
		if v.head() != (Head{}) {
			again, err := s.round(ctx, v)
			if err != nil {
				return err
			}
			if again {
				retry = time.After(s.c.retry())
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-s.poke:
		case <-retry:
		}
	}
}

// SendState is how far a call is.
type SendState string

// The states of a call.
const (
	SendWaits   SendState = "waits"   // for an account, or for the chain to answer
	SendRefused SendState = "refused" // by the contract, at present: tried again at each head
	SendSent    SendState = "sent"    // a transaction is in the network
	SendMined   SendState = "mined"   // in a block that isn't final
	SendFailed  SendState = "failed"  // the same, and reverted
	SendFilled  SendState = "filled"  // nobody wants it any more: its nonce is used for nothing
)

// Sending is a call for people.
type Sending struct {
	Owner, What string
	State       SendState
	Note        string // why it doesn't go on
	Account     common.Address
	Nonce       uint64
	Hash        common.Hash // of the newest transaction; zero: none
	Tip, FeeCap uint64      // of that, wei per gas
	Gas         uint64      // its limit
	Attempts    int
	Since       uint64      // unix time of the head when it was first sent
	Deadline    uint64      // unix time; 0: none
	Block       uint64      // 0: in none
	At          common.Hash // the head at which it was last sent
}

// Status is every call that is wanted or that was sent and isn't final, those with deadlines first.
func (s *sender) Status() []Sending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.status)
}
