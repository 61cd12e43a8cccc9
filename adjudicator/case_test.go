package adjudicator_test

import (
	"testing"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/stretchr/testify/require"
)

func TestEveryEndingHasItsName(t *testing.T) {
	seen := make(map[string]adjudicator.Ending)
	for e := adjudicator.Unknown; e <= adjudicator.LocalOther; e++ {
		other, twice := seen[e.String()]
		require.False(t, twice, "%d and %d are both %q", e, other, e)
		seen[e.String()] = e
	}
	require.Equal(t, adjudicator.Unknown.String(), adjudicator.Ending(200).String())
}
