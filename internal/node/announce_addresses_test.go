package node

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/lightningnetwork/lnd/tor"
	"github.com/stretchr/testify/require"
)

// Addresses that change while the node runs reach those who know it, onion services too.
func TestNewAddressesAreTold(t *testing.T) {
	n, alice, bob, _ := line(t)
	n.eventually("bob is announced", func() bool { return bob.announcedNode() != nil })
	addrs := []net.Addr{
		&net.TCPAddr{IP: net.IPv4(203, 0, 113, 7).To4(), Port: 9735},
		&tor.OnionAddr{OnionService: "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion", Port: 9735},
	}
	bob.SetAddresses(addrs)
	n.eventually("alice was told", func() bool {
		v, _ := alice.graph.Node(bob.self)
		return v.Announcement != nil && len(v.Announcement.Addresses) == len(addrs)
	})
	v, _ := alice.graph.Node(bob.self)
	for i, a := range addrs {
		require.Equal(t, a.String(), v.Announcement.Addresses[i].String())
	}
	info, err := bob.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.URIs, len(addrs))
	require.Contains(t, info.URIs[1], "@"+addrs[1].String())
}

// Peers are connected to by the way that was given, with the address as it was given.
func TestPeersAreDialledByTheWayGiven(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	var mu sync.Mutex
	var dialled []string
	alice := n.node("alice", func(c *Config) {
		c.Dial = func(ctx context.Context, addr string) (net.Conn, error) {
			mu.Lock()
			defer mu.Unlock()
			dialled = append(dialled, addr)
			return new(net.Dialer).DialContext(ctx, "tcp", bob.addr)
		}
	})
	const host = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
	require.NoError(t, alice.ConnectPeer(t.Context(), ConnectPeer{Key: bob.key(), Host: host}))
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []string{host + ":9735"}, dialled)
}
