package devnet

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// The points of the demo, which have no fractions, so that a base unit is a point.
const (
	pointsSymbol  = "BEAN"
	pointsName    = "Coffee beans"
	pointsUser    = 1000 // issued to the payer and to the hub
	pointsCheater = 400
	pointsChannel = 800
	pointsPaid    = 300
	pointsTempted = 250 // paid by the cheater after it copied its files
	pointsRedeems = 500
	pointsMost    = 10 // of fees
)

// pointsSteps are the steps of the chapter.
const pointsSteps = 4

// coffee is the chapter of points: who issues them, who has them, and where they are.
type coffee struct {
	*demo
	issuer, payer, hub, payee, cheater *daemon.Node

	token    Token
	accounts map[*daemon.Node]common.Address
}

// points is the story of a loyalty programme on an EVM chain.
func (d *demo) points(ctx context.Context) error {
	n := d.net.Nodes // alice, bob, carol, dave, mallory
	c := &coffee{demo: d, payer: n[0], hub: n[1], issuer: n[2], payee: n[3], cheater: n[4]}
	d.Step("Carol's café issues points on an EVM chain")
	if err := c.issue(ctx); err != nil {
		return err
	}
	d.Step("Alice pays Dave in points over a hub")
	lines, err := c.pay(ctx)
	if err != nil {
		return err
	}
	d.Step("Mallory posts a revoked state in points, Dave takes all")
	if err := c.cheat(ctx); err != nil {
		return err
	}
	d.Step("Dave redeems points, and every point is accounted for")
	if err := c.close(ctx, lines...); err != nil {
		return err
	}
	if err := c.redeem(ctx); err != nil {
		return err
	}
	return c.addUp(ctx)
}

// issue creates the points, makes them known to all and gives them to some.
func (c *coffee) issue(ctx context.Context) error {
	if err := c.net.FundEVM(ctx, c.net.Nodes...); err != nil {
		return err
	}
	made, err := c.issuer.Points().CreatePoints(ctx, &nwnrpc.CreatePointsRequest{
		Chain: EVMName, Adjudicator: c.net.EVM.Adjudicator.Hex(), Name: pointsName, Symbol: pointsSymbol,
	})
	if err != nil {
		return fmt.Errorf("%s creates points: %w", c.issuer.Name, err)
	}
	c.token = Token{Symbol: made.Symbol, Name: made.Name, Decimals: uint8(made.Decimals), Address: common.HexToAddress(made.Token)}
	c.Say("points_created", fields{"symbol": made.Symbol, "token": made.Token, "adjudicator": made.Adjudicator},
		"%s creates %s: token %s", c.issuer.Name, made.Symbol, made.Token)
	c.accounts = map[*daemon.Node]common.Address{}
	for _, n := range c.net.Nodes {
		all, err := n.EVMAccounts(ctx)
		if err != nil {
			return err
		}
		c.accounts[n] = all[0]
		if n == c.issuer {
			continue
		}
		if _, err := n.AddAsset(ctx, EVMName, c.net.EVM.Adjudicator, c.token.Address); err != nil {
			return err
		}
	}
	for _, to := range []*daemon.Node{c.payer, c.hub, c.cheater} {
		amount := pointsUser
		if to == c.cheater {
			amount = pointsCheater
		}
		if _, err := c.issuer.Points().IssuePoints(ctx, &nwnrpc.IssuePointsRequest{
			Symbol: pointsSymbol, Address: c.accounts[to].Hex(), Amount: fmt.Sprint(amount), Reference: []byte("welcome, " + to.Name),
		}); err != nil {
			return fmt.Errorf("%s issues points: %w", c.issuer.Name, err)
		}
		c.Say("points_issued", fields{"to": to.Name, "points": amount}, "%s gets %s %s", to.Name, group(int64(amount)), pointsSymbol)
	}
	return nil
}

// pay opens a channel of the payer's and one of the hub's, and pays over both.
func (c *coffee) pay(ctx context.Context) ([]*tokenLink, error) {
	lines := []*tokenLink{{from: c.payer, to: c.hub, units: pointsChannel}, {from: c.hub, to: c.payee, units: pointsChannel}}
	if err := c.open(ctx, lines...); err != nil {
		return nil, err
	}
	paid, err := c.payPoints(ctx, c.payer, c.payee, pointsPaid)
	if err != nil {
		return nil, err
	}
	if err := c.holdsPoints(ctx, c.payee, pointsPaid); err != nil {
		return nil, err
	}
	c.Say("points_paid", fields{"points": pointsPaid, "fee_milli": paid.FeeMilli},
		"%s pays %s %d %s over %s, fee %.3f", c.payer.Name, c.payee.Name, pointsPaid, pointsSymbol, c.hub.Name, float64(paid.FeeMilli)/1000)
	return lines, nil
}

