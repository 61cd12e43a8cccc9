package peer

import (
	"bytes"
	"testing"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestFeaturesMustFit(t *testing.T) {
	bits := lnwire.NewRawFeatureVector
	tests := []struct {
		name         string
		ours, theirs *lnwire.RawFeatureVector
		want         string // in the error, empty for none
	}{
		{"equal", ourFeatures(), ourFeatures(), ""},
		{"lnd's", ourFeatures(), bits(0, 5, 7, 8, 12, 14, 17, 23, 25, 27, 31, 35, 39, 44, 2023), ""},
		{"CLN's", ourFeatures(), bits(0, 5, 7, 8, 11, 12, 14, 17, 19, 23, 25, 27, 35, 39, 43, 44, 47, 51, 63), ""},
		{"eclair's", ourFeatures(), bits(0, 7, 8, 11, 12, 14, 17, 19, 23, 25, 27, 29, 35, 37, 39, 44, 47, 61, 63, 81), ""},
		{"LDK's", ourFeatures(), bits(0, 5, 7, 8, 12, 14, 17, 19, 23, 25, 27, 35, 39, 43, 44, 47, 51, 63), ""},
		{"unknown even", ourFeatures(), bits(0, 8, 12, 14, 44, 100), "requires feature 100 (unknown)"},
		{"known even that we lack", ourFeatures(), bits(0, 8, 12, 14, 18, 44), "requires feature 18 (wumbo-channels)"},
		{"even of our odd", ourFeatures(), bits(0, 8, 12, 14, 22, 44), ""},
		{"odd of our even", ourFeatures(), bits(1, 9, 13, 15, 45), ""},
		{"lacks what we require", ourFeatures(), bits(0, 8, 14, 44), "lacks feature 12 (static-remote-key)"},
		{"anchors without static_remotekey", bits(8), bits(8, 23), "offers feature 22 (anchors-zero-fee-htlc-tx) without 12"},
		{"MPP without payment_secret", bits(), bits(9, 17), "without 14 (payment-addr)"},
		{"last bit that lnwire knows", bits(), bits(65534), "requires feature 65534 (unknown)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := CheckFeatures(test.ours, test.theirs)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}

// refusal is what the node says to a first message before it hangs up.
func refusal(t *testing.T, first lnwire.Message) string {
	t.Helper()
	n := newNode(t, nil).listen(t)
	raw := n.dialRaw(t)
	require.IsType(t, &lnwire.Init{}, raw.next(t))
	require.NoError(t, raw.send(first))
	encoded, err := raw.Read()
	if err != nil {
		return "closed"
	}
	msg, err := lnwire.ReadMessage(bytes.NewReader(encoded), 0)
	require.NoError(t, err)
	_, err = raw.Read()
	require.Error(t, err, "connection goes on")
	require.Empty(t, n.Peers())
	require.Empty(t, n.events)
	return string(msg.(*lnwire.Warning).Data)
}

func TestInitIsChecked(t *testing.T) {
	features := ourFeatures()
	features.Set(100)
	require.Contains(t, refusal(t, lnwire.NewInitMessage(lnwire.NewRawFeatureVector(), features)),
		"requires feature 100")
	require.Contains(t, refusal(t, lnwire.NewInitMessage(features, lnwire.NewRawFeatureVector())),
		"requires feature 100")
	require.Equal(t, "closed", refusal(t, lnwire.NewPing(1)))
	require.Equal(t, "closed", refusal(t, numbered(1)))

	other := Config{Features: ourFeatures(), Network: *chaincfg.MainNetParams.GenesisHash}
	require.Contains(t, refusal(t, initMessage(&other)), "no chain in common")
}

func TestInitWithoutNetworksOrWithSeveralIsFine(t *testing.T) {
	n := newNode(t, nil).listen(t)
	message := lnwire.NewInitMessage(lnwire.NewRawFeatureVector(), ourFeatures())
	require.NoError(t, n.dialRaw(t).send(message))
	n.expect(t, "up")

	main, ours := chaincfg.MainNetParams.GenesisHash, chaincfg.RegressionNetParams.GenesisHash
	message.ExtraData = append([]byte{1, 64}, append(main[:], ours[:]...)...)
	require.NoError(t, n.dialRaw(t).send(message))
	n.expect(t, "up")
}

func TestOldGlobalFeaturesCount(t *testing.T) {
	n := newNode(t, nil).listen(t)
	old, rest := lnwire.NewRawFeatureVector(0, 8, 12), lnwire.NewRawFeatureVector(14, 44)
	require.NoError(t, n.dialRaw(t).send(lnwire.NewInitMessage(old, rest)))
	require.True(t, n.expect(t, "up").peer.Features().HasFeature(lnwire.StaticRemoteKeyRequired))
}

func TestSilenceBeforeInitIsBounded(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialRaw(t)
	require.IsType(t, &lnwire.Init{}, raw.next(t))
	n.clock.Advance(n.cfg.Limits.Handshake)
	_, err := raw.Read()
	require.Error(t, err)
	require.Empty(t, n.events)
}

func TestAttack37PeerTextIsPrintable(t *testing.T) {
	require.Equal(t, `"a\x1b[2Jb\n"`, printable([]byte("a\x1b[2Jb\n")))
	require.LessOrEqual(t, len(printable(make([]byte, 65000))), 900)
}
