package onion

import (
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
)

// Hop is one node of a route and what it is told.
type Hop struct {
	Node    *btcec.PublicKey
	Payload Payload
}

// Build wraps a route, first node first, into the onion for that node, bound
// to the payment hash. The session key must be random and used once. Keys
// decrypt a failure that comes back (BOLT 4, "Packet Construction").
func Build(route []Hop, paymentHash [32]byte, session *btcec.PrivateKey) (*[Size]byte, Keys, error) {
	payloads := make([][]byte, len(route))
	nodes := make([]*btcec.PublicKey, len(route))
	for i := range route {
		records, err := route[i].Payload.encode()
		if err != nil {
			return nil, Keys{}, fmt.Errorf("onion: hop %d: %w", i, err)
		}
		payloads[i], nodes[i] = records, route[i].Node
	}
	return build(nodes, payloads, paymentHash, session)
}

// build wraps payloads that are already record streams.
func build(nodes []*btcec.PublicKey, records [][]byte, paymentHash [32]byte,
	session *btcec.PrivateKey) (*[Size]byte, Keys, error) {

	keys, ephemeral, err := sharedSecrets(session, nodes)
	if err != nil {
		return nil, Keys{}, err
	}
	total := 0
	framed := make([][]byte, len(records))
	for i := range records {
		frame := make([]byte, 0, 3+len(records[i])+macSize)
		frame = appendBigSize(frame, uint64(len(records[i])))
		framed[i] = append(frame, records[i]...)
		total += len(framed[i]) + macSize
	}
	if total > payloadsSize {
		return nil, Keys{}, fmt.Errorf("onion: payloads of %d hops take "+
			"%d bytes, at most %d fit", len(nodes), total, payloadsSize)
	}

	streams := make([][2 * payloadsSize]byte, len(nodes))
	for i, secret := range keys.Secrets {
		stream := newStream(deriveKey("rho", secret[:]))
		stream.XORKeyStream(streams[i][:payloadsSize+len(framed[i])+macSize],
			streams[i][:payloadsSize+len(framed[i])+macSize])
	}
	filler := foreseeFiller(framed, streams)

	packet := new([Size]byte)
	copy(packet[keyAt:], ephemeral[:])
	body := packet[payloadsAt:macAt]
	scalar := session.Key.Bytes()
	newStream(deriveKey("pad", scalar[:])).XORKeyStream(body, body)

	var mac [macSize]byte
	for i := len(nodes) - 1; i >= 0; i-- {
		used := len(framed[i]) + macSize
		copy(body[used:], body[:payloadsSize-used])
		copy(body, framed[i])
		copy(body[len(framed[i]):], mac[:])
		xor(body, streams[i][:payloadsSize])
		if i == len(nodes)-1 {
			copy(body[payloadsSize-len(filler):], filler)
		}
		mac = authenticate(deriveKey("mu", keys.Secrets[i][:]), body, paymentHash[:])
	}
	copy(packet[macAt:], mac[:])
	return packet, keys, nil
}

// foreseeFiller is what the last node will find behind its payload: the zeroes
// that each node before it shifts in, as those nodes decrypt them.
func foreseeFiller(framed [][]byte, streams [][2 * payloadsSize]byte) []byte {
	var filler []byte
	for i := range len(framed) - 1 {
		before := len(filler)
		used := len(framed[i]) + macSize
		filler = append(filler, make([]byte, used)...)
		xor(filler, streams[i][payloadsSize-before:payloadsSize+used])
	}
	return filler
}

// sharedSecrets are the secrets with each node of a route, and the ephemeral
// key that the first of them sees.
func sharedSecrets(session *btcec.PrivateKey, nodes []*btcec.PublicKey) (Keys, [keySize]byte, error) {
	if len(nodes) == 0 || len(nodes) > MaxHops {
		return Keys{}, [keySize]byte{}, fmt.Errorf("onion: route of %d "+
			"hops, takes 1 to %d", len(nodes), MaxHops)
	}
	var (
		keys      = Keys{Secrets: make([][32]byte, len(nodes))}
		scalar    = session.Key
		ephemeral = baseMul(&scalar)
		first     = ephemeral
	)
	for i, node := range nodes {
		product, ok := pointOf(node).mul(&scalar)
		if !ok {
			return Keys{}, first, fmt.Errorf("onion: session key is zero")
		}
		compressed := product.compress()
		keys.Secrets[i] = sha256.Sum256(compressed[:])
		if i == len(nodes)-1 {
			break
		}
		factor := blinding(ephemeral, keys.Secrets[i])
		scalar.Mul(&factor)
		if i < len(nodes)-2 { // the last node's ephemeral key blinds nothing
			ephemeral = baseMul(&scalar)
		}
	}
	return keys, first, nil
}

// baseMul is the compressed product of the generator and scalar.
func baseMul(scalar *btcec.ModNScalar) [keySize]byte {
	var product btcec.JacobianPoint
	btcec.ScalarBaseMultNonConst(scalar, &product)
	product.ToAffine()
	return [keySize]byte(btcec.NewPublicKey(&product.X, &product.Y).SerializeCompressed())
}

// xor changes dst by as many bytes as other has.
func xor(dst, other []byte) {
	for i := range other {
		dst[i] ^= other[i]
	}
}
