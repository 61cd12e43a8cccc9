package devnet

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

// burner is an account whose code, INVALID, uses up all gas that a call brings, and no time.
var (
	burner     = common.Address{0xb1, 0x0c}
	burnerCode = []byte{0xfe}
)

// mostCrowded is how many full blocks make gas dear at most: some 10 % each.
const mostCrowded = 1000

// GasPrice is what a unit of gas costs in wei, with the tip that the chain's node suggests.
func (e *EVM) GasPrice(ctx context.Context) (*big.Int, error) {
	price, err := e.Client().SuggestGasPrice(ctx)
	if err != nil {
		return nil, fmt.Errorf("devnet: %w", err)
	}
	return price, nil
}

// Crowd fills blocks with what others want, so that gas costs at least so many wei a unit, tip left out (EIP-1559). A
// little of each block stays free, for who pays the price.
func (e *EVM) Crowd(ctx context.Context, price *big.Int) error {
	for range mostCrowded {
		if e.Head().BaseFee.Cmp(price) >= 0 {
			return nil
		}
		if err := e.fill(ctx); err != nil {
			return fmt.Errorf("devnet: a full block: %w", err)
		}
	}
	return fmt.Errorf("devnet: gas costs %v wei after %d full blocks, want %v", e.Head().BaseFee, mostCrowded, price)
}

// fill makes a block that uses nearly all the gas it may.
func (e *EVM) fill(ctx context.Context) error {
	from := crypto.PubkeyToAddress(e.crowd.PublicKey)
	nonce, err := e.Client().NonceAt(ctx, from, nil)
	if err != nil {
		return err
	}
	head := e.Head()
	most := new(big.Int).Add(big.NewInt(params.GWei), new(big.Int).Lsh(head.BaseFee, 1))
	for range head.GasLimit / params.MaxTxGas {
		tx, err := types.SignNewTx(e.crowd, types.LatestSignerForChainID(new(big.Int).SetUint64(e.ChainID())), &types.DynamicFeeTx{
			ChainID: new(big.Int).SetUint64(e.ChainID()), Nonce: nonce, To: &burner, Gas: params.MaxTxGas,
			GasTipCap: big.NewInt(params.GWei), GasFeeCap: most,
		})
		if err != nil {
			return err
		}
		if err := e.Client().SendTransaction(ctx, tx); err != nil {
			return err
		}
		nonce++
	}
	return e.Mine(1)
}
