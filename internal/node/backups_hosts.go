package node

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/peer"
)

// bucketHosts has where backups say that peers are: node id -> addresses, one a line.
const bucketHosts = "peer_hosts"

// all are the addresses of a peer, the one that worked last first.
func (h *hosts) all(id peer.ID) ([]string, error) {
	last, err := h.find(id)
	if err != nil {
		return nil, err
	}
	raw, err := h.db.Get(bucketHosts, id[:])
	if err != nil {
		return nil, fmt.Errorf("node: addresses of peer %v: %w", id, err)
	}
	var addrs []string
	if last != "" {
		addrs = []string{last}
	}
	for a := range strings.Lines(string(raw)) {
		if a = strings.TrimSuffix(a, "\n"); !slices.Contains(addrs, a) {
			addrs = append(addrs, a)
		}
	}
	return addrs, nil
}

// restored is the row of what a backup says of a peer, with what others said.
func (h *hosts) restored(id peer.ID, addrs []string) (channeldb.KV, error) {
	known, err := h.all(id)
	if err != nil {
		return channeldb.KV{}, err
	}
	for _, a := range known {
		if !slices.Contains(addrs, a) && len(addrs) < maxBackupAddrs {
			addrs = append(addrs, a)
		}
	}
	return put(bucketHosts, id[:], []byte(strings.Join(addrs, "\n"))), nil
}
