package router_test

import (
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/router"
)

// A payment of 50,000 units' thousandths from alice to carol through bob, who takes
// 1 plus 0.1 %.
func ExampleGraph_FindRoute() {
	alice, bob, carol := router.Node{2, 1}, router.Node{2, 2}, router.Node{2, 3}
	asset := chainhash.Hash{1}
	channel := func(block uint32) router.ChanID {
		return router.ChanID{Chain: asset, SCID: lnwire.ShortChannelID{BlockHeight: block}}
	}

	g := router.NewGraph()
	_ = g.AddPrivate(channel(100), alice, bob, 1_000_000)
	_ = g.AddPrivate(channel(101), bob, carol, 1_000_000)
	_ = g.SetPolicy(channel(101), bob, router.Policy{CLTVDelta: 40, HTLCMax: 900_000, FeeBase: 1, FeeRate: 1000})

	query := router.Query{
		Source: alice, Target: carol, Chain: asset, Amount: 50_000, MaxFee: 100,
		Height: 800_000, FinalCLTVDelta: 18,
		Local: []router.LocalChannel{{Channel: channel(100), Peer: bob, Spendable: 400_000}},
	}
	route, err := g.FindRoute(query)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("send %d until block %d\n", uint64(route.Amount), route.CLTV)
	for _, h := range route.Hops {
		fmt.Printf("over %v: forward %d until %d, keep %d\n", h.Channel, uint64(h.Forward), h.OutgoingCLTV, uint64(h.Fee))
	}

	query.MaxFee = 20
	_, err = g.FindRoute(query)
	fmt.Println(err)
	// Output:
	// send 50051 until block 800058
	// over 100:0:0: forward 50000 until 800018, keep 51
	// over 101:0:0: forward 50000 until 800018, keep 0
	// router: no route: fee limit: the cheapest route costs 51 msat, limit 20 msat
}
