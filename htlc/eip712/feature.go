package eip712

import "github.com/lightningnetwork/lnd/lnwire"

// The feature bits of token channels: the odd one in init and node_announcement, the even one alone
// as channel_type. They are ours, beyond those that BOLT 9 assigns.
const (
	TokenChannelsRequired lnwire.FeatureBit = 956
	TokenChannelsOptional lnwire.FeatureBit = 957
)

// ChannelType is the channel_type of every token channel.
var ChannelType = []lnwire.FeatureBit{TokenChannelsRequired}
