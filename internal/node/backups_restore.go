package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
	"github.com/nichework/nwnd/internal/peer"
)

// RestoreBackup takes over the channels of a backup.
func (n *Node) RestoreBackup(_ context.Context, set BackupSet) (int, error) {
	all, err := n.unpack(set)
	if err != nil {
		return 0, err
	}
	var errs []error
	var peers []peer.ID
	count := 0
	for _, s := range all {
		done, err := n.restore(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("channel %v: %w", s.Point, err))
		}
		if id := peer.NewID(s.Peer); done && !slices.Contains(peers, id) {
			peers = append(peers, id)
		}
		if done {
			count++
		}
	}
	n.backups.changed()
	for _, id := range peers {
		n.seekRestored(id)
	}
	if err := errors.Join(errs...); err != nil {
		return count, fmt.Errorf("%d channels were restored, %d can't be: %w", count, len(errs), err)
	}
	return count, nil
}

// restore makes a channel of a backup; false if it is known already, or was.
func (n *Node) restore(s *backup.Single) (bool, error) {
	n.openings.birth.Lock() // no channel is born meanwhile
	defer n.openings.birth.Unlock()
	if known, err := n.knew(s); known || err != nil {
		return false, err
	}
	p, err := n.restoredParams(s)
	if err != nil {
		return false, err
	}
	sign, err := n.signer(p)
	if err != nil {
		return false, err
	}
	c, err := htlc.Restored(p, n.format, sign)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if s.SCID.TxIndex > 0 { // else it says when the funding transaction was published
		if c, _, err = c.Step(htlc.FundingConfirmed{SCID: s.SCID}); err != nil {
			return false, err
		}
	}
	record := channelRecord{keyIndex: p.KeyIndex, hint: s.SCID.BlockHeight, created: uint64(n.now().Unix())}
	d := n.newDriver(c, record.hint)
	if err := n.policies.load(d); err != nil {
		return false, err
	}
	err = n.skipKeyIndex(p.KeyIndex)
	if err == nil {
		err = n.storeRestored(s, c, record)
	}
	if err != nil {
		n.fail(err)
		return false, err
	}
	n.sw.add(d)
	n.runDriver(d)
	n.log.Warn("channel is restored from a backup; its peer is asked to close it", "channel", p.Outpoint,
		"peer", peer.NewID(s.Peer), "capacity", p.Capacity)
	return true, nil
}

// restoredParams are what a backup tells of a channel. What it doesn't (limits, reserves, who
// got what at first) nobody asks any more: nothing is signed.
func (n *Node) restoredParams(s *backup.Single) (*htlc.Params, error) {
	switch {
	case s.ChainHash != n.chainHash():
		return nil, fmt.Errorf("%w: it is on another chain (%x)", ErrInvalid, s.ChainHash)
	case s.Version != backup.AnchorsZeroFee:
		return nil, fmt.Errorf("%w: it is of kind %v, nwnd knows %v; restore it with lnd", ErrInvalid, s.Version, backup.AnchorsZeroFee)
	}
	index := s.Local[backup.Funding].Index
	for i, at := range s.Local {
		if at.Family != uint32(keyFamilies[i]) || at.Index != index {
			return nil, fmt.Errorf("%w: its key %d is of family %d at index %d, nwnd looks for it in family %d at %d; restore it with lnd",
				ErrInvalid, i, at.Family, at.Index, keyFamilies[i], index)
		}
	}
	secrets, err := n.wallet.ChannelKeys(index)
	if err != nil {
		return nil, err
	}
	p := &htlc.Params{
		ID: lnwire.NewChanIDFromOutPoint(s.Point), ChainHash: s.ChainHash, Peer: peer.NewID(s.Peer), Opener: htlc.Remote,
		Outpoint: s.Point, Capacity: s.Capacity, FeeRate: minCommitFee, KeyIndex: index, MinDepth: 1,
		MaxDust: maxDustExposure,
	}
	if s.Initiator {
		p.Opener = htlc.Local
	}
	for side := range p.Terms {
		p.Terms[side] = htlc.Terms{
			DustLimit: dustLimit, HTLCMinimum: 1, MaxInFlight: lnwire.NewMSatFromSatoshis(s.Capacity), MaxAccepted: maxHTLCs,
		}
	}
	p.Terms[htlc.Local].ToSelfDelay, p.Terms[htlc.Remote].ToSelfDelay = s.LocalDelay, s.RemoteDelay
	secrets.FillTerms(&p.Terms[htlc.Local])
	theirs := &p.Terms[htlc.Remote]
	theirs.Funding, theirs.Revocation = s.Remote[backup.Funding], s.Remote[backup.Revocation]
	theirs.Payment, theirs.Delayed, theirs.HTLC = s.Remote[backup.Payment], s.Remote[backup.Delayed], s.Remote[backup.HTLC]
	return p, nil
}

// storeRestored makes a restored channel durable, and where its peer may be.
func (n *Node) storeRestored(s *backup.Single, c *htlc.Channel, record channelRecord) error {
	var addrs []string
	for _, a := range s.Addresses {
		if _, _, err := net.SplitHostPort(a.String()); err == nil && len(addrs) < maxBackupAddrs {
			addrs = append(addrs, a.String())
		}
	}
	row, err := n.hosts.restored(peer.NewID(s.Peer), addrs)
	if err != nil {
		return err
	}
	return n.storeNew(c, record, []channeldb.KV{row})
}

// skipKeyIndex keeps an index that a restored channel has from being given out, and all below.
func (n *Node) skipKeyIndex(index uint32) error {
	n.openings.dropSpares(index)
	n.keys.Lock()
	defer n.keys.Unlock()
	raw, err := n.db.Get(bucketKeys, []byte("next"))
	if err != nil || beUint64(raw) > uint64(index) {
		return err
	}
	return n.db.Append(channeldb.Batch{
		Puts: []channeldb.KV{put(bucketKeys, []byte("next"), key64(uint64(index)+1))},
	})
}

// dropSpares gives up spare keys that a restored channel may have.
func (s *openings) dropSpares(index uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokenSpares = slices.DeleteFunc(s.tokenSpares, func(k uint32) bool { return k <= index })
	s.spares = slices.DeleteFunc(s.spares, func(k channelKeys) bool { return k.index <= index })
}

// seekRestored connects to the peer of restored channels, and keeps trying. What was said on a
// connection that there is already was about channels that we didn't know.
func (n *Node) seekRestored(id peer.ID) {
	if p := n.peers.Peer(id); p != nil {
		p.Disconnect(errors.New("node: channels were restored"))
	}
	n.keepConnected(id)
}

// unpack reads all backups of a set, each channel once.
func (n *Node) unpack(set BackupSet) (backup.Multi, error) {
	key := n.cfg.Backup.Key
	var all backup.Multi
	if len(set.Multi) > 0 {
		multi, err := key.UnpackMulti(set.Multi)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		all = multi
	}
	for i, packed := range set.Singles {
		s, err := key.UnpackSingle(packed)
		if err != nil {
			return nil, fmt.Errorf("%w: backup %d: %w", ErrInvalid, i, err)
		}
		all = append(all, s)
	}
	seen := make(map[wire.OutPoint]bool)
	return slices.DeleteFunc(all, func(s *backup.Single) bool {
		again := seen[s.Point]
		seen[s.Point] = true
		return again
	}), nil
}
