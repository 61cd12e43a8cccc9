package node

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

const maxSymbol = 16 // runes of an asset's symbol

// Chains lists the EVM chains that the node follows.
func (n *Node) Chains(ctx context.Context) ([]EVMChain, error) {
	all := make([]EVMChain, 0, len(n.tokens.chains))
	for _, c := range n.tokens.chains {
		r := c.cfg.Reader
		v := EVMChain{
			Name: c.cfg.Name, ID: r.ChainID(), Profile: c.cfg.Profile.Name, Head: r.Head().Number,
			HeadTime: time.Unix(int64(r.Head().Time), 0), Final: r.Final().Number, Accounts: c.cfg.Sender.Addresses(),
			Needed: n.gasNeeded(c, 0),
		}
		if err := r.Health(); err != nil {
			v.Healthy = err.Error()
		}
		for _, a := range v.Accounts {
			gas, err := r.Balance(ctx, a)
			if err != nil {
				gas = nil
			}
			v.Gas = append(v.Gas, gas)
		}
		all = append(all, v)
	}
	return all, nil
}

func (n *Node) evmChain(name string) (*evmChain, error) {
	if c := n.tokens.chain(name); c != nil {
		return c, nil
	}
	if len(n.tokens.chains) == 0 {
		return nil, ErrNoChain
	}
	names := make([]string, len(n.tokens.chains))
	for i, c := range n.tokens.chains {
		names[i] = c.cfg.Name
	}
	return nil, fmt.Errorf("%w: no EVM chain %q; those configured: %s", ErrNotFound, name, strings.Join(names, ", "))
}

