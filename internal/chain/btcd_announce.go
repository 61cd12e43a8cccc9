package chain

import (
	"bytes"
	"context"
	"fmt"
	"net"

	"github.com/btcsuite/btcd/rpcclient"
	"github.com/btcsuite/btcd/wire"
)

var _ Announcer = (*Btcd)(nil)

// Announce implements Announcer, over a websocket of its own.
func (b *Btcd) Announce(ctx context.Context, outs func() ([]wire.OutPoint, <-chan struct{}), each func(*wire.MsgTx)) error {
	conn, err := b.cfg.Conn()
	if err != nil {
		return err
	}
	probe, err := new(net.Dialer).DialContext(ctx, "tcp", b.cfg.Host) // the client's own doesn't heed ctx
	if err != nil {
		return Unavailable("mempool", err)
	}
	probe.Close()
	conn.DisableConnectOnNew, conn.DisableAutoReconnect = false, true
	client, err := rpcclient.New(conn, &rpcclient.NotificationHandlers{OnRelevantTxAccepted: func(raw []byte) {
		var tx wire.MsgTx
		if err := tx.Deserialize(bytes.NewReader(raw)); err == nil { // else btcd is asked for it
			each(&tx)
		}
	}})
	if err != nil {
		return Unavailable("mempool", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		client.WaitForShutdown()
	}()
	defer func() {
		client.Shutdown()
		<-ended
	}()
	defer context.AfterFunc(ctx, client.Shutdown)() // ends a call that waits
	return b.filter(ctx, client, ended, outs)
}

// filter keeps btcd's filter of a connection up to date, until that ends. What is no longer wanted stays
// in it until it is more than the rest.
func (b *Btcd) filter(ctx context.Context, client *rpcclient.Client, ended <-chan struct{},
	outs func() ([]wire.OutPoint, <-chan struct{})) error {

	const slack = 1000
	known := make(map[wire.OutPoint]struct{})
	for {
		all, more := outs()
		anew := len(known) == 0 || len(known) > 2*len(all)+slack
		if anew {
			clear(known)
		}
		var fresh []wire.OutPoint
		for _, out := range all {
			if _, there := known[out]; !there {
				known[out] = struct{}{}
				fresh = append(fresh, out)
			}
		}
		if len(fresh) > 0 || anew {
			if err := client.LoadTxFilter(anew, nil, fresh); err != nil {
				return Unavailable("mempool", fmt.Errorf("filter: %w", err))
			}
		}
		select {
		case <-more:
		case <-ended:
			return errDisconnected
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