// cheat has the cheater pay from a copied state, put it back and post it while its victim is down; the victim
// gets all points of the channel.
func (c *coffee) cheat(ctx context.Context) error {
	trap := &tokenLink{from: c.cheater, to: c.payee, units: pointsCheater}
	if err := c.open(ctx, trap); err != nil {
		return err
	}
	if err := c.cheater.Stop(ctx); err != nil {
		return err
	}
	if err := c.cheater.CopyData(); err != nil {
		return err
	}
	if err := c.cheater.Start(ctx); err != nil {
		return err
	}
	if err := c.usable(ctx, trap); err != nil {
		return err
	}
	if _, err := c.payPoints(ctx, c.cheater, c.payee, pointsTempted); err != nil {
		return err
	}
	had, err := c.net.EVM.BalanceOf(ctx, c.token, c.accounts[c.payee])
	if err != nil {
		return err
	}
	if err := errors.Join(c.cheater.Stop(ctx), c.payee.Stop(ctx)); err != nil {
		return err
	}
	if err := c.cheater.RestoreData(); err != nil {
		return err
	}
	if err := c.cheater.Start(ctx); err != nil {
		return err
	}
	if _, err := c.cheater.EVMAccounts(ctx); err != nil {
		return err
	}
	tx, err := c.cheater.CloseToken(ctx, trap.id, true)
	if err != nil {
		return err
	}
	c.Say("points_cheated", fields{"name": c.cheater.Name, "tx": tx, "paid": pointsTempted},
		"%s pays %d %s, puts back its files from before and posts their state while %s is down: %s",
		c.cheater.Name, pointsTempted, pointsSymbol, c.payee.Name, tx)
	return c.punished(ctx, trap, had)
}

// punished starts the victim and demands that it comes to have all of the channel.
func (c *coffee) punished(ctx context.Context, trap *tokenLink, had *big.Int) error {
	if err := c.payee.Start(ctx); err != nil {
		return err
	}
	want := new(big.Int).Add(had, big.NewInt(pointsCheater))
	if err := c.evmUntil(ctx, "the punishment", func(ctx context.Context) error {
		has, err := c.net.EVM.BalanceOf(ctx, c.token, c.accounts[c.payee])
		if err == nil && has.Cmp(want) != 0 {
			err = fmt.Errorf("%s has %v on chain, want %v", c.payee.Name, has, want)
		}
		return err
	}); err != nil {
		return err
	}
	c.Say("points_punished", fields{"name": c.payee.Name, "points": pointsCheater},
		"%s is back, proves that the state was revoked and takes all %d %s", c.payee.Name, pointsCheater, pointsSymbol)
	return c.ended(ctx, trap)
}

// close ends channels with both sides' consent.
func (c *coffee) close(ctx context.Context, lines ...*tokenLink) error {
	if err := c.usable(ctx, lines...); err != nil {
		return err
	}
	for _, l := range lines {
		tx, err := l.from.CloseToken(ctx, l.id, false)
		if err != nil {
			return err
		}
		c.Say("points_closed", fields{"from": l.from.Name, "to": l.to.Name, "tx": tx}, "%s - %s is closed: %s", l.from.Name, l.to.Name, tx)
	}
	return c.ended(ctx, lines...)
}

// redeem burns points for a coffee.
func (c *coffee) redeem(ctx context.Context) error {
	got, err := c.payee.Points().RedeemPoints(ctx, &nwnrpc.RedeemPointsRequest{
		Symbol: pointsSymbol, Amount: fmt.Sprint(pointsRedeems), Reference: []byte("order 1"),
	})
	if err != nil {
		return fmt.Errorf("%s redeems points: %w", c.payee.Name, err)
	}
	c.Say("points_redeemed", fields{"name": c.payee.Name, "points": pointsRedeems, "tx": got.TxHash},
		"%s redeems %d %s with %s: %s", c.payee.Name, pointsRedeems, pointsSymbol, c.issuer.Name, got.TxHash)
	return nil
}

// addUp demands that the accounts have, by the chain's own word, all points that were issued and not redeemed.
func (c *coffee) addUp(ctx context.Context) error {
	const issued = 2*pointsUser + pointsCheater
	sum := new(big.Int)
	for _, n := range c.net.Nodes {
		has, err := c.net.EVM.BalanceOf(ctx, c.token, c.accounts[n])
		if err != nil {
			return err
		}
		own, err := n.TokenBalance(ctx, pointsSymbol)
		if err != nil {
			return err
		}
		if own.OnChain != has.String() || own.LocalMilli+own.PendingMilli+own.LimboMilli != 0 {
			return fmt.Errorf("%s says that it has %s %s on chain and %d thousandths elsewhere; the chain says %v",
				n.Name, own.OnChain, pointsSymbol, own.LocalMilli+own.PendingMilli+own.LimboMilli, has)
		}
		sum.Add(sum, has)
		c.Say("points", fields{"name": n.Name, "points": has.Int64()}, "%-8s%6s %s", n.Name, group(has.Int64()), pointsSymbol)
	}
	supply, err := c.net.EVM.Supply(ctx, c.token)
	if err != nil {
		return err
	}
	payee, err := c.net.EVM.BalanceOf(ctx, c.token, c.accounts[c.payee])
	if err != nil {
		return err
	}
	if want := big.NewInt(issued - pointsRedeems); sum.Cmp(want) != 0 || supply.Cmp(want) != 0 {
		return fmt.Errorf("all have %v %s together, the token counts %v, issued less redeemed are %v", sum, pointsSymbol, supply, want)
	}
	if want := int64(pointsPaid + pointsCheater - pointsRedeems); payee.Int64() != want {
		return fmt.Errorf("%s has %v %s, want %d", c.payee.Name, payee, pointsSymbol, want)
	}
	c.Say("points_add_up", fields{"issued": issued, "redeemed": pointsRedeems, "left": sum.Int64()},
		"%s issued, %s redeemed, %s with their owners", group(issued), group(pointsRedeems), group(sum.Int64()))
	return nil
}
