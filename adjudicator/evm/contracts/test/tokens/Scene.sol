// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Cheats} from "../Cheats.sol";

/// @notice A lock of a state before it is packed.
struct Lock {
    bytes32 hash;
    uint128 amount;
    uint48 expiry;
    uint8 side;
}

/// @notice What two parties of channels do off the chain: parameters, states, locks, signatures.
/// The type strings are written out again here, so that the contract's are checked by them.
abstract contract Scene is Cheats {
    bytes32 private constant COMMITMENT = keccak256(
        "Commitment(bytes32 id,uint8 holder,uint64 n,uint128 toA,uint128 toB,uint128 accA,uint128 accB,uint128 outA,uint128 outB,address rev,uint128 locked,bytes32 locksHash)"
    );
    bytes32 private constant COOP =
        keccak256("Coop(bytes32 id,uint128 a,uint128 b,uint128 accA,uint128 accB,uint128 outA,uint128 outB)");
    bytes32 private constant WITHDRAW = keccak256("Withdraw(bytes32 id,uint128 totalA,uint128 totalB)");
    bytes32 private constant GRANT = keccak256("Grant(bytes32 id,address tower,uint128 bounty)");
    bytes32 private constant OWED = keccak256("OwedClaim(address token,address who,address to,uint256 nonce)");

    IAdjudicator internal adjudicator;
    bytes32 private domain;

    function meet(address deployed) internal {
        adjudicator = IAdjudicator(deployed);
        domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("nwnd"),
                keccak256("1"),
                block.chainid,
                deployed
            )
        );
    }

    function idOf(IAdjudicator.Params memory p) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(adjudicator), p));
    }

    function sign(uint256 key, bytes32 structHash) internal view returns (IAdjudicator.Sig memory s) {
        (s.r, s.vs) = vm.signCompact(key, keccak256(abi.encodePacked("\x19\x01", domain, structHash)));
    }

    function signCommitment(
        uint256 key,
        bytes32 id,
        IAdjudicator.Commitment memory c,
        uint128 locked,
        bytes memory locks
    ) internal view returns (IAdjudicator.Sig memory) {
        return sign(key, keccak256(abi.encodePacked(abi.encode(COMMITMENT, id, c), uint256(locked), keccak256(locks))));
    }

    /// @param w a, b, accA, accB, outA, outB
    function signCoop(uint256 key, bytes32 id, uint128[6] memory w) internal view returns (IAdjudicator.Sig memory) {
        return sign(key, keccak256(abi.encode(COOP, id, w)));
    }

    function signWithdraw(uint256 key, bytes32 id, uint128 totalA, uint128 totalB)
        internal
        view
        returns (IAdjudicator.Sig memory)
    {
        return sign(key, keccak256(abi.encode(WITHDRAW, id, totalA, totalB)));
    }

    function signGrant(uint256 key, bytes32 id, address tower, uint128 bounty)
        internal
        view
        returns (IAdjudicator.Sig memory)
    {
        return sign(key, keccak256(abi.encode(GRANT, id, tower, bounty)));
    }

    function signOwed(uint256 key, address token, address who, address to, uint256 nonce)
        internal
        view
        returns (IAdjudicator.Sig memory)
    {
        return sign(key, keccak256(abi.encode(OWED, token, who, to, nonce)));
    }

    function pack(Lock[] memory locks) internal pure returns (bytes memory out) {
        for (uint256 i; i < locks.length; ++i) {
            out = bytes.concat(out, pack(locks[i]));
        }
    }

    function pack(Lock memory l) internal pure returns (bytes memory) {
        return abi.encodePacked(l.hash, l.amount, l.expiry, l.side, uint8(0), uint64(0));
    }

    function claim(uint256 index, bytes32 preimage) internal pure returns (bytes memory) {
        return abi.encodePacked(uint16(index), preimage);
    }

    function hashOf(bytes32 preimage) internal pure returns (bytes32) {
        return sha256(abi.encode(preimage));
    }
}
