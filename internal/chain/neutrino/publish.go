package neutrino

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightninglabs/neutrino/pushtx"

	"github.com/nichework/nwnd/internal/chain"
)

// Publish implements chain.Source. Peers are told of the transaction and may ask for it; that none
// refuses is all the success there is, and Bitcoin Core (since 0.20) never says that it refuses.
// Without a peer nothing is published.
func (s *Service) Publish(ctx context.Context, tx *wire.MsgTx) error {
	_, err := ask(ctx, s, func() (struct{}, error) {
		if s.cs.ConnectedCount() == 0 {
			return struct{}{}, fmt.Errorf("%w: no bitcoin peer is connected", chain.ErrUnavailable)
		}
		return struct{}{}, s.cs.SendTransaction(tx)
	})
	var refused *pushtx.BroadcastError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refusal(tx, refused)
	case errors.Is(err, chain.ErrUnavailable), ctx.Err() != nil:
		return err
	}
	return unavailable("publish", err)
}

// refusal reads the reason that most peers gave, nil if they have the transaction already.
func refusal(tx *wire.MsgTx, refused *pushtx.BroadcastError) error {
	has := func(text string) bool { return strings.Contains(strings.ToLower(refused.Reason), text) }
	var kind error
	switch {
	case refused.Code == pushtx.Mempool, refused.Code == pushtx.Confirmed:
		return nil
	case refused.Code == pushtx.InsufficientFee:
		kind = chain.ErrFeeTooLow
	case has("orphan"), has("missing"):
		kind = chain.ErrMissingInputs
	case has("already spent"), has("conflict"), has("replacement"):
		kind = chain.ErrConflict
	default:
		return fmt.Errorf("%w: %v: %w", chain.ErrRejected, tx.TxHash(), refused)
	}
	return fmt.Errorf("%w: %v: %w: %w", chain.ErrRejected, tx.TxHash(), kind, refused)
}
