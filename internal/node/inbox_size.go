package node

import (
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// messageSize is about what a peer's message holds in memory, in bytes. Whatever a peer can
// make large counts, records that nobody understands among them.
func messageSize(msg lnwire.Message) int {
	const fixed = 256
	switch m := msg.(type) {
	case *lnwire.UpdateAddHTLC:
		return fixed + len(m.OnionBlob) + len(m.ExtraData) + recordsSize(m.CustomRecords)
	case *lnwire.UpdateFailHTLC:
		return fixed + len(m.Reason) + len(m.ExtraData)
	case *lnwire.UpdateFulfillHTLC:
		return fixed + len(m.ExtraData) + recordsSize(m.CustomRecords)
	case *lnwire.UpdateFailMalformedHTLC:
		return fixed + len(m.ExtraData)
	case *lnwire.UpdateFee:
		return fixed + len(m.ExtraData)
	case *lnwire.CommitSig:
		return fixed + 72*len(m.HtlcSigs) + len(m.ExtraData) + recordsSize(m.CustomRecords)
	case *lnwire.RevokeAndAck:
		return fixed + len(m.ExtraData)
	case *lnwire.ChannelReady:
		return fixed + len(m.ExtraData)
	case *lnwire.ChannelReestablish:
		return fixed + len(m.ExtraData)
	case *lnwire.Shutdown:
		return fixed + len(m.Address) + len(m.ExtraData) + recordsSize(m.CustomRecords)
	case *lnwire.ClosingSigned:
		return fixed + len(m.ExtraData)
	case *lnwire.Error:
		return fixed + len(m.Data)
	}
	return lnwire.MaxMsgBody // unknown here: the most there is
}

func recordsSize(r lnwire.CustomRecords) (n int) {
	for _, v := range r {
		n += 64 + len(v)
	}
	return n
}

// size is what counts of a job against the bounds of an inbox.
func (j *job) size() (n int) {
	if r, ok := j.in.(htlc.Recv); ok && r.Msg != nil {
		n = messageSize(r.Msg)
	}
	for i := range j.puts {
		n += len(j.puts[i].Key) + len(j.puts[i].Value)
	}
	return n
}
