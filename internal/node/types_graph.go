package node

import (
	"net"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// GraphNode is a node as it announced itself; LastUpdate is zero for one that only
// appears as the end of a channel.
type GraphNode struct {
	Key        PubKey
	Alias      string
	Color      [3]byte
	Addresses  []net.Addr
	LastUpdate time.Time
	Features   *lnwire.RawFeatureVector
}

// GraphEdge is a channel of the graph. Policy 1 is Node1's, whose key sorts first.
type GraphEdge struct {
	SCID         lnwire.ShortChannelID
	ChannelPoint wire.OutPoint
	Node1, Node2 PubKey
	Capacity     btcutil.Amount
	Policy1      *Policy // nil: never heard
	Policy2      *Policy
}

// Policy is what a channel_update said.
type Policy struct {
	TimeLockDelta uint16
	MinHTLC       lnwire.MilliSatoshi
	MaxHTLC       lnwire.MilliSatoshi
	BaseFee       lnwire.MilliSatoshi
	FeePPM        uint32
	Disabled      bool
	LastUpdate    time.Time
}

// NodeInfo is a node with its channels.
type NodeInfo struct {
	Node          GraphNode
	NumChannels   int
	TotalCapacity btcutil.Amount
	Channels      []GraphEdge // when asked for
}

// QueryRoutes asks for ways from Source (nil: us) to Destination.
type QueryRoutes struct {
	Source            *PubKey
	Destination       PubKey
	Amount            lnwire.MilliSatoshi
	FeeLimit          lnwire.MilliSatoshi
	FinalCLTVDelta    uint32
	CLTVLimit         uint32
	IgnoreNodes       []PubKey
	IgnorePairs       [][2]PubKey
	IgnoreEdges       []Edge
	OutgoingChans     []lnwire.ShortChannelID
	LastHop           *PubKey
	RouteHints        [][]HopHint
	CustomRecords     map[uint64][]byte
	UseMissionControl bool
	TimePref          float64
}

// Edge is one direction of a channel: from the node with the lesser key, or reverse.
type Edge struct {
	SCID    lnwire.ShortChannelID
	Reverse bool
}

// RouteFound is a route with the estimate of its success, 0 to 1.
type RouteFound struct {
	Route       Route
	Probability float64
}
