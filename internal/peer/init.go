package peer

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/tlv"
)

// typeNetworks is the record of init with the chains a node is interested in.
const typeNetworks tlv.Type = 1

// ErrNetwork says that a peer serves other chains only.
var ErrNetwork = errors.New("peer: no chain in common")

// exchangeInit tells our features and learns the peer's (BOLT 1, "The init
// Message"). Where they don't fit the peer is told why.
func exchangeInit(t *Transport, cfg *Config) (*lnwire.FeatureVector, error) {
	if err := t.send(initMessage(cfg)); err != nil {
		return nil, fmt.Errorf("peer: send init: %w", err)
	}
	raw, err := t.Read()
	if err != nil {
		return nil, fmt.Errorf("peer: read init: %w", err)
	}
	msg, err := decode(raw, cfg.Understands)
	if err != nil {
		return nil, fmt.Errorf("peer: read init: %w", err)
	}
	switch msg := msg.(type) {
	case *lnwire.Init:
		features, err := readInit(msg, cfg)
		if err != nil {
			// The connection ends either way: a failed courtesy is no news.
			_ = t.send(&lnwire.Warning{Data: []byte(err.Error())})
		}
		return features, err
	case *lnwire.Error:
		return nil, fmt.Errorf("peer: refused: %s", printable(msg.Data))
	case *lnwire.Warning:
		return nil, fmt.Errorf("peer: refused: %s", printable(msg.Data))
	default:
		return nil, fmt.Errorf("peer: first message is %T, not init", msg)
	}
}

func (t *Transport) send(msg lnwire.Message) error {
	var encoded bytes.Buffer
	if _, err := lnwire.WriteMessage(&encoded, msg, 0); err != nil {
		return err
	}
	if err := t.Write(encoded.Bytes()); err != nil {
		return err
	}
	return t.Flush()
}

func initMessage(cfg *Config) *lnwire.Init {
	msg := lnwire.NewInitMessage(lnwire.NewRawFeatureVector(), cfg.Features)
	msg.ExtraData = append([]byte{byte(typeNetworks), chainhash.HashSize},
		cfg.Network[:]...)
	return msg
}

// readInit merges the two vectors that init has for history's sake and checks
// that we can work with the peer.
func readInit(msg *lnwire.Init, cfg *Config) (*lnwire.FeatureVector, error) {
	theirs := msg.Features.Clone()
	for i := range msg.GlobalFeatures.SerializeSize() * 8 {
		if bit := lnwire.FeatureBit(i); msg.GlobalFeatures.IsSet(bit) {
			theirs.Set(bit)
		}
	}
	if err := CheckFeatures(cfg.Features, theirs); err != nil {
		return nil, err
	}

	var networks []byte
	record := tlv.MakePrimitiveRecord(typeNetworks, &networks)
	found, err := msg.ExtraData.ExtractRecords(&producer{record})
	if err != nil {
		return nil, fmt.Errorf("peer: init records: %w", err)
	}
	if _, ok := found[typeNetworks]; ok && !servesNetwork(networks, cfg.Network) {
		return nil, fmt.Errorf("%w: peer has %x, we have %x", ErrNetwork,
			networks[:min(len(networks), 4*chainhash.HashSize)], cfg.Network[:])
	}
	return lnwire.NewFeatureVector(theirs, lnwire.Features), nil
}

func servesNetwork(networks []byte, network chainhash.Hash) bool {
	for len(networks) >= chainhash.HashSize {
		if bytes.Equal(networks[:chainhash.HashSize], network[:]) {
			return true
		}
		networks = networks[chainhash.HashSize:]
	}
	return false
}

// producer makes a record what lnwire wants to be given.
type producer struct{ record tlv.Record }

func (p *producer) Record() tlv.Record { return p.record }

// printable is text from a peer, safe for a terminal and short enough for a log.
func printable(text []byte) string {
	return fmt.Sprintf("%.200q", text)
}
