package node

import (
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
)

// about stands for the chain where an alert names a channel.
func (c *evmChain) about() wire.OutPoint {
	return wire.OutPoint{Hash: [32]byte(common.LeftPadBytes([]byte(c.cfg.Name), 32))}
}

// checkEVM raises an alert for each EVM chain that can't be relied on, as long as it can't: nothing goes over its
// channels meanwhile (times). An endpoint that was outvoted is told of too; the others do without it.
func (n *Node) checkEVM() {
	for _, c := range n.tokens.chains {
		if err := c.cfg.Reader.Health(); err != nil {
			n.alerts.raise(AlertChainStale, c.about(), "chain "+c.cfg.Name+" can't be relied on, so nothing goes over its channels: "+err.Error())
		} else {
			n.alerts.clear(AlertChainStale, c.about())
		}
		if err := c.cfg.Reader.Outvoted(); err != nil {
			n.alerts.raise(AlertEndpoint, c.about(), "chain "+c.cfg.Name+": "+err.Error())
		} else {
			n.alerts.clear(AlertEndpoint, c.about())
		}
	}
}
