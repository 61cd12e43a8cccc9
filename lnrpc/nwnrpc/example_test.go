package nwnrpc_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// preimageRecord is the record that makes a payment without an invoice a keysend.
const preimageRecord = 5482373484

// customer buys from a provider for as long as it delivers. It is what a program that embeds nwnd does:
// conn is a connection to its own node, with a macaroon.
type customer struct {
	meter    nwnrpc.MeterClient
	payments nwnrpc.TokenPaymentsClient
	provider []byte // its node's key, a peer's
	dearest  uint64 // the most to pay for each of what is served, thousandths of the asset's unit
	deposit  uint64 // units, and as much again when it runs low
}

func newCustomer(conn grpc.ClientConnInterface, provider []byte) *customer {
	return &customer{
		meter: nwnrpc.NewMeterClient(conn), payments: nwnrpc.NewTokenPaymentsClient(conn), provider: provider, dearest: 20, deposit: 10,
	}
}

// buy asks for the price, establishes a channel, pays for each delivery before the next, tops the deposit
// up before it runs low, and closes.
func (c *customer) buy(ctx context.Context, deliver func() (served uint64, more bool)) error {
	price, err := c.meter.PriceQuery(ctx, &nwnrpc.PriceQueryRequest{Provider: c.provider})
	if err != nil {
		return err
	}
	if price.PerUnitMilli > c.dearest {
		return fmt.Errorf("%d for each %s is too dear", price.PerUnitMilli, price.Unit)
	}
	if err := c.establish(ctx, price); err != nil {
		return err
	}
	for served, more := deliver(); more; served, more = deliver() {
		if err := c.pay(ctx, price.Symbol, served*price.PerUnitMilli); err != nil {
			return err
		}
		if err := c.topUp(ctx, price.Symbol); err != nil {
			return err
		}
	}
	return c.close(ctx, price.Symbol)
}

// establish opens a channel and waits until it can be used.
func (c *customer) establish(ctx context.Context, price *nwnrpc.Price) error {
	updates, err := c.meter.Establish(ctx, &nwnrpc.EstablishRequest{
		Provider: c.provider, Symbol: price.Symbol, DepositUnits: max(c.deposit, price.MinimumUnits),
	})
	if err != nil {
		return err
	}
	for {
		u, err := updates.Recv()
		if err != nil {
			return err
		}
		if u.Open {
			return nil
		}
	}
}

// pay pays without an invoice: whoever learns the preimage takes the payment, and it is sent along.
func (c *customer) pay(ctx context.Context, symbol string, milli uint64) error {
	preimage := make([]byte, 32)
	if _, err := rand.Read(preimage); err != nil {
		return err
	}
	hash := sha256.Sum256(preimage)
	updates, err := c.payments.PayToken(ctx, &nwnrpc.PayTokenRequest{
		Symbol: symbol, Destination: c.provider, ValueMilli: milli, PaymentHash: hash[:],
		CustomRecords: map[uint64][]byte{preimageRecord: preimage}, NoInflightUpdates: true,
	})
	if err != nil {
		return err
	}
	p, err := updates.Recv()
	if err != nil {
		return err
	}
	if p.Status != lnrpc.Payment_SUCCEEDED {
		return fmt.Errorf("the payment failed: %v", p.FailureReason)
	}
	return nil
}

// topUp adds to the deposit when less than a fifth of one is left.
func (c *customer) topUp(ctx context.Context, symbol string) error {
	r, err := c.meter.CheckBalance(ctx, &nwnrpc.CheckBalanceRequest{Provider: c.provider})
	if err != nil {
		return err
	}
	left := uint64(0)
	for _, b := range r.Balances {
		if b.Asset.GetSymbol() == symbol {
			left += b.LocalMilli
		}
	}
	if left >= c.deposit*1000/5 {
		return nil
	}
	_, err = c.meter.TopUp(ctx, &nwnrpc.TopUpRequest{Provider: c.provider, Symbol: symbol, Units: c.deposit})
	return err
}

// close ends the channel; what is left of the deposit comes back.
func (c *customer) close(ctx context.Context, symbol string) error {
	updates, err := c.meter.CloseService(ctx, &nwnrpc.CloseServiceRequest{NodePubkey: c.provider, Symbol: symbol})
	for err == nil {
		_, err = updates.Recv()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// A customer's program: ask for the price, establish, pay as served, top up, close. This one is served
// three times, 300 each.
func Example_customer() {
	conn, stop := fakeProvider()
	defer stop()
	deliveries := 0
	err := newCustomer(conn, []byte("provider")).buy(context.Background(), func() (uint64, bool) {
		deliveries++
		return 300, deliveries <= 3
	})
	fmt.Println(err)
	// Output:
	// price: 10 for each MB
	// established with 10 units, 10000 thousandths
	// paid 3000, left 7000
	// paid 3000, left 4000
	// paid 3000, left 1000
	// topped up by 10 units, left 11000
	// closed
	// <nil>
}

// mayServe tells whether a provider delivers: while what it served is paid for, but for some credit.
func mayServe(ctx context.Context, meter nwnrpc.MeterClient, customer []byte, servedMilli, creditMilli uint64) (bool, error) {
	r, err := meter.Book(ctx, &nwnrpc.BookRequest{Customer: customer})
	if err != nil {
		return false, err
	}
	earned := uint64(0)
	for _, b := range r.Balances {
		earned += b.ReceivedMilli
	}
	return servedMilli < earned+creditMilli, nil
}

// A provider's program: it sets its price once, and looks at what it earned before each delivery.
func Example_provider() {
	conn, stop := fakeProvider()
	defer stop()
	ctx, meter := context.Background(), nwnrpc.NewMeterClient(conn)
	_, err := meter.SetPrice(ctx, &nwnrpc.Price{Symbol: "MILES", PerUnitMilli: 10, Unit: "MB", MinimumUnits: 5})
	fmt.Println(err)
	for _, servedMilli := range []uint64{0, 2999, 3000} {
		fmt.Println(mayServe(ctx, meter, []byte("customer"), servedMilli, 3000))
	}
	// Output:
	// price set: 10 for each MB
	// <nil>
	// true <nil>
	// true <nil>
	// false <nil>
}
