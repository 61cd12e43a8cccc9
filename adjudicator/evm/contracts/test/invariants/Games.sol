// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {PlainToken} from "../tokens/Tokens.sol";
import {Scene} from "../tokens/Scene.sol";
import {Counts} from "./Counts.sol";
import {Trickster} from "./Trickster.sol";

/// @notice A state that both sides' commitments of one number share.
struct State {
    uint128 toA;
    uint128 toB;
    uint128 accA;
    uint128 accB;
    uint128 outA;
    uint128 outB;
    uint128 locked;
    bytes locks;
}

/// @notice A channel: what its parties know, and what the money that moved says of it.
struct Game {
    IAdjudicator.Params p;
    uint256 slot; // where it is played: its parties and token
    uint8 honest; // the side that plays by the rules, or NONE: both collude
    IAdjudicator.Phase phase; // after the last call about it
    // between honest and cheater
    uint64 n; // of the newest state
    bool pending; // the cheater has it and hasn't revoked the one before
    bool frozen; // the honest side signed its own close or a cooperative one: it signs nothing more
    bool confessed; // the cheater gave away the secret of the state that it posted
    // counted from balances
    uint256 depA;
    uint256 depB;
    uint256 paid;
    uint256 got; // of that, the honest side
    // while closing
    uint8 holder;
    uint64 posted;
    address rev;
    uint256 toHolder; // by the state itself, with what it doesn't know of
    uint256 settled; // of all that was decided for the holder
    uint256 taken; // a bit for each lock that the preimage decided
    uint256 refunded; // and that time did
    bytes locks;
}

