package bolt3

import (
	"github.com/nichework/nwnd/htlc"
	"golang.org/x/crypto/ripemd160" //lint:ignore SA1019 bitcoin's OP_HASH160 is made of it
)

// PaymentHash160 is the RIPEMD-160 of a payment_hash: all of it that an HTLC's script holds.
func PaymentHash160(paymentHash [32]byte) (h [20]byte) {
	r := ripemd160.New()
	r.Write(paymentHash[:])
	r.Sum(h[:0])
	return h
}

// HTLCScript is the witness script of an HTLC output in the commitment of these keys, for
// who kept no more of the HTLC than what the script holds. Offered says that the
// commitment's holder offered it; expiry is cltv_expiry, which only a received one needs.
func HTLCScript(k *Keys, offered bool, hash160 [20]byte, expiry uint32) []byte {
	s := newHTLCScripts(k)
	if offered {
		return join(s.offered[0], hash160[:], s.offered[1])
	}
	return join(s.received[0], hash160[:], pushInt(join(s.received[1]), expiry), s.tail)
}

// PayToScript is the output script that pays to a witness script.
func PayToScript(script []byte) []byte {
	pk := p2wsh(script)
	return pk[:]
}

// DelayedScript is the witness script that the outputs of this commitment's HTLC
// transactions pay to, the same as its to_local; nil for one that has neither.
func (t *Tx) DelayedScript() []byte { return t.delayed }

// IsOurs reports whether an output that can only be one side's is this node's, as seen by
// the holder of the commitment: false for an HTLC, which two may take.
func (o *Output) IsOurs(holder htlc.Side) bool {
	switch o.Kind {
	case ToLocal, LocalAnchor:
		return holder == htlc.Local
	case ToRemote, RemoteAnchor:
		return holder == htlc.Remote
	}
	return false
}
