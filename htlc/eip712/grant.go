package eip712

import "github.com/nichework/nwnd/htlc"

// The types of what one side alone signs.
const (
	grantType = "Grant(bytes32 id,address tower,uint128 bounty)"

	owedClaimType = "OwedClaim(address token,address who,address to,uint256 nonce)"
)

// GrantDigest is what a side signs with its funding key so that a tower may punish in its name, for a
// bounty of at most so many base units (16 bytes, big endian). A side that punishes itself grants zero.
func (f Format) GrantDigest(p *htlc.Params, tower [20]byte, bounty [16]byte) htlc.Digest {
	var word [32]byte
	copy(word[16:], bounty[:])
	w := newWords(grantType).bytes32(p.ID).address(tower).bytes32(word)
	return htlc.Digest{Role: htlc.FundingKey, Pub: p.Terms[htlc.Local].Funding, Hash: f.digest(w)}
}

// OwedClaimDigest is what the owner of an address signs to have paid elsewhere what could not be pushed
// to it.
func (f Format) OwedClaimDigest(token, who, to [20]byte, nonce uint64) [32]byte {
	return f.digest(newWords(owedClaimType).address(token).address(who).address(to).number(nonce))
}
