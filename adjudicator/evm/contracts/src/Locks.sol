// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "./IAdjudicator.sol";

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
        unchecked { // amounts are below 2^128, and there are at most MOST of them
            for (uint256 offset = 32; offset < locks.length; offset += SIZE) {
                uint256 word = uint256(_word(locks, offset));
                tails |= word;
                total += word >> 128;
            }
        }
        if (tails & TAIL & ~SIDE != 0) revert IAdjudicator.WrongLocks();
    }

    /// @dev Sums the locks that aren't decided.
    function undecided(bytes calldata locks, uint256[] memory bits) internal pure returns (uint256 total) {
        unchecked {
            for (uint256 i = 0; i < locks.length / SIZE; ++i) {
                if (!_isSet(bits, i)) total += _tail(locks, i) >> 128;
            }
        }
    }

    /// @dev Decides the locks that are claimed in time, by their preimages, and marks them in the bitmap. Gives what the
    /// holder gains, the claims that were taken, and a bitmap of those that are late: they may not be refunded
    /// by the same call.
    function claim(bytes calldata locks, bytes calldata claims, uint256 holder, uint256[] memory bits)
        internal
        view
        returns (uint256 gain, bytes memory taken, uint256[] memory late)
    {
        if (claims.length % CLAIM != 0) revert IAdjudicator.WrongClaims();
        late = bitmap(locks);
        taken = _room(claims.length);
        // In assembly a claim costs what its calldata costs at least (EIP-7623). Amounts are below 2^128, their sum is
        // far from overflowing.
        bool malformed;
        uint256 wrong;
        assembly ("memory-safe") {
            let end := add(taken, 0x20)
            let least := 0 // that the next index may be
            for { let at_ := claims.offset } lt(at_, add(claims.offset, claims.length)) { at_ := add(at_, CLAIM) } {
                let i := shr(240, calldataload(at_))
                if or(lt(i, least), iszero(lt(i, shr(6, locks.length)))) {
                    malformed := 1
                    break
                }
                least := add(i, 1)
                let lock := add(locks.offset, shl(6, i))
                mstore(0, calldataload(add(at_, 2)))
                if iszero(staticcall(gas(), 2, 0, 0x20, 0, 0x20)) { revert(0, 0) } // SHA-256
                if iszero(eq(mload(0), calldataload(lock))) {
                    wrong := least
                    break
                }
                let tail := calldataload(add(lock, 0x20))
                let bit := shl(and(i, 0xff), 1)
                let slot := add(0x20, shl(5, shr(8, i)))
                if iszero(lt(timestamp(), and(shr(80, tail), 0xffffffffffff))) {
                    mstore(add(late, slot), or(mload(add(late, slot)), bit))
                    continue
                }
                slot := add(bits, slot)
                let word := mload(slot)
                if and(word, bit) { continue }
                mstore(slot, or(word, bit))
                if eq(and(shr(72, tail), 1), holder) { gain := add(gain, shr(128, tail)) }
                calldatacopy(end, at_, CLAIM)
                end := add(end, CLAIM)
            }
            mstore(taken, sub(end, add(taken, 0x20)))
        }
        if (malformed) revert IAdjudicator.WrongClaims();
        if (wrong > 0) revert IAdjudicator.WrongPreimage(wrong - 1);
    }

    /// @dev Gives the locks that have expired back to the other side, but for those whose claims were late, and marks
    /// them in the bitmap. Gives what the holder gains, and the indices.
    function refund(bytes calldata locks, uint256 holder, uint256[] memory bits, uint256[] memory late)
        internal
        view
        returns (uint256 gain, bytes memory refunded)
    {
        refunded = _room(locks.length / SIZE * 2);
        uint256 length;
        unchecked {
            for (uint256 i = _expired(locks, 0); i < locks.length / SIZE; i = _expired(locks, i + 1)) {
                if (!_isSet(late, i) && _set(bits, i)) {
                    uint256 tail = _tail(locks, i);
                    if (tail >> 72 & 1 != holder) gain += tail >> 128;
                    _put(refunded, length, i);
                    length += 2;
                }
            }
        }
        _setLength(refunded, length);
    }

    /// @dev How many were taken and refunded.
    function count(bytes memory taken, bytes memory refunded) internal pure returns (uint256) {
        return taken.length / CLAIM + refunded.length / 2;
    }

    /// @dev A word for each 256 locks, zero.
    function bitmap(bytes calldata locks) internal pure returns (uint256[] memory bits) {
        assembly ("memory-safe") {
            bits := mload(0x40)
            let words := shr(14, add(locks.length, 16383))
            mstore(bits, words)
            calldatacopy(add(bits, 0x20), calldatasize(), shl(5, words))
            mstore(0x40, add(bits, shl(5, add(words, 1))))
        }
    }

    function _isSet(uint256[] memory bits, uint256 i) private pure returns (bool set) {
        assembly ("memory-safe") {
            set := and(shr(and(i, 0xff), mload(add(add(bits, 0x20), shl(5, shr(8, i))))), 1)
        }
    }

    /// @dev Sets a bit, and tells whether it was not set.
    function _set(uint256[] memory bits, uint256 i) private pure returns (bool changed) {
        assembly ("memory-safe") {
            let at_ := add(add(bits, 0x20), shl(5, shr(8, i)))
            let word := mload(at_)
            let bit := shl(and(i, 0xff), 1)
            mstore(at_, or(word, bit))
            changed := iszero(and(word, bit))
        }
    }

    /// @dev The first lock from i on that has expired. Each call looks at every lock.
    function _expired(bytes calldata locks, uint256 i) private view returns (uint256) {
        assembly ("memory-safe") {
            let tail := add(add(locks.offset, 0x20), shl(6, i))
            let end := add(locks.offset, locks.length)
            for {} lt(tail, end) { tail := add(tail, 0x40) } {
                if iszero(lt(timestamp(), and(shr(80, calldataload(tail)), 0xffffffffffff))) { break }
            }
            i := shr(6, sub(tail, locks.offset))
        }
        return i;
    }

    /// @dev The second word of a lock.
    function _tail(bytes calldata locks, uint256 i) private pure returns (uint256) {
        unchecked {
            return uint256(_word(locks, i * SIZE + 32));
        }
    }

    /// @dev 32 bytes at an offset within data, which the caller has checked.
    function _word(bytes calldata data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }

    /// @dev A list with room for so many bytes, which are whatever they are.
    function _room(uint256 length) private pure returns (bytes memory list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(0x40, add(list, and(add(length, 0x3f), not(0x1f))))
        }
    }

    function _setLength(bytes memory list, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(list, length)
        }
    }

    /// @dev Puts an index, u16.
    function _put(bytes memory to, uint256 offset, uint256 i) private pure {
        assembly ("memory-safe") {
            let end := add(add(to, 0x20), offset)
            mstore8(end, shr(8, i))
            mstore8(add(end, 1), i)
        }
    }
}
