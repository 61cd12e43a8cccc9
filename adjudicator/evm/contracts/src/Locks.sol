// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "./IAdjudicator.sol";

/// @dev What a call decided, for either side, and how the event tells it.
struct Decisions {
    uint256[2] to; // amounts for A, B
    uint256 count;
    uint256 read; // bytes of the claims
    bytes taken; // (index u16, preimage 32) each
    bytes refunded; // index u16 each
}

/// @title A state's locks: 64 bytes each
/// @dev The second word of a lock is amount 128 bits, expiry 48, side 8, kind 8, zeros 64.
library Locks {
    uint256 internal constant SIZE = 64;
    uint256 internal constant MOST = 2 * 483; // BOLT 2's max_accepted_htlcs, both ways
    uint256 private constant CLAIM = 34;
    uint256 private constant TAIL = (1 << 80) - 1; // side, kind, zeros
    uint256 private constant SIDE = 1 << 72; // the one bit of a tail that may be set

    /// @dev Refuses malformed locks, and sums them.
    function sum(bytes calldata locks) internal pure returns (uint256 total) {
        if (locks.length % SIZE != 0 || locks.length > MOST * SIZE) revert IAdjudicator.WrongLocks();
        uint256 tails;
        for (uint256 offset = 0; offset < locks.length; offset += SIZE) {
            uint256 word = uint256(_word(locks, offset + 32));
            tails |= word;
            total += word >> 128;
        }
        if (tails & TAIL & ~SIDE != 0) revert IAdjudicator.WrongLocks();
    }

    /// @dev Sums the locks of a word of the bitmap that aren't decided, from lock base on.
    function undecided(bytes calldata locks, uint256 base, uint256 bits) internal pure returns (uint256 total) {
        uint256 end = _end(locks, base);
        for (uint256 i = base; i < end; ++i) {
            if (bits >> (i - base) & 1 == 0) total += uint256(_word(locks, i * SIZE + 32)) >> 128;
        }
    }

    /// @dev Room for what a call may decide.
    function start(bytes calldata locks, bytes calldata claims) internal pure returns (Decisions memory d) {
        if (claims.length % CLAIM != 0) revert IAdjudicator.WrongClaims();
        d.taken = new bytes(claims.length);
        d.refunded = new bytes(locks.length / SIZE * 2);
        _shorten(d.taken, 0);
        _shorten(d.refunded, 0);
    }

    /// @dev Decides locks of a word of the bitmap, from lock base on, and gives the word as it is then. A lock named in
    /// a claim is never refunded by the same call, be the claim late.
    function decide(Decisions memory d, bytes calldata locks, bytes calldata claims, uint256 base, uint256 bits)
        internal
        view
        returns (uint256)
    {
        uint256 end = _end(locks, base);
        uint256 named = _named(claims, d.read);
        for (uint256 i = base; i < end; ++i) {
            uint256 bit = 1 << (i - base);
            uint256 word = uint256(_word(locks, i * SIZE + 32));
            bool decidable = bits & bit == 0;
            bool expired = block.timestamp >= uint48(word >> 80);
            uint256 side = word >> 72 & 1;
            if (i == named) {
                bytes32 preimage = _word(claims, d.read + 2);
                if (sha256(abi.encode(preimage)) != _word(locks, i * SIZE)) revert IAdjudicator.WrongPreimage(i);
                if (decidable && !expired) {
                    _append(d.taken, bytes2(uint16(i)), preimage);
                } else {
                    decidable = false;
                }
                d.read += CLAIM;
                named = _named(claims, d.read);
            } else if (decidable && expired) {
                side ^= 1;
                _append(d.refunded, bytes2(uint16(i)));
            } else {
                decidable = false;
            }
            if (!decidable) continue;
            bits |= bit;
            d.to[side] += word >> 128;
            ++d.count;
        }
        return bits;
    }

    /// @dev All claims must have been read: indices ascend, and are of locks.
    function finish(Decisions memory d, bytes calldata claims) internal pure {
        if (d.read != claims.length) revert IAdjudicator.WrongClaims();
    }

    /// @dev The index that the claim at an offset names, none behind the last.
    function _named(bytes calldata claims, uint256 offset) private pure returns (uint256) {
        return offset < claims.length ? uint256(_word(claims, offset)) >> 240 : type(uint256).max;
    }

    /// @dev One behind the last lock of the word of the bitmap that begins with lock base.
    function _end(bytes calldata locks, uint256 base) private pure returns (uint256) {
        uint256 count = locks.length / SIZE;
        return count < base + 256 ? count : base + 256;
    }

    /// @dev 32 bytes at an offset within data, which the caller has checked.
    function _word(bytes calldata data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }

    /// @dev Appends to bytes that start made room for.
    function _append(bytes memory to, bytes2 index) private pure {
        assembly ("memory-safe") {
            let length := mload(to)
            let end := add(add(to, 0x20), length)
            mstore8(end, byte(0, index))
            mstore8(add(end, 1), byte(1, index))
            mstore(to, add(length, 2))
        }
    }

    function _append(bytes memory to, bytes2 index, bytes32 preimage) private pure {
        _append(to, index);
        assembly ("memory-safe") {
            let length := mload(to)
            mstore(add(add(to, 0x20), length), preimage)
            mstore(to, add(length, 0x20))
        }
    }

    function _shorten(bytes memory b, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(b, length)
        }
    }
}
