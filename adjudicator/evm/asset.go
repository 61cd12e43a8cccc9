package evm

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/htlc/eip712"
)

// AssetID stands where BOLT messages carry chain_hash.
type AssetID [32]byte

// Asset is what channels of one kind hold: a token, or the coin, of an EVM chain, kept by one
// adjudicator.
type Asset struct {
	ChainID     uint64
	Adjudicator common.Address
	Token       common.Address // zero: the chain's coin
	Decimals    uint8          // of the token, at most 24; read once, when the asset was added
}

// UnitExponent is the power of ten of base units that one unit on the wire is worth.
func (a Asset) UnitExponent() uint8 { return max(a.Decimals, 6) - 6 }

// ID is SHA256(SHA256(tag) || SHA256(tag) || chain id (8) || adjudicator (20) || token (20) || unit
// exponent (1)), tag "nwnd/asset": the tagged hash of BIP 340.
func (a Asset) ID() AssetID {
	tag := sha256.Sum256([]byte("nwnd/asset"))
	b := append(tag[:], tag[:]...)
	b = binary.BigEndian.AppendUint64(b, a.ChainID)
	b = append(b, a.Adjudicator[:]...)
	b = append(b, a.Token[:]...)
	return sha256.Sum256(append(b, a.UnitExponent()))
}

// ErrAsset says why no channels can be held in an asset.
var ErrAsset = errors.New("evm: unusable asset")

// Check refuses an asset that names no contract or that has more decimals than amounts allow.
func (a Asset) Check() error {
	switch {
	case a.ChainID == 0:
		return fmt.Errorf("%w: chain id is 0", ErrAsset)
	case a.Adjudicator == (common.Address{}):
		return fmt.Errorf("%w: no adjudicator address", ErrAsset)
	case a.Decimals > eip712.MaxDecimals:
		return fmt.Errorf("%w: %d decimals, at most %d", ErrAsset, a.Decimals, eip712.MaxDecimals)
	}
	return nil
}

// Format writes the commitments of channels in the asset.
func (a Asset) Format() eip712.Format {
	return eip712.Format{
		ChainID: a.ChainID, Contract: a.Adjudicator, Token: a.Token, Decimals: a.Decimals,
	}
}
