// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Lock} from "../tokens/Scene.sol";
import {Game} from "./Games.sol";
import {Parties} from "./Parties.sol";

/// @notice Calldata as cheaters and colluders make it.
abstract contract Crafts is Parties {
    uint256 internal constant STRANGER_KEY = 0x57;
    uint128 internal constant END = 1 << 120; // amounts are below

    // Where a call of close has its signatures: after parameters, commitment and the offset of the locks.
    uint256 private constant PEER_SIG = 4 + 32 * (7 + 9 + 1);
    uint256 private constant HOLDER_SIG = PEER_SIG + 64;

    function absurd() internal returns (uint128) {
        uint256 what = roll(6);
        if (what == 0) return END - 1;
        if (what == 1) return END;
        if (what == 2) return type(uint128).max;
        if (what == 3) return 0;
        if (what == 4) return uint128(END - roll(3000));
        return uint128(roll(3000));
    }

    /// @param forger signs instead of A if there is an honest side; 0: nobody does
    function withdrawCall(bytes32 id, uint128 a, uint128 b, uint256 forger) internal view returns (bytes memory) {
        Game storage g = games[id];
        uint256 keyA = forger != 0 && g.honest == 0 ? forger : key(g.slot, 0);
        uint256 keyB = forger != 0 && g.honest == 1 ? forger : key(g.slot, 1);
        return
            abi.encodeCall(
                IAdjudicator.withdraw, (g.p, a, b, signWithdraw(keyA, id, a, b), signWithdraw(keyB, id, a, b))
            );
    }

    function coopCall(bytes32 id, uint128[6] memory w, uint256 forger) internal view returns (bytes memory) {
        Game storage g = games[id];
        uint256 keyA = forger != 0 && g.honest == 0 ? forger : key(g.slot, 0);
        uint256 keyB = forger != 0 && g.honest == 1 ? forger : key(g.slot, 1);
        return
            bytes.concat(IAdjudicator.coop.selector, abi.encode(g.p, w, signCoop(keyA, id, w), signCoop(keyB, id, w)));
    }

    /// @dev What colluders sign: a split of what is there, or anything.
    function colluders(bytes32 id) internal returns (uint128[6] memory w) {
        IAdjudicator.Channel memory c = adjudicator.channel(id);
        w = [0, 0, c.depA, c.depB, c.withdrawnA, c.withdrawnB];
        uint256 rest = uint256(c.depA) + c.depB - c.withdrawnA - c.withdrawnB;
        w[0] = uint128(roll(rest + 1));
        w[1] = uint128(rest - w[0]);
        if (chance(70)) return w;
        w[roll(6)] = absurd();
        if (chance(50)) return w;
        // What they account for adds up, beyond what is there.
        w[2] = absurd() / 2;
        w[3] = uint128(roll(uint256(w[2]) + 1));
        (w[4], w[5]) = (uint128(roll(uint256(w[3]) + 1)), 0);
        w[0] = uint128(roll(uint256(w[2]) + 1));
        w[1] = w[2] + w[3] - w[4] - w[0];
    }

    /// @dev The holder's signature, the last 64 bytes of the words before the locks, becomes the peer's.
    function forge(bytes memory data) internal pure returns (bytes memory) {
        return copyWords(data, HOLDER_SIG, PEER_SIG);
    }

    function forgePeer(bytes memory data) internal pure returns (bytes memory) {
        return copyWords(data, PEER_SIG, HOLDER_SIG);
    }

    function copyWords(bytes memory data, uint256 to, uint256 from) internal pure returns (bytes memory) {
        assembly ("memory-safe") {
            mcopy(add(add(data, 32), to), add(add(data, 32), from), 64)
        }
        return data;
    }

    function colludingClose(bytes32 id) internal returns (bytes memory) {
        uint128[6] memory w = colluders(id);
        uint8 holder = chance(4) ? uint8(2 + roll(254)) : uint8(roll(2));
        uint64 n = uint64(roll(4));
        (bytes memory locks, uint128 locked) = someLocks(w);
        address rev = chance(5) ? address(0) : vm.addr(secret(id, holder, n));
        return closeCall(id, IAdjudicator.Commitment(holder, n, w[0], w[1], w[2], w[3], w[4], w[5], rev), locks, locked);
    }

    /// @dev Locks of what A was to have; malformed ones now and then.
    function someLocks(uint128[6] memory w) internal returns (bytes memory locks, uint128 locked) {
        for (uint256 i = chance(90) ? roll(4) : roll(30); i > 0; --i) {
            uint128 amount = chance(90) ? uint128(roll(uint256(w[0]) + 1)) : absurd();
            uint48 expiry = chance(95) ? uint48(now_ + roll(2 days)) : type(uint48).max;
            locks =
                bytes.concat(locks, pack(Lock(hashOf(preimage(1 + roll(PREIMAGES))), amount, expiry, uint8(roll(2)))));
            unchecked {
                locked += amount;
                w[0] -= amount;
            }
        }
        if (chance(90)) return (locks, locked);
        uint256 what = roll(4);
        if (what == 0 || locks.length == 0) return (bytes.concat(locks, new bytes(1 + roll(63))), locked);
        if (what == 1) return (new bytes(967 * 64), 0);
        uint256 offset = what == 2 ? 54 : 55 + roll(9); // the side, or what must be zero
        locks[offset] = bytes1(uint8(2 + roll(254)));
        return (locks, locked);
    }

    function someClaims(bytes memory locks) internal returns (bytes memory claims) {
        for (uint256 i; i * 64 < locks.length; ++i) {
            (bytes32 hash,,,) = lockAt(locks, i);
            if (chance(50)) claims = bytes.concat(claims, claim(i, preimage(preimages[hash])));
        }
        if (chance(80)) return claims;
        uint256 what = roll(3);
        if (what == 0) return claim(0, "guess");
        if (what == 1) return bytes.concat(claims, new bytes(1 + roll(33)));
        return bytes.concat(claims, claim(chance(50) ? 0 : locks.length / 64 + roll(9), "guess"));
    }

    /// @dev A bounty that nobody granted.
    function ungranted(bytes32 id, uint256 guess) internal view returns (bytes memory) {
        Game storage g = games[id];
        IAdjudicator.Sig memory sig = signGrant(key(g.slot, g.holder), id, TOWER, 1000);
        return abi.encodeCall(IAdjudicator.punish, (g.p, bytes32(guess), TOWER, 1000, sig));
    }
}
