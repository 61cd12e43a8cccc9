package node

import (
	"bytes"
	"net"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/router"
)

// One node that announces a host name of any bytes must not make the graph unreadable for all.
func TestHostNamesOfOthersAreNamesOrLeftOut(t *testing.T) {
	good := []net.Addr{
		&net.TCPAddr{IP: net.IPv4(203, 0, 113, 5).To4(), Port: 9735}, &lnwire.DNSAddress{Hostname: "node.example", Port: 9735},
	}
	told := &lnwire.NodeAnnouncement1{Features: lnwire.NewRawFeatureVector(), Addresses: append([]net.Addr{
		&lnwire.DNSAddress{Hostname: "a\xff\xfe", Port: 9735}}, good...)}
	var wire bytes.Buffer
	require.NoError(t, told.Encode(&wire, 0))
	var heard lnwire.NodeAnnouncement1
	require.NoError(t, heard.Decode(&wire, 0), "lnwire takes it")
	require.Len(t, heard.Addresses, 3)
	var have []string
	for _, a := range graphNode(router.NodeInfo{Announcement: &heard}).Addresses {
		have = append(have, a.String())
	}
	require.Equal(t, []string{"203.0.113.5:9735", "node.example:9735"}, have)
	require.Len(t, heard.Addresses, 3, "what is passed on is as it was signed")
}
