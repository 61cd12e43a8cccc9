package node

// startGossip reads the graph and what payments taught about it, and keeps both on disk from
// now on.
func (n *Node) startGossip() error {
	g := n.gossip
	if err := g.store.load(); err != nil {
		return err
	}
	g.history = &historyStore{log: g.log, db: n.db, h: n.routes.history, every: historyEvery, now: n.now}
	if err := g.history.load(); err != nil {
		return err
	}
	if blocks, ok := n.chain.(blockReader); ok && !n.cfg.TrustGraph {
		g.spends.blocks = blocks
		if err := g.spends.load(n.db); err != nil {
			return err
		}
		g.store.at = g.spends.last
		n.wg.Go(func() { g.spends.run(n.ctx, n.chain.Blocks(n.ctx)) })
	}
	n.wg.Go(func() { g.follow(n.ctx, &upkeep{n: n}) })
	n.wg.Go(func() { n.fail(g.store.run(n.ctx)) })
	n.wg.Go(func() { n.fail(g.history.run(n.ctx)) })
	return nil
}

// endGossip stores what changed last; nothing else runs any more.
func (n *Node) endGossip() {
	n.gossip.store.close()
	if n.gossip.history != nil {
		n.gossip.history.close()
	}
}
