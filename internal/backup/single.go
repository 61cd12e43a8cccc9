package backup

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Version says which kind of channel a Single is about.
type Version uint8

// The kinds that lnd knows. A nwnd's channels are AnchorsZeroFee.
const (
	Legacy Version = iota
	StaticRemoteKey
	Anchors
	AnchorsZeroFee
	Lease
	Taproot
	TaprootOverlay
	TaprootFinal
)

// withCloseTx is added to the version of a Single that carries a CloseTx.
const withCloseTx = 1 << 7

var versionNames = [...]string{"legacy", "static_remotekey", "anchors", "anchors_zero_fee_htlc_tx", "lease",
	"simple taproot", "taproot overlay", "simple taproot (final)"}

// String is the kind's name.
func (v Version) String() string {
	if int(v) < len(versionNames) {
		return versionNames[v]
	}
	return fmt.Sprintf("unknown (%d)", uint8(v))
}

// ErrFormat says that bytes are no backup.
var ErrFormat = errors.New("backup: not a channel backup")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrFormat, fmt.Errorf(format, args...))
}

// Locator is where the seed has a key: m/1017'/coin'/Family'/0/Index.
type Locator struct{ Family, Index uint32 }

// The keys of one side, in the order of the format.
const (
	Funding = iota
	Revocation
	Payment
	Delayed
	HTLC
	numKeys
)

// Single is the backup of one channel.
type Single struct {
	Version   Version
	Initiator bool // we opened it
	ChainHash [32]byte
	Point     wire.OutPoint // its funding output, whose index is below 65,536

	// SCID is where the funding transaction is. In no block yet: only BlockHeight is set, to
	// one that it can't be below.
	SCID lnwire.ShortChannelID

	Peer      *btcec.PublicKey
	Addresses []net.Addr // of the peer
	Capacity  btcutil.Amount

	LocalDelay, RemoteDelay uint16 // each side's to_self_delay
	Local                   [numKeys]Locator
	Remote                  [numKeys]*btcec.PublicKey

	// RootKey and Root tell the shachain seed of our per-commitment secrets: with no
	// RootKey it is the ECDH of the key at Root and our funding key.
	RootKey *btcec.PublicKey
	Root    Locator

	LeaseExpiry uint32 // of kind Lease

	// CloseTx is what lnd adds for other tools: a commitment and the peer's signature. It is
	// kept as it is and never used here: it may be one that was revoked since.
	CloseTx []byte
}

// Encode writes a Single as lnd does, not encrypted.
func (s *Single) Encode() ([]byte, error) {
	if s.Version > TaprootFinal {
		return nil, fmt.Errorf("backup: channel %v is of kind %v", s.Point, s.Version)
	}
	if s.Point.Index > math.MaxUint16 {
		return nil, fmt.Errorf("backup: funding output %v has an index over %d", s.Point, math.MaxUint16)
	}
	if s.Peer == nil {
		return nil, fmt.Errorf("backup: channel %v has no peer", s.Point)
	}
	fields := []any{s.Initiator, s.ChainHash[:], s.Point, s.SCID, s.Peer, s.Addresses, s.Capacity, s.LocalDelay}
	for _, l := range s.Local {
		fields = append(fields, l.Family, l.Index)
	}
	fields = append(fields, s.RemoteDelay)
	for i, key := range s.Remote {
		if key == nil {
			return nil, fmt.Errorf("backup: key %d of the peer of channel %v is missing", i, s.Point)
		}
		fields = append(fields, key)
	}
	var root [33]byte
	if s.RootKey != nil {
		copy(root[:], s.RootKey.SerializeCompressed())
	}
	fields = append(fields, root[:], s.Root.Family, s.Root.Index)
	if s.Version == Lease {
		fields = append(fields, s.LeaseExpiry)
	}
	var b bytes.Buffer
	if err := lnwire.WriteElements(&b, fields...); err != nil {
		return nil, fmt.Errorf("backup: channel %v: %w", s.Point, err)
	}
	version := byte(s.Version)
	if s.CloseTx != nil {
		version |= withCloseTx
		b.Write(s.CloseTx)
	}
	if b.Len() > math.MaxUint16 {
		return nil, fmt.Errorf("backup: channel %v takes %d bytes, there may be %d", s.Point, b.Len(), math.MaxUint16)
	}
	out := binary.BigEndian.AppendUint16([]byte{version}, uint16(b.Len()))
	return append(out, b.Bytes()...), nil
}

// DecodeSingle reads a Single that is not encrypted, and tells how many bytes it takes.
func DecodeSingle(b []byte) (*Single, int, error) {
	const head = 3
	if len(b) < head {
		return nil, 0, malformed("channel of %d bytes", len(b))
	}
	s := &Single{Version: Version(b[0] &^ withCloseTx)}
	if s.Version > TaprootFinal {
		return nil, 0, malformed("it has a channel of kind %v; a newer nwnd may know it", s.Version)
	}
	size := head + int(binary.BigEndian.Uint16(b[1:]))
	if size > len(b) {
		return nil, 0, malformed("channel is cut short: %d bytes of %d", len(b), size)
	}
	r := bytes.NewReader(b[head:size])
	if err := s.read(r); err != nil {
		return nil, 0, malformed("channel of kind %v: %w", s.Version, err)
	}
	switch extra := b[size-r.Len() : size]; {
	case b[0]&withCloseTx != 0:
		s.CloseTx = append([]byte{}, extra...)
	case len(extra) > 0:
		return nil, 0, malformed("channel %v has %d bytes too many", s.Point, len(extra))
	}
	return s, size, nil
}

// read takes the fields that every Single has.
func (s *Single) read(r io.Reader) error {
	err := lnwire.ReadElements(r, &s.Initiator, s.ChainHash[:], &s.Point, &s.SCID, &s.Peer, &s.Addresses, &s.Capacity,
		&s.LocalDelay)
	if err != nil {
		return err
	}
	for i := range s.Local {
		if err := lnwire.ReadElements(r, &s.Local[i].Family, &s.Local[i].Index); err != nil {
			return err
		}
	}
	if err := lnwire.ReadElements(r, &s.RemoteDelay); err != nil {
		return err
	}
	for i := range s.Remote {
		if err := lnwire.ReadElement(r, &s.Remote[i]); err != nil {
			return err
		}
	}
	var root [33]byte
	if err := lnwire.ReadElements(r, root[:], &s.Root.Family, &s.Root.Index); err != nil {
		return err
	}
	if root != [33]byte{} {
		if s.RootKey, err = btcec.ParsePubKey(root[:]); err != nil {
			return err
		}
	}
	if s.Version == Lease {
		return lnwire.ReadElement(r, &s.LeaseExpiry)
	}
	return nil
}
