package node

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
)

// backedUp makes a node that keeps a backup, and tells where.
func (n *testNet) backedUp(name string) (*testNode, backup.File) {
	f := backup.File{Path: filepath.Join(n.t.TempDir(), backup.FileName)}
	f.Key = backup.NewKey((&fakeWallet{name: name}).key("backup", 0).PubKey())
	return n.node(name, func(c *Config) { c.Backup = f }), f
}

// has waits until a backup file is about exactly these channels.
func (n *testNet) has(f backup.File, points ...wire.OutPoint) {
	n.t.Helper()
	n.eventually("the backup is up to date", func() bool {
		m, err := f.Read()
		require.NoError(n.t, err)
		var got []wire.OutPoint
		for _, s := range m {
			got = append(got, s.Point)
		}
		if len(got) != len(points) {
			return false
		}
		require.ElementsMatch(n.t, points, got)
		return true
	})
}

// wipe is the loss of everything but the seed; the node starts again, with nothing.
func (n *testNode) wipe() {
	n.crash()
	n.disk = dbtest.New(n.net.t)
	n.start()
	<-n.Started()
}

// What is in channels comes back after the loss of all but the seed and the backup: the peer
// publishes, the restored node does not.
func TestBalanceComesBackFromABackup(t *testing.T) {
	for name, moved := range map[string]bool{"before any payment": false, "after payments": true} {
		t.Run(name, func(t *testing.T) {
			n := newStrictNet(t)
			alice, file := n.backedUp("alice")
			bob := n.node("bob")
			point := n.open(alice, bob, 5_000_000, 1_000_000).ChannelPoint
			if moved {
				for range 3 {
					require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(10_000*sat).PaymentRequest).Status)
				}
				n.settled(alice, bob)
			}
			want := alice.balance()
			n.has(file, point)
			packed, err := os.ReadFile(file.Path)
			require.NoError(t, err)

			alice.wipe()
			require.Empty(t, alice.sw.channels())
			alice.backups.write()
			n.has(file, point) // a node that knows nothing leaves the backup alone
			before := len(n.chain.Published())
			count, err := alice.RestoreBackup(t.Context(), BackupSet{Multi: packed})
			require.NoError(t, err)
			require.Equal(t, 1, count)
			count, err = alice.RestoreBackup(t.Context(), BackupSet{Multi: packed})
			require.NoError(t, err)
			require.Zero(t, count, "it is known now")

			n.eventually("bob publishes", func() bool { return len(n.chain.Published()) > before })
			n.blocksUntil("closed", 60, func() bool { _, ok := alice.closedAs(point); return ok }, alice, bob)
			closed, _ := alice.closedAs(point)
			require.Equal(t, ClosedByPeer, closed.Kind)
			require.InDelta(t, float64(want.ToSatoshis()), float64(alice.takenOf(closed)), 10_000, "less the commitment's fee")
			n.has(file) // closed, so there is nothing to back up
		})
	}
}

// A restored channel survives a restart as what it is, in the backup too.
func TestRestoredChannelStaysRestored(t *testing.T) {
	n := newStrictNet(t)
	alice, file := n.backedUp("alice")
	bob := n.node("bob")
	point := n.open(alice, bob, 5_000_000, 1_000_000).ChannelPoint
	v, err := alice.ExportBackup(t.Context(), []wire.OutPoint{point})
	require.NoError(t, err)
	bob.stop() // nobody closes it

	alice.wipe()
	_, err = alice.RestoreBackup(t.Context(), BackupSet{Singles: v.Singles})
	require.NoError(t, err)
	for range 2 {
		d := alice.channelAt(point)
		require.True(t, d.channel().Restored())
		n.has(file, point)
		for _, err := range alice.CloseChannel(t.Context(), CloseChannel{ChannelPoint: point, Force: true}) {
			require.ErrorIs(t, err, ErrNotEnforceable)
			require.ErrorContains(t, err, "restored from a backup")
		}
		n.eventually("the operator is told", func() bool {
			all, err := alice.Alerts(t.Context())
			require.NoError(t, err)
			return len(all) == 1 && all[0].Kind == AlertStaleData && all[0].Channel == point
		})
		index, err := alice.nextKeyIndex()
		require.NoError(t, err)
		require.Greater(t, index, d.channel().Params().KeyIndex, "another channel's keys")
		alice.restart()
		<-alice.Started()
	}
}