/// @notice Makes calls, watches the money that each moves, and holds it against what the channel's parties know.
abstract contract Games is Scene, Counts {
    uint8 internal constant NONE = 2;
    uint256 internal constant SLOTS = 7;
    address internal constant TOWER = address(0x70e4);

    mapping(bytes32 id => Game) internal games;
    mapping(bytes32 id => mapping(uint64 n => State)) internal states;
    bytes32[SLOTS] internal current;
    bytes32[] internal over; // ids that ended
    PlainToken internal plain;
    Trickster internal trickster;
    address internal sender; // of the next call; 0: this contract

    mapping(address token => uint256) private held; // by all channels, as the money moved
    mapping(address token => uint256) private debts;

    /// @dev What is seen of a channel's money before and after a call.
    struct Sight {
        uint256 money; // of the adjudicator
        uint256 owed; // to the channel's parties and the tower
        uint256 honest; // what the honest side has, with what is owed to it
    }

    function money(address token, address who) internal view returns (uint256) {
        return token == address(0) ? who.balance : PlainToken(token).balanceOf(who);
    }

    function payee(Game storage g, uint8 side) internal view returns (address) {
        return side == 0 ? g.p.payA : g.p.payB;
    }

    function phase(bytes32 id) internal view returns (IAdjudicator.Phase) {
        return games[id].phase;
    }

    function look(Game storage g) private view returns (Sight memory s) {
        address token = g.p.token;
        (uint256 a, uint256 b) = (adjudicator.owed(token, g.p.payA), adjudicator.owed(token, g.p.payB));
        s.money = money(token, address(adjudicator));
        s.owed = a + b + adjudicator.owed(token, TOWER);
        if (g.honest != NONE) s.honest = money(token, payee(g, g.honest)) + (g.honest == 0 ? a : b);
    }

    /// @notice Calls the adjudicator about a channel, and checks what came of it.
    /// @param limit of gas; 0: all there is
    function perform(bytes32 id, bytes memory data, uint256 value, uint256 limit) internal returns (bool ok) {
        Game storage g = games[id];
        Sight memory before = look(g);
        bytes memory answer;
        if (sender != address(0)) vm.prank(sender);
        (ok, answer) = address(adjudicator).call{value: value, gas: limit == 0 ? gasleft() : limit}(data);
        count(bytes4(data), ok, answer);
        vm.assertTrue(ok || limit != 0 || hasReason(answer), "a refusal has its reason");
        tricks();
        if (ok) learn(id, g, data, before);
    }

    /// @dev A token called back meanwhile: it must have been refused.
    function tricks() internal {
        bytes memory answer = trickster.answer();
        vm.assertTrue(!trickster.entered(), "nobody enters while money moves");
        if (answer.length == 0) return;
        count(bytes4(0xffffffff), false, answer);
        trickster.forget();
    }

    function learn(bytes32 id, Game storage g, bytes memory data, Sight memory before) private {
        Sight memory afterwards = look(g);
        vm.assertTrue(g.phase != IAdjudicator.Phase.Ended, "an ended channel stays ended");
        g.got += afterwards.honest - before.honest;
        bytes4 f = bytes4(data);
        if (f == IAdjudicator.deposit.selector) arrived(g, data, afterwards.money - before.money);
        else left(g, before, afterwards);
        if (f == IAdjudicator.close.selector) closed(g, data);
        if (f == IAdjudicator.resolve.selector) resolved(g, data);
        if (f == IAdjudicator.punish.selector) punished(id, g, data);
        IAdjudicator.Channel memory c = conserved(id);
        if (c.phase == IAdjudicator.Phase.Closing) weigh(g, c, f);
        g.phase = c.phase;
        if (c.phase == IAdjudicator.Phase.Ended) ended(id, g, f);
        solvent(g.p.token);
    }

    function arrived(Game storage g, bytes memory data, uint256 amount) private {
        (, uint8 side,) = abi.decode(args(data), (IAdjudicator.Params, uint8, uint256));
        if (side == 0) g.depA += amount;
        else g.depB += amount;
        held[g.p.token] += amount;
    }

    function left(Game storage g, Sight memory before, Sight memory afterwards) private {
        uint256 owed = afterwards.owed - before.owed;
        uint256 paid = before.money - afterwards.money + owed;
        g.paid += paid;
        held[g.p.token] -= paid;
        debts[g.p.token] += owed;
        vm.assertLe(g.paid, g.depA + g.depB, "never is more paid than was deposited");
    }

    /// @dev A debt was paid.
    function forgive(address token, uint256 amount) internal {
        debts[token] -= amount;
        solvent(token);
    }

    /// @notice Per token: there is at least what all channels hold, and what is owed.
    function solvent(address token) internal view {
        uint256 needed = held[token] + debts[token];
        vm.assertGe(money(token, address(adjudicator)), needed, "a token's channels and debts are covered");
    }

    /// @notice Conservation: the contract holds for a channel what came less what went.
    function conserved(bytes32 id) internal view returns (IAdjudicator.Channel memory c) {
        c = adjudicator.channel(id);
        Game storage g = games[id];
        vm.assertTrue(c.phase >= g.phase, "phases never go back");
        uint256 holds = uint256(c.depA) + c.depB - c.withdrawnA - c.withdrawnB;
        if (c.phase == IAdjudicator.Phase.Closing) holds = c.left;
        vm.assertEq(holds, g.depA + g.depB - g.paid, "what a channel holds is what came less what went");
        vm.assertLe(c.toHolder, c.left, "no more is decided than there is");
    }

    /// @dev What is decided for the holder is what the state gave it and each lock once, as it went.
    function weigh(Game storage g, IAdjudicator.Channel memory c, bytes4 f) private {
        if (f == IAdjudicator.close.selector) g.toHolder = c.toHolder;
        (uint256 sum, uint256 undecided) = (g.toHolder, 0);
        bytes memory locks = g.locks;
        for (uint256 i; i * 64 < locks.length; ++i) {
            (, uint128 amount,, uint8 side) = lockAt(locks, i);
            if (g.taken >> i & 1 == 1) sum += side == g.holder ? amount : 0;
            else if (g.refunded >> i & 1 == 1) sum += side == g.holder ? 0 : amount;
            else ++undecided;
        }
        if (f == IAdjudicator.settlePartial.selector) g.settled = sum;
        vm.assertEq(c.toHolder, sum - g.settled, "the holder has what is decided for it, once");
        vm.assertEq(c.undecided, undecided, "each lock is decided once");
    }

    function args(bytes memory data) internal pure returns (bytes memory out) {
        out = new bytes(data.length - 4);
        assembly ("memory-safe") {
            mcopy(add(out, 32), add(data, 36), mload(out))
        }
    }

    function closed(Game storage g, bytes memory data) private {
        (, IAdjudicator.Commitment memory c, bytes memory locks,,) = abi.decode(
            args(data), (IAdjudicator.Params, IAdjudicator.Commitment, bytes, IAdjudicator.Sig, IAdjudicator.Sig)
        );
        (g.holder, g.posted, g.rev, g.locks) = (c.holder, c.n, c.rev, locks);
        if (g.honest == NONE) return;
        vm.assertLe(c.n, g.n, "a state that was signed");
        if (c.holder == g.honest) {
            vm.assertTrue(g.frozen && c.n == g.n, "nobody posts the honest side's states but itself");
        }
    }

    function resolved(Game storage g, bytes memory data) private {
        (,, bytes memory claims) = abi.decode(args(data), (IAdjudicator.Params, bytes, bytes));
        bytes memory locks = g.locks;
        uint256 named;
        for (uint256 offset; offset < claims.length; offset += 34) {
            uint256 i = uint256(wordAt(claims, offset)) >> 240;
            (bytes32 hash,, uint48 expiry,) = lockAt(locks, i);
            vm.assertEq(hashOf(wordAt(claims, offset + 2)), hash);
            named |= 1 << i;
            if (block.timestamp < expiry) g.taken |= 1 << i;
        }
        for (uint256 i; i * 64 < locks.length; ++i) {
            (,, uint48 expiry,) = lockAt(locks, i);
            if (block.timestamp >= expiry) g.refunded |= 1 << i & ~(named | g.taken);
        }
    }

    function punished(bytes32 id, Game storage g, bytes memory data) private view {
        (, bytes32 secret,, uint128 bounty,) =
            abi.decode(args(data), (IAdjudicator.Params, bytes32, address, uint128, IAdjudicator.Sig));
        vm.assertTrue(secret != 0 && vm.addr(uint256(secret)) == g.rev, "a punishment needs the state's secret");
        if (g.honest == NONE) return;
        vm.assertTrue(g.holder != g.honest, "the honest side is never punished");
        vm.assertTrue(revoked(g, g.posted) || g.confessed, "a punishment needs a secret that was revealed");
        if (!revoked(g, g.posted)) return;
        State storage newest = states[id][g.n];
        uint256 withdrawn = g.honest == 0 ? newest.outB : newest.outA; // at most, by the cheater
        vm.assertLe(g.paid - g.got, withdrawn + bounty, "the victim gets everything less the bounty");
    }

    /// @dev Whether the honest side knows the secret of the cheater's state n.
    function revoked(Game storage g, uint64 n) internal view returns (bool) {
        return n + (g.pending ? 1 : 0) < g.n;
    }

    /// @dev It is over: what the honest side has had is at least what a state gives it that wasn't revoked.
    function ended(bytes32 id, Game storage g, bytes4 f) private {
        over.push(id);
        vm.assertEq(g.paid, g.depA + g.depB, "all of it is paid");
        if (g.honest == NONE) return;
        if (f == IAdjudicator.coop.selector) {
            vm.assertGe(g.got, due(g, states[id][g.n], false), "the honest side has what its newest state gives it");
        } else if (g.holder == g.honest || !revoked(g, g.posted)) {
            if (f != IAdjudicator.punish.selector) inTime(g);
            vm.assertGe(g.got, due(g, states[id][g.posted], true), "the honest side has what the state gives it");
        } else {
            vm.assertTrue(f == IAdjudicator.punish.selector, "a revoked state is punished");
            vm.assertGe(g.got, due(g, states[id][g.n], false), "the honest side has what its newest state gives it");
        }
    }

    /// @notice What a state gives the honest side, with deposits and withdrawals.
    /// @param posted locks are as they were decided on chain; else the preimage takes each
    function due(Game storage g, State storage s, bool posted) private view returns (uint256 sum) {
        sum = g.honest == 0 ? s.toA + g.depA - s.accA + s.outA : s.toB + g.depB - s.accB + s.outB;
        bytes memory locks = s.locks;
        for (uint256 i; i * 64 < locks.length; ++i) {
            (, uint128 amount,, uint8 side) = lockAt(locks, i);
            bool taken = !posted || g.taken >> i & 1 == 1;
            if (taken == (side == g.honest)) sum += amount;
        }
    }

    /// @dev The honest side was never too late with a preimage.
    function inTime(Game storage g) private view {
        bytes memory locks = g.locks;
        for (uint256 i; i * 64 < locks.length; ++i) {
            (bytes32 hash,,, uint8 side) = lockAt(locks, i);
            if (side == g.honest && known(hash)) {
                vm.assertTrue(g.taken >> i & 1 == 1, "the honest side takes in time what it can");
            }
        }
    }

    /// @dev Whether the honest sides know a preimage; cheaters know all.
    function known(bytes32 hash) internal view virtual returns (bool);

    function lockAt(bytes memory locks, uint256 i)
        internal
        pure
        returns (bytes32 hash, uint128 amount, uint48 expiry, uint8 side)
    {
        hash = wordAt(locks, i * 64);
        uint256 word = uint256(wordAt(locks, i * 64 + 32));
        return (hash, uint128(word >> 128), uint48(word >> 80), uint8(word >> 72));
    }

    function wordAt(bytes memory data, uint256 offset) internal pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }
}
