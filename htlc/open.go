package htlc

import "github.com/lightningnetwork/lnd/lnwire"

// recvOpen handles the messages of an open channel.
func (s *stepper) recvOpen(msg lnwire.Message) error {
	switch msg := msg.(type) {
	case *lnwire.UpdateAddHTLC:
		return s.recvAdd(msg)
	case *lnwire.UpdateFulfillHTLC:
		return s.recvFulfill(msg)
	case *lnwire.UpdateFailHTLC:
		return s.recvFail(msg.ID, &outcome{kind: failed, reason: msg.Reason})
	case *lnwire.UpdateFailMalformedHTLC:
		return s.recvFail(msg.ID, &outcome{
			kind: malformed, code: uint16(msg.FailureCode), onionHash: msg.ShaOnionBlob,
		})
	case *lnwire.UpdateFee:
		return s.recvFee(msg)
	case *lnwire.CommitSig:
		return s.recvCommit(msg)
	case *lnwire.RevokeAndAck:
		return s.recvRevoke(msg)
	case *lnwire.ChannelReady:
		return s.recvReady(msg)
	case *lnwire.Shutdown:
		return s.recvShutdown(msg)
	case *UpdateDeposit:
		return s.recvDeposit(msg)
	case *UpdateWithdraw:
		return s.recvWithdraw(msg)
	case *WithdrawSigned:
		return s.recvWithdrawSigned(msg)
	}
	return warn("%v in an open channel", msg.MsgType())
}
