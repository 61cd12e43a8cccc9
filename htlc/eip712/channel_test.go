package eip712_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
	"github.com/nichework/nwnd/internal/signer"
)

func payTo(b byte) []byte { return append([]byte{0, 20}, common.Address{19: b}.Bytes()...) }

// encoded is the id as go-ethereum's ABI codec packs what it hashes.
func encoded(t *testing.T, f eip712.Format, c eip712.ChannelParams) [32]byte {
	t.Helper()
	var args abi.Arguments
	for _, name := range []string{"uint256", "address", "address", "address", "address", "address", "address", "uint32", "uint64"} {
		typ, err := abi.NewType(name, "", nil)
		require.NoError(t, err)
		args = append(args, abi.Argument{Type: typ})
	}
	packed, err := args.Pack(new(big.Int).SetUint64(f.ChainID), common.Address(f.Contract),
		common.Address(c.A), common.Address(c.B), common.Address(c.PayA), common.Address(c.PayB),
		common.Address(c.Token), c.Delay, c.Nonce)
	require.NoError(t, err)
	return crypto.Keccak256Hash(packed)
}

func TestChannelParamsAreThoseOfBothSides(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 0))
	for range 100 {
		f, p := randomFormat(r), randomParams(r)
		f.Token = [20]byte{1, byte(r.Uint32())}
		p.Nonce = r.Uint64()
		for side := range p.Terms {
			p.Terms[side].CloseScript = payTo(byte(1 + side))
			p.Terms[side].ToSelfDelay = uint16(r.Uint32())
		}
		c, err := f.Channel(p)
		require.NoError(t, err)
		opener, other := p.Opener, p.Opener.Other()
		require.Equal(t, eip712.Address(p.Terms[opener].Funding), c.A)
		require.Equal(t, eip712.Address(p.Terms[other].Funding), c.B)
		require.Equal(t, byte(1+opener), c.PayA[19])
		require.Equal(t, byte(1+other), c.PayB[19])
		require.Equal(t, 600*uint32(max(p.Terms[0].ToSelfDelay, p.Terms[1].ToSelfDelay)), c.Delay)
		require.Equal(t, f.Token, c.Token)
		require.Equal(t, encoded(t, f, c), f.ID(c))

		q := *p
		q.Opener, q.Terms[0], q.Terms[1] = other, p.Terms[1], p.Terms[0]
		same, err := f.Channel(&q)
		require.NoError(t, err)
		require.Equal(t, c, same)
		at, err := f.Locate(p)
		require.NoError(t, err)
		require.Equal(t, wire.OutPoint{Hash: encoded(t, f, c)}, at)
		require.EqualValues(t, at.Hash, lnwire.NewChanIDFromOutPoint(at))
	}
	f, p := randomFormat(r), randomParams(r)
	_, err := f.Locate(p)
	require.ErrorIs(t, err, eip712.ErrParams, "no payout address")
}

// tokenConfig is one side's of an opening of a million units.
func tokenConfig(t *testing.T, f eip712.Format, seed uint64) htlc.OpenConfig {
	t.Helper()
	keys := secrets(seed)
	s, err := signer.New(keys, signer.EIP2098, nil)
	require.NoError(t, err)
	cfg := htlc.OpenConfig{
		PendingID: [32]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, ChainHash: [32]byte{7}, Signer: s,
		Capacity: 1_000_000, Reserve: 10_000, ToSelfDelay: 144,
		MinCapacity: 1, MaxCapacity: htlc.MaxCapacity, MaxToSelfDelay: 2016,
		Terms: htlc.Terms{HTLCMinimum: 1, MaxInFlight: 1_000_000_000, CloseScript: payTo(byte(seed))},
	}
	keys.FillTerms(&cfg.Terms)
	f.Profile(&cfg)
	return cfg
}

// offered is the peer's open_channel after edit, as it comes off the wire.
func offered(t *testing.T, f eip712.Format, edit func(*lnwire.OpenChannel)) (*htlc.Opening, error) {
	t.Helper()
	_, open, err := htlc.Propose(tokenConfig(t, f, 1))
	require.NoError(t, err)
	if edit != nil {
		edit(open)
	}
	o, _, err := htlc.Answer(tokenConfig(t, f, 2), open)
	return o, err
}