// A channel is backed up before it can be funded: when the peer gets funding_signed.
func TestNewChannelIsBackedUpBeforeItIsFunded(t *testing.T) {
	n := newTestNet(t)
	bob, file := n.backedUp("bob")
	mallory := n.stranger("mallory", bob)
	mallory.pending(1_000_000)
	m, err := file.Read()
	require.NoError(t, err)
	require.Len(t, m, 1)
	require.Equal(t, mallory.c.Params().Outpoint, m[0].Point)
	require.Zero(t, m[0].SCID.TxIndex, "it is in no block")
	require.Equal(t, n.heightNow(), m[0].SCID.BlockHeight)
}

// A file that somebody removed is written again.
func TestRemovedBackupIsWrittenAgain(t *testing.T) {
	n := newTestNet(t)
	alice, file := n.backedUp("alice")
	point := n.open(alice, n.node("bob"), 1_000_000, 0).ChannelPoint
	alice.backups.write()
	n.has(file, point)
	require.NoError(t, os.Remove(file.Path))
	alice.backups.write()
	require.FileExists(t, file.Path)
}

// What can't be written stops nothing, and is written when it can be.
func TestBackupThatCantBeWrittenStopsNothing(t *testing.T) {
	n := newTestNet(t)
	dir := filepath.Join(t.TempDir(), "later")
	f := backup.File{Path: filepath.Join(dir, backup.FileName)}
	f.Key = backup.NewKey((&fakeWallet{name: "alice"}).key("backup", 0).PubKey())
	alice, bob := n.node("alice", func(c *Config) { c.Backup = f }), n.node("bob")
	point := n.open(alice, bob, 1_000_000, 0).ChannelPoint
	require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(10_000*sat).PaymentRequest).Status)
	require.NoError(t, os.Mkdir(dir, 0o700))
	n.chain.Mine()
	n.has(f, point)
}

// The backup of another seed's is not overwritten.
func TestBackupOfAnotherSeedIsLeftAlone(t *testing.T) {
	n := newTestNet(t)
	alice, file := n.backedUp("alice")
	_ = alice.stop()
	other := backup.File{Path: file.Path, Key: backup.NewKey(alice.wallet.key("else", 0).PubKey())}
	require.NoError(t, other.Write(backup.Multi{}))
	was, err := os.ReadFile(file.Path)
	require.NoError(t, err)
	alice.start()
	n.open(alice, n.node("bob"), 1_000_000, 0)
	alice.backups.write()
	is, err := os.ReadFile(file.Path)
	require.NoError(t, err)
	require.Equal(t, was, is)
}

func TestBackupsThatCantBeRestoredSayWhy(t *testing.T) {
	n := newTestNet(t)
	alice, _ := n.backedUp("alice")
	bob := n.node("bob")
	point := n.open(alice, bob, 1_000_000, 0).ChannelPoint
	d := alice.channelAt(point)
	for why, change := range map[string]func(*backup.Single){
		"another chain":                  func(s *backup.Single) { s.ChainHash[0]++ },
		"simple taproot":                 func(s *backup.Single) { s.Version = backup.Taproot },
		"key 2 is of family 3 at index ": func(s *backup.Single) { s.Local[backup.Payment].Index += 7 },
		"capacity of -1":                 func(s *backup.Single) { s.Capacity = -1 },
	} {
		good, err := alice.single(d)
		require.NoError(t, err)
		bad := *good
		bad.Point.Index += 9 // unknown
		good.Point.Index += 10
		change(&bad)
		v, err := alice.pack(backup.Multi{&bad, good})
		require.NoError(t, err)
		if why == "capacity of -1" {
			why = "htlc: capacity"
		}
		count, err := alice.RestoreBackup(t.Context(), BackupSet{Singles: v.Singles[:1]})
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, why)
		require.Zero(t, count)
	}
	_, err := alice.RestoreBackup(t.Context(), BackupSet{Multi: make([]byte, 100)})
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, "another seed")
	_, err = alice.VerifyBackup(t.Context(), BackupSet{Singles: [][]byte{{1}}})
	require.ErrorIs(t, err, ErrInvalid)
	_, err = alice.ExportBackup(t.Context(), []wire.OutPoint{{}})
	require.ErrorIs(t, err, ErrNotFound)
}

