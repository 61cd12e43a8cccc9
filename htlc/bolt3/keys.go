package bolt3

import (
	"crypto/sha256"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/secp"
)

// Keys are the public keys in one commitment's scripts. "Holder" is the side that may
// broadcast it, which BOLT 3 calls local. ToRemote is never tweaked (static_remotekey).
type Keys struct {
	Revocation  *btcec.PublicKey // of the other side, once the holder revoked
	Delayed     *btcec.PublicKey // the holder's
	HolderHTLC  *btcec.PublicKey
	OtherHTLC   *btcec.PublicKey
	ToRemote    *btcec.PublicKey
	HolderFund  *btcec.PublicKey
	OtherFund   *btcec.PublicKey
	ToSelfDelay uint16
}

// DeriveKeys makes the keys of the holder's commitment with this per_commitment_point.
func DeriveKeys(p *htlc.Params, holder htlc.Side, point *btcec.PublicKey) *Keys {
	k := baseKeys(p, holder)
	k.derive(p, holder, point, true)
	return k
}

// baseKeys are the keys that no tweak changes.
func baseKeys(p *htlc.Params, holder htlc.Side) *Keys {
	mine, other := &p.Terms[holder], &p.Terms[holder.Other()]
	return &Keys{
		ToRemote:    other.Payment,
		HolderFund:  mine.Funding,
		OtherFund:   other.Funding,
		ToSelfDelay: mine.ToSelfDelay,
	}
}

// derive makes the keys of delayed outputs, and those of HTLCs where there are any. They
// are the costliest part of a commitment, so one without such outputs does without, and
// all share one inversion.
func (k *Keys) derive(p *htlc.Params, holder htlc.Side, point *btcec.PublicKey, htlcs bool) {
	mine, other := &p.Terms[holder], &p.Terms[holder.Other()]
	var delayed, revocation btcec.JacobianPoint
	addTweaked(mine.Delayed, point, &delayed)
	addRevocation(other.Revocation, point, &revocation)
	if !htlcs {
		toAffine(&delayed, &revocation)
	} else {
		var h, o btcec.JacobianPoint
		addTweaked(mine.HTLC, point, &h)
		addTweaked(other.HTLC, point, &o)
		toAffine(&delayed, &revocation, &h, &o)
		k.HolderHTLC = btcec.NewPublicKey(&h.X, &h.Y)
		k.OtherHTLC = btcec.NewPublicKey(&o.X, &o.Y)
	}
	k.Delayed = btcec.NewPublicKey(&delayed.X, &delayed.Y)
	k.Revocation = btcec.NewPublicKey(&revocation.X, &revocation.Y)
}

// toAffine divides by each Z, with one inversion for all of them.
func toAffine(points ...*btcec.JacobianPoint) {
	before := make([]btcec.FieldVal, len(points)) // the product of the Zs before each
	var all btcec.FieldVal
	all.SetInt(1)
	for i, p := range points {
		before[i] = all
		all.Mul(&p.Z)
	}
	if all.Normalize().IsZero() { // a point at infinity: nobody can choose keys that give it
		for _, p := range points {
			p.ToAffine()
		}
		return
	}
	all.Inverse()
	for i := len(points) - 1; i >= 0; i-- {
		p := points[i]
		var inv, sq btcec.FieldVal
		inv.Mul2(&all, &before[i])
		all.Mul(&p.Z)
		sq.SquareVal(&inv)
		p.X.Mul(&sq).Normalize()
		p.Y.Mul(sq.Mul(&inv)).Normalize()
		p.Z.SetInt(1)
	}
}

// TweakPub is basepoint + SHA256(point || basepoint)*G: BOLT 3, "localpubkey,
// local_htlcpubkey, remote_htlcpubkey, local_delayedpubkey, and remote_delayedpubkey
// Derivation".
func TweakPub(base, point *btcec.PublicKey) *btcec.PublicKey {
	var r btcec.JacobianPoint
	addTweaked(base, point, &r)
	r.ToAffine()
	return btcec.NewPublicKey(&r.X, &r.Y)
}

func addTweaked(base, point *btcec.PublicKey, r *btcec.JacobianPoint) {
	t := tweak(point, base)
	var b btcec.JacobianPoint
	btcec.ScalarBaseMultNonConst(&t, r)
	base.AsJacobian(&b)
	btcec.AddNonConst(&b, r, r)
}

// TweakPriv is the private key of TweakPub.
func TweakPriv(base *btcec.PrivateKey, point *btcec.PublicKey) *btcec.PrivateKey {
	t := tweak(point, base.PubKey())
	return &btcec.PrivateKey{Key: *t.Add(&base.Key)}
}

// RevocationPub is revocation_basepoint*SHA256(revocation_basepoint || point) +
// point*SHA256(point || revocation_basepoint): BOLT 3, "revocationpubkey Derivation".
func RevocationPub(base, point *btcec.PublicKey) *btcec.PublicKey {
	var r btcec.JacobianPoint
	addRevocation(base, point, &r)
	r.ToAffine()
	return btcec.NewPublicKey(&r.X, &r.Y)
}

func addRevocation(base, point *btcec.PublicKey, r *btcec.JacobianPoint) {
	hb, hp := tweak(base, point), tweak(point, base)
	var b, p btcec.JacobianPoint
	base.AsJacobian(&b)
	point.AsJacobian(&p)
	secp.Mul(&hb, &b, &b)
	secp.Mul(&hp, &p, &p)
	btcec.AddNonConst(&b, &p, r)
}

// RevocationPriv is the private key of RevocationPub, for who knows both secrets: the
// revocation basepoint's and the revoked commitment's.
func RevocationPriv(base, secret *btcec.PrivateKey) *btcec.PrivateKey {
	hb := tweak(base.PubKey(), secret.PubKey())
	hp := tweak(secret.PubKey(), base.PubKey())
	hb.Mul(&base.Key)
	hp.Mul(&secret.Key)
	return &btcec.PrivateKey{Key: *hb.Add(&hp)}
}

// tweak is SHA256(a || b) as a scalar.
func tweak(a, b *btcec.PublicKey) btcec.ModNScalar {
	var buf [66]byte
	copy(buf[:33], a.SerializeCompressed())
	copy(buf[33:], b.SerializeCompressed())
	h := sha256.Sum256(buf[:])
	var s btcec.ModNScalar
	s.SetBytes(&h)
	return s
}