func TestATokenChannelIsOpened(t *testing.T) {
	f := eip712.Format{ChainID: 1, Contract: [20]byte{1}, Token: [20]byte{2}, Decimals: 8}
	cfg := tokenConfig(t, f, 1)
	cfg.Capacity, cfg.Reserve, cfg.ToSelfDelay = htlc.MaxCapacity, htlc.MaxCapacity/50, 200
	a, open, err := htlc.Propose(cfg)
	require.NoError(t, err)
	require.EqualValues(t, 30, open.MaxAcceptedHTLCs)
	require.Zero(t, open.FeePerKiloWeight)
	kind := lnwire.RawFeatureVector(*open.ChannelType)
	require.True(t, kind.Equals(lnwire.NewRawFeatureVector(eip712.TokenChannelsRequired)))
	b, accept, err := htlc.Answer(tokenConfig(t, f, 2), open)
	require.NoError(t, err)
	require.Equal(t, btcutil.Amount(htlc.MaxCapacity/100+1), accept.ChannelReserve, "raised to 1 %")
	accept.MinAcceptDepth = 1 << 31 // is ignored
	a, out, err := a.Accepted(accept)
	require.NoError(t, err)
	require.Empty(t, out.Script)
	p := a.Params()
	require.EqualValues(t, 0x0102030405060708, p.Nonce)
	c, err := f.Channel(&p)
	require.NoError(t, err)
	require.EqualValues(t, 200*600, c.Delay, "the longer of both")
	require.EqualValues(t, f.ID(c), out.Outpoint.Hash)

	other := out.Outpoint
	other.Index = 1
	_, _, err = a.Fund(other, nil)
	require.ErrorContains(t, err, "what was agreed")
	a, created, err := a.Fund(out.Outpoint, nil)
	require.NoError(t, err)
	for _, spoil := range []func(*wire.OutPoint){
		func(o *wire.OutPoint) { o.Index = 1 }, func(o *wire.OutPoint) { o.Hash[31] ^= 1 },
	} {
		bad := *created
		spoil(&bad.FundingPoint)
		_, _, err = b.Created(&bad)
		var pe *htlc.PeerError
		require.ErrorAs(t, err, &pe)
		require.Equal(t, htlc.FailChannel, pe.Reaction)
		require.ErrorContains(t, err, "what was agreed")
	}
	theirs, eff, err := b.Created(created)
	require.NoError(t, err)
	require.EqualValues(t, f.ID(c), theirs.ID())
	ours, _, err := a.Signed(eff.Send[0].(*lnwire.FundingSigned))
	require.NoError(t, err)
	require.EqualValues(t, f.ID(c), ours.ID())
	again, err := htlc.Decode(ours.Encode(), f, cfg.Signer)
	require.NoError(t, err)
	require.Equal(t, p.Nonce, again.Params().Nonce)
}

func TestOpenChannelInATokenIsRefused(t *testing.T) {
	f := eip712.Format{ChainID: 1, Decimals: 6}
	o, err := offered(t, f, nil)
	require.NoError(t, err)
	require.NotNil(t, o)
	both := lnwire.ChannelType(*lnwire.NewRawFeatureVector(eip712.TokenChannelsRequired, lnwire.ScidAliasRequired))
	for want, edit := range map[string]func(*lnwire.OpenChannel){
		"at 1 sat/kw":                        func(m *lnwire.OpenChannel) { m.FeePerKiloWeight = 1 },
		"dust_limit of 1 sat, takes 0..0":    func(m *lnwire.OpenChannel) { m.DustLimit = 1 },
		"dust_limit of -1 sat":               func(m *lnwire.OpenChannel) { m.DustLimit = -1 },
		"reserve of 9999 sat is below 1 %":   func(m *lnwire.OpenChannel) { m.ChannelReserve = 9_999 },
		"shutdown_script is missing":         func(m *lnwire.OpenChannel) { m.UpfrontShutdownScript = nil },
		"not 0014 and an address":            func(m *lnwire.OpenChannel) { m.UpfrontShutdownScript = make([]byte, 22) },
		"unknown(956)}, needs {unknown(956)": func(m *lnwire.OpenChannel) { m.ChannelType = &both },
		"max_accepted_htlcs of 484":          func(m *lnwire.OpenChannel) { m.MaxAcceptedHTLCs = 484 },
		// What is above (2^63-1)/1000 would wrap in lnwire.
		"with 9223372036854776 sat":    func(m *lnwire.OpenChannel) { m.FundingAmount = htlc.MaxCapacity + 1 },
		"with -1 sat":                  func(m *lnwire.OpenChannel) { m.FundingAmount = -1 },
		"pushes 18446744073709551615":  func(m *lnwire.OpenChannel) { m.PushAmount = ^lnwire.MilliSatoshi(0) },
		"channel_reserve of -1000000":  func(m *lnwire.OpenChannel) { m.ChannelReserve = -1_000_000 },
		"htlc_minimum of 184467440737": func(m *lnwire.OpenChannel) { m.HtlcMinimum = ^lnwire.MilliSatoshi(0) },
	} {
		_, err := offered(t, f, edit)
		require.ErrorContains(t, err, want)
	}
	cfg := tokenConfig(t, f, 1)
	cfg.Terms.CloseScript = nil
	_, _, err = htlc.Propose(cfg)
	require.ErrorContains(t, err, "CloseScript")
	_, open, err := htlc.Propose(tokenConfig(t, f, 1))
	require.NoError(t, err)
	_, _, err = htlc.Answer(cfg, open)
	require.ErrorContains(t, err, "CloseScript")
}

// Small channels can be opened too: a percent is rounded up.
func TestAChannelOfFewUnits(t *testing.T) {
	cfg := tokenConfig(t, eip712.Format{}, 1)
	cfg.Capacity, cfg.Reserve = 50, 1
	_, open, err := htlc.Propose(cfg)
	require.NoError(t, err)
	other := tokenConfig(t, eip712.Format{}, 2)
	other.Reserve = 0
	_, accept, err := htlc.Answer(other, open)
	require.NoError(t, err)
	require.EqualValues(t, 1, accept.ChannelReserve)
}
