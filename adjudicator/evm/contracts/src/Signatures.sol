// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAdjudicator} from "./IAdjudicator.sol";

/// @title What the parties sign
/// @dev EIP-712, domain "nwnd" version "1" of the chain's id as it is now. Every struct but OwedClaim binds the
/// channel's id, and by it the parameters, this contract and the chain.
abstract contract Signatures is EIP712 {
    bytes32 private constant COMMITMENT = keccak256(
        "Commitment(bytes32 id,uint8 holder,uint64 n,uint128 toA,uint128 toB,uint128 accA,uint128 accB,uint128 outA,uint128 outB,address rev,uint128 locked,bytes32 locksHash)"
    );
    bytes32 private constant COOP =
        keccak256("Coop(bytes32 id,uint128 a,uint128 b,uint128 accA,uint128 accB,uint128 outA,uint128 outB)");
    bytes32 private constant WITHDRAW = keccak256("Withdraw(bytes32 id,uint128 totalA,uint128 totalB)");
    bytes32 private constant GRANT = keccak256("Grant(bytes32 id,address tower,uint128 bounty)");
    bytes32 private constant OWED_CLAIM = keccak256("OwedClaim(address token,address who,address to,uint256 nonce)");

    /// @dev secp256k1: its order, and x of the generator, whose y is even.
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant GENERATOR_X = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;

    constructor() EIP712("nwnd", "1") {}

    /// @dev A state of a channel: the last two fields are of the locks as given, never passed.
    function _commitmentDigest(bytes32 id, IAdjudicator.Commitment calldata c, uint256 locked, bytes32 locksHash)
        internal
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    COMMITMENT, id, c.holder, c.n, c.toA, c.toB, c.accA, c.accB, c.outA, c.outB, c.rev, locked, locksHash
                )
            )
        );
    }

    function _coopDigest(
        bytes32 id,
        uint128 a,
        uint128 b,
        uint128 accA,
        uint128 accB,
        uint128 outA,
        uint128 outB
    ) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(COOP, id, a, b, accA, accB, outA, outB)));
    }

    function _withdrawDigest(bytes32 id, uint128 totalA, uint128 totalB) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(WITHDRAW, id, totalA, totalB)));
    }

    function _grantDigest(bytes32 id, address tower, uint128 bounty) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(GRANT, id, tower, bounty)));
    }

    function _owedDigest(address token, address who, address to, uint256 nonce) internal view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OWED_CLAIM, token, who, to, nonce)));
    }

    /// @dev Only the one signature of low s that EIP-2098 has; nobody is the zero address that ecrecover fails with.
    function _checkSignature(bytes32 digest, IAdjudicator.Sig calldata sig, address who) internal pure {
        (address signer, ECDSA.RecoverError err,) = ECDSA.tryRecover(digest, sig.r, sig.vs);
        if (err != ECDSA.RecoverError.NoError || signer != who) revert IAdjudicator.WrongSignature();
    }

    /// @dev Whether rev is the address of secret*G. Recovering the key of the message 0 from the signature
    /// (r, s) gives r^-1 * s * R; with R = G, r = Gx and s = Gx * secret that is secret * G.
    function _opens(bytes32 secret, address rev) internal pure returns (bool) {
        address point =
            ecrecover(0, 27, bytes32(GENERATOR_X), bytes32(mulmod(GENERATOR_X, uint256(secret), ORDER)));
        return point != address(0) && point == rev;
    }
}
