package node

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	lndtor "github.com/lightningnetwork/lnd/tor"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/router"
)

// backupRetry is when a file that could not be written is tried again, at the latest.
const backupRetry = time.Minute

// maxBackupAddrs of one peer are kept in a backup, those that are surest first.
const maxBackupAddrs = 8

// backups keep the file of channel backups up to date. A new channel is in it before its
// funding can be in any block: a node that loses all but its seed and this file loses no
// channel. A file that can't be written is told and tried again; it stops nothing, since a
// channel without a backup is as safe as the disk.
type backups struct {
	n    *Node
	log  *slog.Logger
	file backup.File // without a path nothing is written
	wake chan struct{}
	news changes

	mu      sync.Mutex
	read    bool         // the file was
	foreign backup.Multi // what it had of channels that this node doesn't know
	told    []byte       // what was told last, not encrypted
	written []byte       // what the file has
}

func newBackups(n *Node, file backup.File) *backups {
	return &backups{n: n, log: n.log.With("part", "backup"), file: file, wake: make(chan struct{}, 1)}
}

// changed has the file written soon if something in it is different. It never blocks.
func (b *backups) changed() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// run writes the file whenever something changed.
func (b *backups) run(ctx context.Context) {
	b.changed()
	retry := time.NewTimer(backupRetry)
	defer retry.Stop()
	for {
		select {
		case <-b.wake:
		case <-retry.C:
		case <-ctx.Done():
			return
		}
		b.write()
		retry.Reset(backupRetry)
	}
}

// write brings the file, and those who follow, up to date.
func (b *backups) write() {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.n.singles()
	plain, err := all.Encode()
	if err != nil {
		b.log.Error("the channels can't be backed up", "err", err)
		return
	}
	if !bytes.Equal(plain, b.told) {
		b.told = plain
		b.news.notify()
	}
	if b.file.Path == "" {
		return
	}
	if err := b.writeTokens(); err != nil {
		b.log.Error("the backup of the channels in tokens can't be written; it is tried again", "err", err)
	}
	if err := b.store(all); err != nil {
		b.log.Error("the backup of the channels can't be written; it is tried again", "file", b.file.Path, "err", err)
	}
}

// store writes the file if it has something else. What it had of channels that this node
// never knew stays there: a node that was set up anew must not wipe the backup that it is
// to be restored from. A file of another seed's is left alone.
func (b *backups) store(all backup.Multi) error {
	if err := b.readOnce(); err != nil {
		return err
	}
	kept, err := b.n.unknown(b.foreign)
	if err != nil {
		return err
	}
	b.foreign = kept
	all = append(slices.Clip(all), kept...)
	plain, err := all.Encode()
	if err != nil || bytes.Equal(plain, b.written) && b.file.Exists() {
		return err
	}
	if err := b.file.Write(all); err != nil {
		return err
	}
	b.written = plain
	b.log.Debug("channels backed up", "count", len(all), "file", b.file.Path)
	return nil
}

// readOnce finds out what the file has before it is first written.
func (b *backups) readOnce() error {
	if b.read {
		return nil
	}
	old, err := b.file.Read()
	if err != nil {
		return err
	}
	if b.written, err = old.Encode(); err != nil {
		return err
	}
	if b.foreign, err = b.n.unknown(old); err != nil {
		return err
	}
	b.read = true
	if len(b.foreign) > 0 {
		b.log.Warn("the backup file has channels that this node doesn't know; nwcli backup restore brings them back",
			"count", len(b.foreign), "file", b.file.Path)
	}
	return nil
}

// unknown are those of a backup's channels that aren't this node's, and never were.
func (n *Node) unknown(all backup.Multi) (backup.Multi, error) {
	var out backup.Multi
	for _, s := range all {
		known, err := n.knew(s)
		if err != nil {
			return nil, err
		}
		if !known {
			out = append(out, s)
		}
	}
	return out, nil
}

// knew reports whether a channel is or was one of this node's.
func (n *Node) knew(s *backup.Single) (bool, error) {
	id := lnwire.NewChanIDFromOutPoint(s.Point)
	if n.sw.channelByID(id) != nil {
		return true, nil
	}
	closed, err := n.db.Get(bucketClosed, id[:])
	return closed != nil, err
}

