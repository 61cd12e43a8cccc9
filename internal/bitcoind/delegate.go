package bitcoind

import (
	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
	"github.com/btcsuite/btcwallet/waddrmgr"
)

// What follows of chain.Interface is the session's.

// GetBestBlock implements chain.Interface.
func (c *client) GetBestBlock() (*chainhash.Hash, int32, error) { return c.session().GetBestBlock() }

// GetBlock implements chain.Interface.
func (c *client) GetBlock(hash *chainhash.Hash) (*wire.MsgBlock, error) {
	return c.session().GetBlock(hash)
}

// GetBlockHash implements chain.Interface.
func (c *client) GetBlockHash(height int64) (*chainhash.Hash, error) {
	return c.session().GetBlockHash(height)
}

// GetBlockHeader implements chain.Interface.
func (c *client) GetBlockHeader(hash *chainhash.Hash) (*wire.BlockHeader, error) {
	return c.session().GetBlockHeader(hash)
}

// IsCurrent implements chain.Interface.
func (c *client) IsCurrent() bool { return c.session().IsCurrent() }

// FilterBlocks implements chain.Interface.
func (c *client) FilterBlocks(req *chain.FilterBlocksRequest) (*chain.FilterBlocksResponse, error) {
	return c.session().FilterBlocks(req)
}

// BlockStamp implements chain.Interface.
func (c *client) BlockStamp() (*waddrmgr.BlockStamp, error) { return c.session().BlockStamp() }

// NotifyReceived implements chain.Interface.
func (c *client) NotifyReceived(addrs []btcutil.Address) error {
	return c.session().NotifyReceived(addrs)
}

// BackEnd implements chain.Interface.
func (c *client) BackEnd() string { return c.session().BackEnd() }

// TestMempoolAccept implements chain.Interface.
func (c *client) TestMempoolAccept(txs []*wire.MsgTx, maxFeeRate float64) ([]*btcjson.TestMempoolAcceptResult, error) {
	return c.session().TestMempoolAccept(txs, maxFeeRate)
}

// MapRPCErr implements chain.Interface.
func (c *client) MapRPCErr(err error) error { return c.session().MapRPCErr(err) }
