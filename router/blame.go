package router

import "github.com/lightningnetwork/lnd/lnwire"

// lastHop is what a failure from the payee itself means: the way works.
func lastHop(code lnwire.FailCode) Verdict {
	switch code {
	case lnwire.CodeMPPTimeout:
		return Verdict{Reason: "the recipient waited for the other parts in vain"}
	case lnwire.CodeIncorrectOrUnknownPaymentDetails, lnwire.CodeIncorrectPaymentAmount:
		return Verdict{Final: true, Reason: "the recipient does not know this payment or refuses its amount"}
	case lnwire.CodeFinalExpiryTooSoon:
		return Verdict{Final: true, Reason: "the recipient wants a later expiry"}
	case lnwire.CodeFinalIncorrectCltvExpiry, lnwire.CodeFinalIncorrectHtlcAmount:
		return Verdict{Reason: "the node before the recipient changed the amount or expiry"}
	}
	return Verdict{Final: true, Reason: "the recipient refused: " + code.String()}
}

// blame charges a failure that an intermediate node reported. Hops[a.FailedAt] is
// behind the channel that it should have forwarded over.
func (l *lesson) blame(a Attempt) Verdict {
	i := a.FailedAt
	switch code := a.Code; {
	case code&lnwire.FlagBadOnion != 0:
		// The node after the reporter did not understand the onion: either lies.
		l.failed(i, true)
		return Verdict{Reason: "a node could not read its onion"}
	case code&lnwire.FlagNode != 0:
		if i == 0 {
			return Verdict{Final: true, Reason: "our own node failed"}
		}
		l.failedNode(i)
		return Verdict{Reason: "a node on the way failed"}
	case code&lnwire.FlagUpdate != 0 && code != lnwire.CodeTemporaryChannelFailure:
		// The node's policy differs from what we knew.
		if m := l.entry(l.path[i], l.path[i+1]); a.Repaired && l.now-m.excusedAt >= excuseEvery {
			m.excusedAt = l.now
			return Verdict{Reason: "a node has a new policy"}
		}
		l.failed(i, true)
		return Verdict{Reason: "a node refused by its policy"}
	case code&lnwire.FlagPerm != 0:
		l.failed(i, true)
		return Verdict{Reason: "a channel on the way is gone"}
	case code == lnwire.CodeExpiryTooFar:
		l.failed(i, true)
		return Verdict{Reason: "a node finds the expiry too far"}
	}
	l.failed(i, false)
	return Verdict{Reason: "a channel on the way could not carry the amount"}
}

// excuseEvery bounds how often a pair's new policy excuses a failure, in seconds;
// without it two alternating policies would keep a payment busy for ever.
const excuseEvery = 60