// singles are the backups of all channels that aren't closed, in an order that stays.
func (n *Node) singles() backup.Multi {
	all := backup.Multi{}
	for _, d := range n.sw.channels() {
		s, err := n.single(d)
		if err != nil {
			d.log.Error("the channel can't be backed up", "err", err)
			continue
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *backup.Single) int {
		return strings.Compare(a.Point.String(), b.Point.String())
	})
	return all
}

// single is the backup of a channel.
func (n *Node) single(d *driver) (*backup.Single, error) {
	c := d.channel()
	p := c.Params()
	key, err := btcec.ParsePubKey(p.Peer[:])
	if err != nil {
		return nil, err
	}
	at := func(f keychain.KeyFamily) backup.Locator { return backup.Locator{Family: uint32(f), Index: p.KeyIndex} }
	ours, theirs := &p.Terms[htlc.Local], &p.Terms[htlc.Remote]
	s := &backup.Single{
		Version: backup.AnchorsZeroFee, Initiator: p.Opener == htlc.Local, ChainHash: p.ChainHash, Point: p.Outpoint,
		SCID: c.SCID(), Peer: key, Addresses: n.backupAddrs(peer.ID(p.Peer)), Capacity: p.Capacity,
		LocalDelay: ours.ToSelfDelay, RemoteDelay: theirs.ToSelfDelay, Root: at(keychain.KeyFamilyRevocationRoot),
	}
	if s.SCID == (lnwire.ShortChannelID{}) {
		s.SCID.BlockHeight = d.hint
	}
	for i, family := range keyFamilies {
		s.Local[i] = at(family)
	}
	s.Remote = [...]*btcec.PublicKey{
		backup.Funding: theirs.Funding, backup.Revocation: theirs.Revocation, backup.Payment: theirs.Payment,
		backup.Delayed: theirs.Delayed, backup.HTLC: theirs.HTLC,
	}
	return s, nil
}

// keyFamilies are where the seed has a channel's keys; see wallet.KeyRing.ChannelKeys.
var keyFamilies = [...]keychain.KeyFamily{
	backup.Funding: keychain.KeyFamilyMultiSig, backup.Revocation: keychain.KeyFamilyRevocationBase,
	backup.Payment: keychain.KeyFamilyPaymentBase, backup.Delayed: keychain.KeyFamilyDelayBase,
	backup.HTLC: keychain.KeyFamilyHtlcBase,
}

// backupAddrs are where a peer may be reached: where it was last, and where it says it is.
func (n *Node) backupAddrs(id peer.ID) []net.Addr {
	var all []net.Addr
	add := func(a net.Addr) {
		same := func(b net.Addr) bool { return a.String() == b.String() }
		if a != nil && len(all) < maxBackupAddrs && !slices.ContainsFunc(all, same) {
			all = append(all, a)
		}
	}
	hosts, err := n.hosts.all(id)
	if err != nil {
		n.log.Error("peer's address can't be read", "peer", id, "err", err)
	}
	for _, host := range hosts {
		add(netAddr(host))
	}
	if node, ok := n.graph.Node(router.Node(id)); ok && node.Announcement != nil {
		for _, a := range node.Announcement.Addresses {
			if _, opaque := a.(*lnwire.OpaqueAddrs); !opaque {
				add(a)
			}
		}
	}
	return all
}

// netAddr is host:port as gossip writes it, nil if it can't.
func netAddr(hostPort string) net.Addr {
	host, text, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil
	}
	if strings.HasSuffix(host, ".onion") {
		return &lndtor.OnionAddr{OnionService: host, Port: int(port)}
	}
	if ip := net.ParseIP(host); ip != nil {
		return &net.TCPAddr{IP: ip, Port: int(port)}
	}
	if lnwire.ValidateDNSAddr(host, uint16(port)) != nil {
		return nil
	}
	return &lnwire.DNSAddress{Hostname: host, Port: uint16(port)}
}