// AddAsset makes an asset known. That its adjudicator is one is checked by what it answers.
func (n *Node) AddAsset(ctx context.Context, req AddAsset) (Asset, error) {
	c, err := n.evmChain(req.Chain)
	if err != nil {
		return Asset{}, err
	}
	a := Asset{Chain: c.cfg.Name, Asset: evm.Asset{ChainID: c.cfg.Reader.ChainID(), Adjudicator: req.Adjudicator, Token: req.Token}}
	a.ID = a.Asset.ID()
	if t := n.tokens.byHash(a.ID); t != nil && req.AllowUnusual {
		err := n.allowUnusual(t)
		return n.counted(t), err
	}
	if err := c.readToken(ctx, &a); err != nil {
		return Asset{}, err
	}
	if req.Symbol != "" {
		a.Symbol = req.Symbol
	}
	if err := checkSymbol(a.Symbol); err != nil {
		return Asset{}, err
	}
	if err := a.Check(); err != nil {
		return Asset{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := c.checkAdjudicator(ctx, &a); err != nil {
		return Asset{}, err
	}
	a.ID = a.Asset.ID()
	if !req.AllowUnusual && n.tokens.byHash(a.ID) == nil {
		if err := n.tryToken(ctx, c, &a); err != nil {
			return Asset{}, err
		}
	}
	if err := n.keepAsset(a, c, oddity{allowed: req.AllowUnusual}); err != nil {
		return Asset{}, err
	}
	a.Allowed = req.AllowUnusual
	n.gossip.followAsset(chainhash.Hash(a.ID))
	n.log.Info("asset added", "symbol", a.Symbol, "chain", a.Chain, "token", a.Token, "decimals", a.Decimals)
	return a, nil
}

// keepAsset makes an asset durable and known, with what is allowed of it.
func (n *Node) keepAsset(a Asset, c *evmChain, o oddity) error {
	s := n.tokens
	s.mu.Lock()
	defer s.mu.Unlock()
	switch other := s.symbol[strings.ToLower(a.Symbol)]; {
	case s.byID[a.ID] != nil:
		return fmt.Errorf("%w: the asset is known as %s", ErrDuplicate, s.byID[a.ID].Symbol)
	case other != nil:
		return fmt.Errorf("%w: %s is token %v on %s; give the new one another symbol", ErrDuplicate, other.Symbol, other.Token, other.Chain)
	case len(s.byID) >= maxAssets:
		return fmt.Errorf("%w: %d assets are known, at most that many", ErrBusy, len(s.byID))
	}
	t, rows := s.token(a, c), []channeldb.KV{assetPut(&a)}
	if o != (oddity{}) {
		t.odd.Store(&o)
		rows = append(rows, o.row(a.ID))
	}
	if err := n.db.Append(channeldb.Batch{Puts: rows}); err != nil {
		return err
	}
	s.put(t)
	return nil
}

// readToken reads symbol, name and decimals; the chain's coin has its own.
func (c *evmChain) readToken(ctx context.Context, a *Asset) error {
	if a.Token == (common.Address{}) {
		a.Symbol, a.Name, a.Decimals = "ETH", "coin of "+c.cfg.Name, 18
		return nil
	}
	ask := func(data []byte) ([]byte, error) { return c.cfg.Reader.Call(ctx, a.Token, data, common.Hash{}) }
	raw, err := ask(evm.PackDecimals)
	if err == nil {
		a.Decimals, err = evm.UnpackDecimals(raw)
	}
	if err != nil {
		return fmt.Errorf("%w: %v on %s is no ERC-20 token with decimals: %w", ErrInvalid, a.Token, c.cfg.Name, err)
	}
	if raw, err = ask(evm.PackSymbol); err == nil {
		a.Symbol, err = evm.UnpackText(raw)
	}
	if err != nil {
		a.Symbol = "" // it has none: the caller must give one
	}
	if raw, err = ask(evm.PackName); err == nil {
		a.Name, _ = evm.UnpackText(raw)
	}
	return nil
}

// checkAdjudicator asks the contract for the id of a channel, which only ours computes like this.
func (c *evmChain) checkAdjudicator(ctx context.Context, a *Asset) error {
	p := evm.Params{A: a.Token, Token: a.Token, Delay: 1, Nonce: 2}
	raw, err := c.cfg.Reader.Call(ctx, a.Adjudicator, evm.PackChannelID(p), common.Hash{})
	if want := p.ID(a.ChainID, a.Adjudicator); err == nil && string(raw) != string(want[:]) {
		err = fmt.Errorf("it answers %x, expected %x", raw[:min(len(raw), 32)], want)
	}
	if err != nil {
		return fmt.Errorf("%w: %v on %s is no adjudicator of nwnd: %w", ErrInvalid, a.Adjudicator, c.cfg.Name, err)
	}
	return nil
}

// reservedSymbols are bitcoin's, and words that stand for no asset or for all of them where one may be named.
var reservedSymbols = []string{"btc", "sat", "msat", "any", "all"}

func checkSymbol(s string) error {
	bad := len([]rune(s)) > maxSymbol || s == "" || slices.Contains(reservedSymbols, strings.ToLower(s))
	for _, r := range s {
		bad = bad || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '.' && r != '_'
	}
	if bad {
		return fmt.Errorf("%w: symbol %q; it needs 1 to %d letters, digits or -._ and none of %s, which mean something else: give another",
			ErrInvalid, s, maxSymbol, strings.Join(reservedSymbols, ", "))
	}
	return nil
}

// RemoveAsset forgets an asset that no channel is in. One that is being opened comes to nothing.
func (n *Node) RemoveAsset(_ context.Context, symbol string) error {
	n.openings.birth.Lock() // no channel is born meanwhile
	defer n.openings.birth.Unlock()
	t, err := n.tokens.named(symbol)
	if err != nil {
		return err
	}
	for _, d := range n.sw.tokens() {
		if d.token == t {
			return fmt.Errorf("%w: channel %v is in %s", ErrInvalid, d.channel().Params().Outpoint.Hash, t.Symbol)
		}
	}
	s := n.tokens
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := n.db.Append(channeldb.Batch{Puts: []channeldb.KV{
		{Bucket: bucketAssets, Key: t.ID[:]}, {Bucket: bucketUnusual, Key: t.ID[:]},
	}}); err != nil {
		return err
	}
	n.alerts.clear(AlertToken, t.about())
	delete(s.byID, t.ID)
	delete(s.symbol, strings.ToLower(t.Symbol))
	return nil
}

// Assets lists the assets that are known.
func (n *Node) Assets(context.Context) ([]Asset, error) {
	var all []Asset
	for _, t := range n.tokens.all() {
		all = append(all, n.counted(t))
	}
	return all, nil
}

// AssetBalances tells what we have of each asset, and where.
func (n *Node) AssetBalances(ctx context.Context) ([]AssetBalance, error) {
	var all []AssetBalance
	for _, t := range n.tokens.all() {
		v := AssetBalance{Asset: n.counted(t)}
		var err error
		if v.OnChain, err = t.held(ctx); err != nil {
			return nil, err
		}
		if v.Owed, err = t.owed(ctx); err != nil {
			return nil, err
		}
		for _, d := range n.sw.tokens() {
			if d.token == t {
				v.add(d, n.tokenChannel(d))
			}
		}
		all = append(all, v)
	}
	return all, nil
}

// add counts a channel.
func (v *AssetBalance) add(d *driver, ch TokenChannel) {
	c := d.channel()
	switch ch.State {
	case TokenOpening:
		v.Pending += c.Balance(htlc.Local)
	case TokenOpen, TokenClosing:
		v.Local += c.Balance(htlc.Local)
		v.Remote += c.Balance(htlc.Remote)
		for _, h := range c.HTLCs() {
			switch {
			case h.Removed:
			case h.Offerer == htlc.Local:
				v.UnsettledOutgoing += h.Amount
			default:
				v.UnsettledIncoming += h.Amount
			}
		}
	case TokenForced:
		v.Limbo += ch.Limbo
	}
}

// AssetAddress is where tokens and coins are received.
func (n *Node) AssetAddress(_ context.Context, symbol string) (common.Address, error) {
	t, err := n.tokens.named(symbol)
	if err != nil {
		return common.Address{}, err
	}
	return t.chain.cfg.Sender.Account(), nil
}

// SendAsset sends tokens or coins on chain. It returns when they are in a block.
func (n *Node) SendAsset(ctx context.Context, req SendAsset) (common.Hash, error) {
	t, err := n.tokens.named(req.Symbol)
	if err != nil {
		return common.Hash{}, err
	}
	if req.Amount == nil || req.Amount.Sign() <= 0 || req.Amount.BitLen() > 128 || req.To == (common.Address{}) {
		return common.Hash{}, fmt.Errorf("%w: sending %v to %v", ErrInvalid, req.Amount, req.To)
	}
	have, err := t.held(ctx)
	if err != nil {
		return common.Hash{}, err
	}
	if have.Cmp(req.Amount) < 0 {
		return common.Hash{}, fmt.Errorf("%w: the account has %v base units of %s, needs %v", ErrInsufficientFunds, have, t.Symbol, req.Amount)
	}
	call := transferCall(t, req.To, req.Amount)
	return t.do(ctx, call)
}
