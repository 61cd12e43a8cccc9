// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Lock} from "../tokens/Scene.sol";
import {Refuser} from "../tokens/Receivers.sol";
import {Game, Games, State} from "./Games.sol";

/// @notice The parties of the channels, and what an honest one does: it gives a signature only where
/// the protocol has it, and looks at the chain before time passes.
abstract contract Parties is Games {
    uint32 internal constant DELAY = 1 days;
    uint128 internal constant DEPOSIT = 1000;
    uint128 internal constant RESERVE = 10;
    uint256 internal constant PREIMAGES = 8;

    uint256 internal now_; // the chain's time
    uint64 private nonce;
    uint256 private dice;
    mapping(bytes32 hash => uint256 index) internal preimages; // from 1
    address[2][SLOTS] internal payees;
    address[2][SLOTS] private signers;

    function seed(uint256 s) internal {
        dice = s;
    }

    /// @notice A number below n.
    function roll(uint256 n) internal returns (uint256) {
        dice = uint256(keccak256(abi.encode(dice)));
        return dice % n;
    }

    function chance(uint256 percent) internal returns (bool) {
        return roll(100) < percent;
    }

    // Slots: 0 to 3 have an honest side, 4 to 6 have none. The coin, the trickster's and the plain token go round.
    function honestOf(uint256 slot) internal pure returns (uint8) {
        return slot < 4 ? uint8(slot % 2) : NONE;
    }

    function tokenOf(uint256 slot) internal view returns (address) {
        return slot % 3 == 0 ? address(0) : slot % 3 == 1 ? address(trickster) : address(plain);
    }

    function key(uint256 slot, uint8 side) internal pure returns (uint256) {
        return 0xa000 + 2 * slot + side;
    }

    function payeeKey(uint256 slot, uint8 side) internal pure returns (uint256) {
        return 0xb000 + 2 * slot + side;
    }

    function secret(bytes32 id, uint8 holder, uint64 n) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(id, holder, n))) >> 1; // below the curve's order
    }

    function preimage(uint256 index) internal pure returns (bytes32) {
        return keccak256(abi.encode("preimage", index));
    }

    /// @dev Honest sides know three of four.
    function known(bytes32 hash) internal view override returns (bool) {
        return preimages[hash] % 4 != 0;
    }

    function meetParties() internal {
        for (uint256 i = 1; i <= PREIMAGES; ++i) {
            preimages[hashOf(preimage(i))] = i;
        }
        for (uint256 slot; slot < SLOTS; ++slot) {
            for (uint8 side; side < 2; ++side) {
                signers[slot][side] = vm.addr(key(slot, side));
                bool coins = tokenOf(slot) == address(0);
                payees[slot][side] =
                    coins && side != honestOf(slot) ? address(new Refuser()) : vm.addr(payeeKey(slot, side));
            }
        }
    }

    /// @notice Opens a new channel where one was. Both sides know state 0 before money comes.
    function open(uint256 slot) internal {
        (address a, address b) = (signers[slot][0], signers[slot][1]);
        IAdjudicator.Params memory p =
            IAdjudicator.Params(a, b, payees[slot][0], payees[slot][1], tokenOf(slot), DELAY, ++nonce);
        bytes32 id = idOf(p);
        current[slot] = id;
        Game storage g = games[id];
        (g.p, g.slot, g.honest) = (p, slot, honestOf(slot));
        State storage s = states[id][0];
        (s.toA, s.accA) = (DEPOSIT, DEPOSIT);
        fund(id, 0, DEPOSIT);
        fund(id, 1, DEPOSIT);
        advance(id); // with what B brought
    }

    function fund(bytes32 id, uint8 side, uint256 amount) internal returns (bool) {
        Game storage g = games[id];
        uint256 value = g.p.token == address(0) ? amount : 0;
        return perform(id, abi.encodeCall(IAdjudicator.deposit, (g.p, side, amount)), value, 0);
    }

    // --- between the two sides

    /// @notice The next state: both have it, the honest side revokes at once, the cheater now or later.
    function advance(bytes32 id) internal {
        Game storage g = games[id];
        if (g.honest == NONE || g.frozen || phase(id) != IAdjudicator.Phase.Open) return;
        if (g.pending) {
            g.pending = false;
            return;
        }
        State memory s = states[id][g.n];
        (s.toA, s.accA) = (s.toA + uint128(g.depA) - s.accA, uint128(g.depA));
        (s.toB, s.accB) = (s.toB + uint128(g.depB) - s.accB, uint128(g.depB));
        uint256 what = roll(4);
        if (what == 0) move(s);
        if (what == 1) add(s);
        if (what == 2) remove(s);
        if (what == 3) take(s);
        states[id][++g.n] = s;
        g.pending = chance(20);
    }

    function spendable(uint128 balance) private returns (uint128) {
        return balance <= RESERVE ? 0 : uint128(roll(balance - RESERVE + 1));
    }

    function move(State memory s) private {
        if (chance(50)) {
            uint128 x = spendable(s.toA);
            (s.toA, s.toB) = (s.toA - x, s.toB + x);
        } else {
            uint128 x = spendable(s.toB);
            (s.toA, s.toB) = (s.toA + x, s.toB - x);
        }
    }

    function add(State memory s) private {
        if (s.locks.length == 4 * 64) return remove(s);
        uint8 side = uint8(roll(2));
        uint128 amount = spendable(side == 0 ? s.toB : s.toA) / 4;
        if (amount == 0) return;
        if (side == 0) s.toB -= amount;
        else s.toA -= amount;
        s.locked += amount;
        uint48 expiry = uint48(now_ + 1 hours + roll(3 days));
        s.locks = bytes.concat(s.locks, pack(Lock(hashOf(preimage(1 + roll(PREIMAGES))), amount, expiry, side)));
    }

    /// @dev The last lock goes, paid or refunded.
    function remove(State memory s) private {
        if (s.locks.length == 0) return move(s);
        (, uint128 amount,,) = lockAt(s.locks, s.locks.length / 64 - 1);
        bytes memory locks = s.locks;
        assembly ("memory-safe") {
            mstore(locks, sub(mload(locks), 64))
        }
        s.locked -= amount;
        if (chance(50)) s.toA += amount;
        else s.toB += amount;
    }

    function take(State memory s) private {
        uint128 a = spendable(s.toA) / 4;
        uint128 b = spendable(s.toB) / 4;
        (s.toA, s.outA, s.toB, s.outB) = (s.toA - a, s.outA + a, s.toB - b, s.outB + b);
    }

    // --- calldata, signed by whom it needs

    function commitment(bytes32 id, uint8 holder, uint64 n) internal view returns (IAdjudicator.Commitment memory) {
        State storage s = states[id][n];
        address rev = vm.addr(secret(id, holder, n));
        return IAdjudicator.Commitment(holder, n, s.toA, s.toB, s.accA, s.accB, s.outA, s.outB, rev);
    }

    function closeCall(bytes32 id, IAdjudicator.Commitment memory c, bytes memory locks, uint128 locked)
        internal
        view
        returns (bytes memory)
    {
        Game storage g = games[id];
        IAdjudicator.Sig memory a = signCommitment(key(g.slot, 0), id, c, locked, locks);
        IAdjudicator.Sig memory b = signCommitment(key(g.slot, 1), id, c, locked, locks);
        (IAdjudicator.Sig memory peer, IAdjudicator.Sig memory holder) = c.holder == 0 ? (b, a) : (a, b);
        return abi.encodeCall(IAdjudicator.close, (g.p, c, locks, peer, holder));
    }

    /// @notice A signed state as its holder posts it.
    function stateCall(bytes32 id, uint8 holder, uint64 n) internal view returns (bytes memory) {
        State storage s = states[id][n];
        return closeCall(id, commitment(id, holder, n), s.locks, s.locked);
    }

    function grantCall(bytes32 id, uint256 secret_, uint128 bounty) internal view returns (bytes memory) {
        Game storage g = games[id];
        IAdjudicator.Sig memory grant = signGrant(key(g.slot, 1 - g.holder), id, TOWER, bounty);
        return abi.encodeCall(IAdjudicator.punish, (g.p, bytes32(secret_), TOWER, bounty, grant));
    }

    // --- the honest side watches

    /// @notice Time passes; before it does, honest sides do what can't wait until then.
    function pass(uint256 until) internal {
        if (until <= now_) return;
        for (uint256 slot; slot < SLOTS; ++slot) {
            if (honestOf(slot) != NONE) watch(current[slot], until);
        }
        now_ = until;
        vm.warp(until);
    }

    function watch(bytes32 id, uint256 until) private {
        Game storage g = games[id];
        IAdjudicator.Phase in_ = phase(id);
        if (in_ == IAdjudicator.Phase.Open) {
            bool idle = claims(g, states[id][g.n].locks, until, 0).length == 0;
            if (idle && g.pending) idle = claims(g, states[id][g.n - 1].locks, until, 0).length == 0;
            if (idle) return;
            g.frozen = true;
            vm.assertTrue(perform(id, stateCall(id, g.honest, g.n), 0, 0), "the honest side can close");
        } else if (in_ != IAdjudicator.Phase.Closing) {
            return;
        }
        if (g.holder != g.honest && revoked(g, g.posted)) {
            bytes memory punish = grantCall(id, secret(id, g.holder, g.posted), uint128(roll(RESERVE + 1)));
            vm.assertTrue(perform(id, punish, 0, 0), "the honest side can punish");
            return;
        }
        bytes memory mine = claims(g, g.locks, until, g.taken);
        if (mine.length == 0) return;
        bytes memory resolve = abi.encodeCall(IAdjudicator.resolve, (g.p, g.locks, mine));
        vm.assertTrue(perform(id, resolve, 0, 0), "the honest side can claim");
    }

    /// @dev Claims of the honest side that would be late at a time.
    function claims(Game storage g, bytes memory locks, uint256 until, uint256 taken)
        private
        view
        returns (bytes memory out)
    {
        for (uint256 i; i * 64 < locks.length; ++i) {
            (bytes32 hash,, uint48 expiry, uint8 side) = lockAt(locks, i);
            if (side != g.honest || !known(hash) || now_ >= expiry || until < expiry || taken >> i & 1 == 1) continue;
            out = bytes.concat(out, claim(i, preimage(preimages[hash])));
        }
    }
}
