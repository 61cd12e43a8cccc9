package evm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
)

// ErrState says that a stored state can't be read.
var ErrState = errors.New("evm: stored state of a channel is corrupt")

// maxDecided is more locks than a posted state has.
const maxDecided = 1024

// Append appends the state in a form that ReadState reads: integers big endian, amounts in 32 bytes.
func (s *State) Append(b []byte) []byte {
	b = append(b, byte(s.Phase), s.Holder, byte(s.How), flag(s.Partly))
	for _, n := range [...]uint64{s.N, s.Deadline, s.Count} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	b = append(b, s.Rev[:]...)
	for _, p := range [...]Place{s.Opened, s.Closed, s.End, s.Last} {
		for _, n := range [...]uint64{p.Block, p.Time, p.Index} {
			b = binary.BigEndian.AppendUint64(b, n)
		}
		b = append(b, p.Tx[:]...)
	}
	for _, a := range [...]*Amount{
		&s.Deposits[0], &s.Deposits[1], &s.Withdrawn[0], &s.Withdrawn[1], &s.To[0], &s.To[1], &s.Paid[0], &s.Paid[1], &s.Bounty,
	} {
		word := a.Bytes32()
		b = append(b, word[:]...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.Claims)))
	for _, i := range slices.Sorted(maps.Keys(s.Claims)) {
		p := s.Claims[i]
		b = append(binary.BigEndian.AppendUint16(b, i), p[:]...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.Refunds)))
	for _, i := range slices.Sorted(maps.Keys(s.Refunds)) {
		b = binary.BigEndian.AppendUint16(b, i)
	}
	return b
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// fixedState is the length of what Append writes before the claims.
const fixedState = 4 + 3*8 + common.AddressLength + 4*(3*8+common.HashLength) + 9*32

// ReadState reads what Append wrote, and nothing else.
func ReadState(b []byte) (s State, err error) {
	if len(b) < fixedState+4 {
		return s, fmt.Errorf("%w: %d bytes, want %d at least", ErrState, len(b), fixedState+4)
	}
	s.Phase, s.Holder, s.How, s.Partly = Phase(b[0]), b[1], How(b[2]), b[3] == 1
	if s.Phase > PhaseEnded || s.Holder > SideB || s.How > ByCoop || b[3] > 1 {
		return s, fmt.Errorf("%w: begins with %x", ErrState, b[:4])
	}
	r := reader(b[4:])
	s.N, s.Deadline, s.Count = r.uint64(), r.uint64(), r.uint64()
	copy(s.Rev[:], r.take(len(s.Rev)))
	for _, p := range [...]*Place{&s.Opened, &s.Closed, &s.End, &s.Last} {
		p.Block, p.Time, p.Index = r.uint64(), r.uint64(), r.uint64()
		copy(p.Tx[:], r.take(len(p.Tx)))
	}
	for _, a := range [...]*Amount{
		&s.Deposits[0], &s.Deposits[1], &s.Withdrawn[0], &s.Withdrawn[1], &s.To[0], &s.To[1], &s.Paid[0], &s.Paid[1], &s.Bounty,
	} {
		a.SetBytes(r.take(32))
	}
	return s, r.decided(&s)
}

// decided reads claims and refunds, to the end.
func (r *reader) decided(s *State) error {
	n := int(binary.BigEndian.Uint16(r.take(2)))
	if n > maxDecided || len(*r) < n*claimSize+2 {
		return fmt.Errorf("%w: %d claims in %d bytes", ErrState, n, len(*r))
	}
	if n > 0 {
		s.Claims = make(map[uint16][32]byte, n)
	}
	for range n {
		i := binary.BigEndian.Uint16(r.take(2))
		s.Claims[i] = [32]byte(r.take(32))
	}
	n = int(binary.BigEndian.Uint16(r.take(2)))
	if n > maxDecided || len(*r) != 2*n {
		return fmt.Errorf("%w: %d refunds in %d bytes", ErrState, n, len(*r))
	}
	if n > 0 {
		s.Refunds = make(map[uint16]bool, n)
	}
	for range n {
		s.Refunds[binary.BigEndian.Uint16(r.take(2))] = true
	}
	return nil
}

// reader takes bytes off a slice that was found long enough.
type reader []byte

func (r *reader) take(n int) []byte {
	b := (*r)[:n]
	*r = (*r)[n:]
	return b
}

func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }
