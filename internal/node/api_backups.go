package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/backup"
)

// ExportBackup makes the backup of some channels, or all.
func (n *Node) ExportBackup(_ context.Context, points []wire.OutPoint) (Backup, error) {
	all := n.singles()
	if len(points) > 0 {
		all = nil
		for _, point := range points {
			d := n.channelAt(point)
			if d == nil || d.channel().State() == htlc.Closed {
				return Backup{}, fmt.Errorf("%w: no channel with funding output %v", ErrNotFound, point)
			}
			s, err := n.single(d)
			if err != nil {
				return Backup{}, err
			}
			all = append(all, s)
		}
	}
	return n.pack(all)
}

func (n *Node) pack(all backup.Multi) (Backup, error) {
	key := n.cfg.Backup.Key
	var v Backup
	var err error
	if v.Multi, err = key.PackMulti(all); err != nil {
		return Backup{}, err
	}
	for _, s := range all {
		packed, err := key.PackSingle(s)
		if err != nil {
			return Backup{}, err
		}
		v.Points, v.Singles = append(v.Points, s.Point), append(v.Singles, packed)
	}
	return v, nil
}

// VerifyBackup tells which channels are in a backup.
func (n *Node) VerifyBackup(_ context.Context, set BackupSet) ([]wire.OutPoint, error) {
	all, err := n.unpack(set)
	if err != nil {
		return nil, err
	}
	points := make([]wire.OutPoint, len(all))
	for i, s := range all {
		points[i] = s.Point
	}
	return points, nil
}

// SubscribeBackups streams the backup of all channels whenever it changes.
func (n *Node) SubscribeBackups(ctx context.Context) iter.Seq2[Backup, error] {
	changed := n.backups.news.wait()
	return func(yield func(Backup, error) bool) {
		for {
			select {
			case <-changed:
			case <-ctx.Done():
				yield(Backup{}, ctx.Err())
				return
			case <-n.ctx.Done():
				yield(Backup{}, ErrStopped)
				return
			}
			changed = n.backups.news.wait()
			v, err := n.ExportBackup(ctx, nil)
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