// Whoever follows gets each change of the set of channels.
func TestBackupsAreStreamed(t *testing.T) {
	n := newTestNet(t)
	alice, _ := n.backedUp("alice")
	bob := n.node("bob")
	<-alice.Started()
	n.eventually("the first look is over", func() bool {
		alice.backups.mu.Lock()
		defer alice.backups.mu.Unlock()
		return alice.backups.told != nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	follow := alice.SubscribeBackups(ctx)
	point := n.open(alice, bob, 1_000_000, 0).ChannelPoint
	for v, err := range follow {
		require.NoError(t, err)
		points, err := alice.VerifyBackup(t.Context(), BackupSet{Multi: v.Multi, Singles: v.Singles})
		require.NoError(t, err)
		require.Equal(t, []wire.OutPoint{point}, points)
		require.Equal(t, points, v.Points)
		break
	}
}

// The peer's addresses are those where it was reached and those that it announces.
func TestBackupHasWhereThePeerIs(t *testing.T) {
	n := newTestNet(t)
	alice, _ := n.backedUp("alice")
	bob := n.node("bob")
	point := n.open(alice, bob, 1_000_000, 0).ChannelPoint
	s, err := alice.single(alice.channelAt(point))
	require.NoError(t, err)
	require.NotEmpty(t, s.Addresses)
	require.Equal(t, bob.addr, s.Addresses[0].String())
	require.Equal(t, alice.channelAt(point).channel().SCID(), s.SCID)
	require.NotEqual(t, lnwire.ShortChannelID{}, s.SCID)
	for host, network := range map[string]string{
		"10.0.0.1:9735": "tcp", "[2001:db8::1]:9735": "tcp", "example.com:9735": "tcp", "nonsense": "",
		"vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion:9735": "tcp", "10.0.0.1:99999": "",
	} {
		a := netAddr(host)
		if network == "" {
			require.Nil(t, a, host)
			continue
		}
		require.Equal(t, host, a.String())
	}
}

// A restored channel whose funding transaction wasn't in a block when it was backed up is looked
// for, not taken for one that was never funded, however long ago that is.
func TestRestoredChannelIsNotForgottenAsUnfunded(t *testing.T) {
	n := newTestNet(t)
	bob, file := n.backedUp("bob")
	mallory := n.stranger("mallory", bob)
	tx := mallory.pending(1_000_000)
	point := mallory.c.Params().Outpoint
	packed, err := os.ReadFile(file.Path)
	require.NoError(t, err)
	mallory.m.Close()
	bob.wipe()
	n.chain.MineN(fundingPatience + 1)
	_, err = bob.RestoreBackup(t.Context(), BackupSet{Multi: packed})
	require.NoError(t, err)
	d := bob.channelAt(point)
	bob.pursueFundings(n.heightNow())
	bob.sync(d)
	require.NotNil(t, bob.channelAt(point))
	height := n.chain.Mine(tx)
	n.eventually("its place is found", func() bool {
		return d.channel().SCID().BlockHeight == uint32(height)
	})
	require.Equal(t, htlc.Halted, d.channel().State())
}

// A channel that was closed after it was backed up is found to be.
func TestRestoredChannelThatWasClosedIsClosed(t *testing.T) {
	n := newStrictNet(t)
	alice, file := n.backedUp("alice")
	bob := n.node("bob")
	point := n.open(alice, bob, 5_000_000, 1_000_000).ChannelPoint
	packed, err := os.ReadFile(file.Path)
	require.NoError(t, err)
	for u, err := range alice.CloseChannel(t.Context(), CloseChannel{ChannelPoint: point}) {
		require.NoError(t, err)
		if !u.Closed {
			n.chain.MineN(closeDepth)
		}
	}
	n.has(file)
	count, err := alice.RestoreBackup(t.Context(), BackupSet{Multi: packed})
	require.NoError(t, err)
	require.Zero(t, count, "it was closed here")
	alice.wipe()
	count, err = alice.RestoreBackup(t.Context(), BackupSet{Multi: packed})
	require.NoError(t, err)
	require.Equal(t, 1, count)
	n.blocksUntil("closed", 10, func() bool { _, ok := alice.closedAs(point); return ok }, alice, bob)
	v, _ := alice.closedAs(point)
	require.Equal(t, ClosedCooperatively, v.Kind)
}
