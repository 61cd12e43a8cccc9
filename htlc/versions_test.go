package htlc_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// TestOlderVersionsAreRead: version 1 was stored before HTLCs ended on chain, version 2 before there
// were token channels. The files hold channels as they were written then: a snapshot, the facts
// behind it, and what came of them.
func TestOlderVersionsAreRead(t *testing.T) {
	ends := readStored(t, 1)
	require.Len(t, ends, 2)
	require.Equal(t, htlc.Closed, ends[0].State())
	require.Len(t, ends[0].Pending(), 1)
	require.False(t, ends[0].Stale())
	require.True(t, ends[1].Stale(), "it was told by a text")
	again, err := decodeChannel(ends[1].Encode())
	require.NoError(t, err)
	require.True(t, again.Stale())

	ends = readStored(t, 2)
	require.Len(t, ends, 2)
	require.Equal(t, htlc.Closed, ends[0].State())
	require.Equal(t, htlc.Halted, ends[1].State())
}

// readStored gives what came of the channels that a version wrote.
func readStored(t *testing.T, version byte) (ends []*htlc.Channel) {
	f, err := os.Open(fmt.Sprintf("testdata/version%d.txt", version))
	require.NoError(t, err)
	defer f.Close()
	var c *htlc.Channel
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		what, text, _ := strings.Cut(lines.Text(), " ")
		b, err := hex.DecodeString(text)
		require.NoError(t, err)
		require.Equal(t, version, b[0])
		switch what {
		case "fact":
			c, err = c.Apply(b)
			require.NoError(t, err)
			continue
		case "end":
			end, err := decodeChannel(b)
			require.NoError(t, err)
			require.Equal(t, end.Encode(), c.Encode())
			ends = append(ends, end)
		}
		c, err = decodeChannel(b)
		require.NoError(t, err)
	}
	require.NoError(t, lines.Err())
	return ends
}
