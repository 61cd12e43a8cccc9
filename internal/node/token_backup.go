package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
	"github.com/nichework/nwnd/internal/peer"
)

// tokenBackup is what brings a channel in a token back, with the seed: the contract knows no more of it than
// the hash of its parameters.
type tokenBackup struct {
	asset   Asset
	hosts   []string // of the peer
	since   uint32   // a block up to which nothing of the channel is on chain
	channel []byte   // htlc.Restored's Encode: the parameters
}

const (
	tokenBackupVersion = 1
	maxTokenBackups    = 100_000
)

// encodeTokenBackups writes: version, count (4), and of each asset, count of hosts (4), hosts, since (4), channel.
func encodeTokenBackups(all []tokenBackup) []byte {
	w := newRecord(tokenBackupVersion).u32(uint32(len(all)))
	for _, b := range all {
		w.bytes(encodeAsset(&b.asset)).u32(uint32(len(b.hosts)))
		for _, h := range b.hosts {
			w.bytes([]byte(h))
		}
		w.u32(b.since).bytes(b.channel)
	}
	return w.b
}

func decodeTokenBackups(raw []byte) ([]tokenBackup, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	r := openRecord(raw, tokenBackupVersion)
	var all []tokenBackup
	for range bounded(r, maxTokenBackups) {
		a, err := decodeAsset(r.bytes())
		if err == nil {
			err = r.err
		}
		if err != nil {
			return nil, fmt.Errorf("backup of channels in tokens: %w", err)
		}
		b := tokenBackup{asset: a}
		for range bounded(r, maxBackupAddrs) {
			b.hosts = append(b.hosts, string(r.bytes()))
		}
		b.since = r.u32()
		b.channel = bytes.Clone(r.bytes())
		all = append(all, b)
	}
	return all, r.done()
}

// tokenBackups are those of all channels in tokens that aren't closed, in an order that stays.
func (n *Node) tokenBackups() ([]tokenBackup, error) {
	var all []tokenBackup
	for _, d := range n.sw.live() {
		if d.token == nil {
			continue
		}
		c := d.channel()
		sign, err := n.signer(c.Params())
		if err != nil {
			return nil, err
		}
		empty, err := htlc.Restored(c.Params(), d.token.format(), sign)
		if err != nil {
			return nil, err
		}
		b := tokenBackup{asset: d.token.Asset, since: d.hint, channel: empty.Encode()}
		for _, a := range n.backupAddrs(peer.ID(c.Params().Peer)) {
			b.hosts = append(b.hosts, a.String())
		}
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b tokenBackup) int { return bytes.Compare(a.channel, b.channel) })
	return all, nil
}

// writeTokens brings the file of channels in tokens up to date. What it had of channels that this node never
// knew stays there.
func (b *backups) writeTokens() error {
	f := b.file.Beside(backup.TokenFileName)
	if f.Path == "" || b.n.tokens == nil || len(b.n.tokens.chains) == 0 {
		return nil
	}
	old, err := f.Read()
	if err != nil {
		return err
	}
	had, err := decodeTokenBackups(old)
	if err != nil {
		return err
	}
	all, err := b.n.tokenBackups()
	if err != nil {
		return err
	}
	for _, v := range had {
		known, err := b.n.knewToken(&v)
		if err != nil {
			return err
		}
		if !known {
			all = append(all, v)
		}
	}
	plain := encodeTokenBackups(all)
	if bytes.Equal(plain, old) || len(all) == 0 && old == nil {
		return nil
	}
	return f.Write(plain)
}

// knewToken reports whether a channel is or was one of this node's.
func (n *Node) knewToken(b *tokenBackup) (bool, error) {
	p, err := htlc.ParamsOf(b.channel)
	if err != nil {
		return false, err
	}
	if n.sw.channelByID(p.ID) != nil {
		return true, nil
	}
	closed, err := tokenSpace.reader(n.db).Get(bucketClosed, p.ID[:])
	return closed != nil, err
}

// ExportTokenBackup makes the backup of all channels in tokens, encrypted with a key that follows from the
// seed.
func (n *Node) ExportTokenBackup(context.Context) ([]byte, error) {
	all, err := n.tokenBackups()
	if err != nil {
		return nil, err
	}
	return n.cfg.Backup.Key.Seal(encodeTokenBackups(all))
}

// RestoreTokenBackup takes over the channels of a backup that this node doesn't know, and asks their peers to
// close them. Their chains must be configured. It tells how many; with an error about others.
func (n *Node) RestoreTokenBackup(_ context.Context, packed []byte) (int, error) {
	plain, err := n.cfg.Backup.Key.Open(packed)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	all, err := decodeTokenBackups(plain)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	count, errs := 0, []error(nil)
	for i := range all {
		id, done, err := n.restoreToken(&all[i])
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("channel %d in %s: %w", i, all[i].asset.Symbol, err))
		case done:
			count++
			n.seekRestored(id)
		}
	}
	n.backups.changed()
	if err := errors.Join(errs...); err != nil {
		return count, fmt.Errorf("%d channels were restored, %d can't be: %w", count, len(errs), err)
	}
	return count, nil
}

func (n *Node) restoreToken(b *tokenBackup) (id peer.ID, done bool, err error) {
	n.openings.birth.Lock() // no channel is born meanwhile
	defer n.openings.birth.Unlock()
	if known, err := n.knewToken(b); known || err != nil {
		return id, false, err
	}
	chain, err := n.evmChain(b.asset.Chain)
	if err != nil {
		return id, false, err
	}
	if chain.cfg.Reader.ChainID() != b.asset.ChainID {
		return id, false, fmt.Errorf("%w: it is on chain %d, %s is %d", ErrInvalid, b.asset.ChainID, chain.cfg.Name, chain.cfg.Reader.ChainID())
	}
	if n.tokens.byHash(b.asset.ID) == nil {
		if err := n.keepAsset(b.asset, chain, oddity{}); err != nil {
			return id, false, err
		}
		n.gossip.followAsset(chainhash.Hash(b.asset.ID))
	}
	t := n.tokens.byHash(b.asset.ID)
	p, err := htlc.ParamsOf(b.channel)
	if err != nil {
		return id, false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	sign, err := n.signer(p)
	if err != nil {
		return id, false, err
	}
	c, err := htlc.Restored(p, t.format(), sign)
	if err != nil {
		return id, false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if c, _, err = c.Step(htlc.FundingConfirmed{SCID: tokenSCID(t.ID, p.ID)}); err != nil {
		return id, false, err
	}
	record := channelRecord{keyIndex: p.KeyIndex, hint: b.since, created: uint64(n.now().Unix()), asset: t.ID}
	d := n.newDriver(c, record.hint)
	if err := n.policies.load(d); err != nil {
		return id, false, err
	}
	row, err := n.hosts.restored(peer.ID(p.Peer), dialable(b.hosts))
	if err == nil {
		err = n.skipKeyIndex(p.KeyIndex)
	}
	if err == nil {
		err = n.storeNew(c, record, []channeldb.KV{row})
	}
	if err != nil {
		n.fail(err)
		return id, false, err
	}
	n.sw.add(d)
	n.runDriver(d)
	n.log.Warn("channel in a token is restored from a backup; its peer is asked to close it", "channel", d.id, "asset", t.Symbol)
	return peer.ID(p.Peer), true, nil
}

func dialable(hosts []string) []string {
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { _, _, err := net.SplitHostPort(h); return err != nil })
}
