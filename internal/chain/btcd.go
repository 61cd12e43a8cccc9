package chain

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/btcd"
)

// Btcd is the Source that is a btcd. It holds no connection: a btcd that goes away and comes
// back is only a time without answers.
type Btcd struct {
	*RPC
	cfg btcd.RPCConfig
}

var _ Source = (*Btcd)(nil)

// NewBtcd reads the certificate; it doesn't talk to btcd yet.
func NewBtcd(cfg btcd.RPCConfig) (*Btcd, error) {
	var roots *tls.Config
	scheme := "http://"
	if cfg.CertPath != "" {
		pem, err := os.ReadFile(cfg.CertPath)
		if err != nil {
			return nil, fmt.Errorf("chain: certificate: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("chain: certificate: none in %s", cfg.CertPath)
		}
		roots, scheme = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, "https://"
	}
	login := func() (user, pass string, err error) { return cfg.User, cfg.Pass, nil }
	return &Btcd{NewRPC(scheme+cfg.Host, roots, login), cfg}, nil
}

// Tip implements Source.
func (b *Btcd) Tip(ctx context.Context) (chainhash.Hash, int32, error) {
	var best btcjson.GetBestBlockResult
	if err := b.Call(ctx, &best, "getbestblock"); err != nil {
		return chainhash.Hash{}, 0, Unavailable("tip", err)
	}
	hash, err := parseHash(best.Hash)
	return hash, best.Height, err
}

// Publish implements Source.
func (b *Btcd) Publish(ctx context.Context, tx *wire.MsgTx) error {
	var raw bytes.Buffer
	if err := tx.Serialize(&raw); err != nil {
		return fmt.Errorf("%w: %w", ErrRejected, err)
	}
	var id string
	err := b.Call(ctx, &id, "sendrawtransaction", hex.EncodeToString(raw.Bytes()), true)
	if err == nil {
		return nil
	}
	var refused *btcjson.RPCError
	if !errors.As(err, &refused) {
		return err
	}
	err = refusal(tx.TxHash(), refused)
	if errors.Is(err, ErrMissingInputs) && b.Confirmed(ctx, tx.TxHash()) {
		return nil // its inputs are spent by itself, and its outputs by others
	}
	return err
}

// refusal reads btcd's reason, nil if the transaction is known already.
func refusal(id chainhash.Hash, refused *btcjson.RPCError) error {
	reason := strings.ToLower(refused.Message)
	has := func(texts ...string) bool {
		for _, text := range texts {
			if strings.Contains(reason, text) {
				return true
			}
		}
		return false
	}
	kind := ErrRejected
	switch {
	case refused.Code == btcjson.ErrRPCTxAlreadyInChain, has("already have transaction", "already exists"):
		return nil
	case has("orphan transaction"):
		kind = ErrMissingInputs
	case has("already spent", "replacement transaction", "conflict"):
		kind = ErrConflict
	case has("fees which is under", "insufficient priority", "insufficient fee", "min relay fee"):
		kind = ErrFeeTooLow
	}
	if kind == ErrRejected {
		return fmt.Errorf("%w: %v: %s", ErrRejected, id, refused.Message)
	}
	return fmt.Errorf("%w: %v: %w: %s", ErrRejected, id, kind, refused.Message)
}

// EstimateFee implements Source. btcd answers an error or 0 until it has seen enough blocks with
// transactions; neither is a rate.
func (b *Btcd) EstimateFee(ctx context.Context, target uint32) (SatPerKWeight, error) {
	var rate float64 // BTC per 1000 vbytes
	err := b.Call(ctx, &rate, "estimatefee", min(max(target, 1), 25))
	if RPCCode(err) != 0 || err == nil && rate <= 0 {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return RateOf(rate)
}
