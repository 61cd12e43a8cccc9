// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Refuser} from "../tokens/Receivers.sol";
import {Lock} from "../tokens/Scene.sol";
import {PlainToken} from "../tokens/Tokens.sol";
import {Crafts} from "./Crafts.sol";
import {Game, State} from "./Games.sol";
import {Trickster} from "./Trickster.sol";

/// @notice What the fuzzer calls: each function makes a call of the adjudicator, mostly one that may succeed, and
/// often as a cheater, a colluder or a stranger would. The seed decides everything.
contract Handler is Crafts {
    address private constant SINK = address(0x51);
    address private constant STRANGER = address(0x57);

    struct Call {
        bytes32 id;
        bytes data;
    }

    Call[32] private heard; // calls that anybody can make again
    uint256 private calls;

    constructor(address deployed) {
        now_ = block.timestamp;
        meet(deployed);
        plain = new PlainToken();
        trickster = new Trickster();
        plain.mint(address(this), type(uint128).max);
        trickster.mint(address(this), type(uint128).max);
        plain.approve(deployed, type(uint256).max);
        trickster.approve(deployed, type(uint256).max);
        vm.deal(address(this), type(uint128).max);
        meetParties();
        for (uint256 slot; slot < SLOTS; ++slot) {
            open(slot);
        }
    }

    // --- choosing

    /// @dev A channel that is in a phase if there is one; sometimes another. One that ended makes room for a new one.
    function choose(uint256 s, IAdjudicator.Phase wanted) private returns (bytes32 id) {
        seed(s);
        uint256 slot = roll(SLOTS);
        bool any = chance(8);
        for (uint256 i; i < SLOTS; ++i) {
            uint256 other = (slot + i) % SLOTS;
            if (phase(current[other]) == IAdjudicator.Phase.Ended && chance(80)) open(other);
        }
        for (uint256 i; i < SLOTS && !any; ++i) {
            if (phase(current[slot]) == wanted) break;
            slot = (slot + 1) % SLOTS;
        }
        return current[slot];
    }

    /// @dev Makes the call, with too little gas now and then, and remembers it.
    function make(bytes32 id, bytes memory data) private returns (bool) {
        if (data.length < 2048 && chance(60)) heard[calls++ % heard.length] = Call(id, data);
        return perform(id, data, 0, chance(4) ? 40_000 + roll(300_000) : 0);
    }

    // --- deposit

    function deposit(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Open);
        Game storage g = games[id];
        uint8 side = uint8(roll(2));
        if (chance(45)) {
            fund(id, side, 1 + (chance(50) ? 0 : roll(500))); // 1 unit by a third party, mostly
            return;
        }
        bool coins = g.p.token == address(0);
        uint256 what = roll(6);
        uint256 amount = what == 0 ? 0 : what == 1 ? END - roll(2) : 1 + roll(100);
        uint256 value = coins ? amount : 0;
        if (what == 2) side = 2 + uint8(roll(254));
        if (what == 3) value = coins ? amount - 1 : 1;
        if (what == 4 && g.honest == NONE) amount = 1 << (100 + roll(19));
        if (what == 5) {
            vm.deal(STRANGER, 1 << 64);
            sender = STRANGER; // who has no tokens
        }
        perform(id, abi.encodeCall(IAdjudicator.deposit, (g.p, side, amount)), what == 4 && coins ? amount : value, 0);
        sender = address(0);
    }

    // --- withdraw

    function withdraw(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Open);
        Game storage g = games[id];
        if (g.honest == NONE) {
            bool sane = chance(70);
            bool lower = chance(10);
            IAdjudicator.Channel memory c = adjudicator.channel(id);
            uint256 room = uint256(c.depA) + c.depB - c.withdrawnA - c.withdrawnB + 1;
            uint128 x = uint128(roll(room < 50 ? room : 50));
            uint128 a = lower ? c.withdrawnA / 2 : sane ? c.withdrawnA + x : absurd();
            make(id, withdrawCall(id, a, sane ? c.withdrawnB : absurd(), 0));
        } else if (g.frozen || g.pending || chance(10)) {
            // the honest side doesn't sign
            make(id, withdrawCall(id, uint128(roll(2000)), uint128(roll(2000)), STRANGER_KEY));
        } else {
            State storage newest = states[id][g.n];
            make(id, withdrawCall(id, newest.outA, newest.outB, 0));
        }
    }

    // --- coop

    function coop(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Open);
        Game storage g = games[id];
        if (g.honest == NONE) {
            make(id, coopCall(id, colluders(id), 0));
            return;
        }
        State storage n = states[id][g.n];
        uint128[6] memory w = [n.toA, n.toB, n.accA, n.accB, n.outA, n.outB];
        if (chance(15)) {
            // the cheater would like more, or another cheater's signature to do
            w[1 - g.honest] += w[g.honest];
            w[g.honest] = 0;
            make(id, coopCall(id, w, STRANGER_KEY));
        } else if (!g.pending && n.locks.length == 0) {
            g.frozen = true;
            make(id, coopCall(id, w, 0));
        } else {
            make(id, coopCall(id, w, STRANGER_KEY));
        }
    }

    // --- close

    function close(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Open);
        Game storage g = games[id];
        if (g.honest == NONE) {
            make(id, colludingClose(id));
            return;
        }
        uint8 cheater = 1 - g.honest;
        uint256 what = roll(10);
        if (what < 2) {
            g.frozen = true;
            make(id, stateCall(id, g.honest, g.n));
        } else if (what == 2) {
            // the honest side's state, which the cheater has signed, in its name
            make(id, forge(stateCall(id, g.honest, uint64(roll(g.n + 1)))));
        } else if (what == 3) {
            // a state of its own, made better
            IAdjudicator.Commitment memory c = commitment(id, cheater, g.n);
            (c.toA, c.toB) = (cheater == 0 ? c.toA + c.toB : 0, cheater == 0 ? 0 : c.toA + c.toB);
            make(id, forgePeer(closeCall(id, c, states[id][g.n].locks, states[id][g.n].locked)));
        } else {
            // any old state
            make(id, stateCall(id, cheater, uint64(roll(g.n + 1))));
        }
    }

    // --- resolve

    function resolve(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Closing);
        Game storage g = games[id];
        bytes memory locks = g.locks;
        bytes memory claims = someClaims(locks);
        if (chance(4)) locks = bytes.concat(locks, pack(Lock(hashOf(preimage(1)), 1, type(uint48).max, 0)));
        make(id, abi.encodeCall(IAdjudicator.resolve, (g.p, locks, claims)));
    }

    // --- settle

    function settle(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Closing);
        if (chance(70)) wait(id, chance(60));
        make(id, abi.encodeCall(IAdjudicator.settle, (games[id].p)));
    }

    function settlePartial(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Closing);
        if (chance(70)) wait(id, chance(20));
        bytes memory locks = chance(5) ? bytes("other") : games[id].locks;
        make(id, abi.encodeCall(IAdjudicator.settlePartial, (games[id].p, locks)));
    }

    /// @dev Until the contest period is over; and until every lock has expired and is refunded.
    function wait(bytes32 id, bool all) private {
        IAdjudicator.Channel memory c = adjudicator.channel(id);
        if (c.phase != IAdjudicator.Phase.Closing) return;
        pass(c.deadline - (chance(5) ? 1 : 0));
        Game storage g = games[id];
        bytes memory locks = g.locks;
        for (uint256 i; all && i * 64 < locks.length; ++i) {
            (,, uint48 expiry,) = lockAt(locks, i);
            if (expiry < now_ + 10 days) pass(expiry);
        }
        if (all && locks.length > 0) make(id, abi.encodeCall(IAdjudicator.resolve, (g.p, locks, "")));
    }

    // --- punish

    function punish(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Closing);
        Game storage g = games[id];
        bool right = chance(60);
        if (g.honest == NONE) {
            uint256 own = g.rev == address(0) ? 0 : secret(id, g.holder, right ? g.posted : g.posted + 1);
            make(id, grantCall(id, own, chance(30) ? absurd() : uint128(roll(RESERVE))));
            return;
        }
        // The honest side's grant is with a tower. It takes a revoked state's secret; a cheater may give it another.
        bool posted = g.holder != g.honest && phase(id) == IAdjudicator.Phase.Closing;
        bool may = posted && right && (revoked(g, g.posted) || chance(30));
        if (may && !revoked(g, g.posted)) g.confessed = true;
        uint64 n = may ? g.posted : g.n == 0 ? 0 : uint64(roll(g.n)); // its old secrets are known to all
        bool honests = g.holder == g.honest; // whose secrets of before n are known, but not n's
        uint256 guess = may || honests && g.n > 0 ? secret(id, g.holder, n) : roll(1 << 128);
        if (posted && !may && chance(50)) guess = secret(id, g.honest, n);
        make(id, chance(8) ? ungranted(id, guess) : grantCall(id, guess, uint128(roll(RESERVE + 1))));
    }

    // --- claimOwed

    function claimOwed(uint256 s) external {
        seed(s);
        uint256 slot = roll(SLOTS);
        uint8 side = uint8(roll(2));
        bool any = chance(15);
        for (uint256 i; i < 2 * SLOTS && !any; ++i) {
            if (adjudicator.owed(tokenOf(slot), payees[slot][side]) > 0) break;
            side = 1 - side;
            if (side == 0) slot = (slot + 1) % SLOTS;
        }
        (address token, address who) = (tokenOf(slot), payees[slot][side]);
        address to = chance(80) ? SINK : who;
        IAdjudicator.Sig memory sig =
            signOwed(chance(90) ? payeeKey(slot, side) : STRANGER_KEY, token, who, to, adjudicator.owedNonce(who));
        claimAs(token, who, abi.encodeCall(IAdjudicator.claimOwed, (token, who, to, sig)));
    }

    function claimAs(address token, address who, bytes memory data) private {
        (uint256 had, uint256 owed) = (money(token, address(adjudicator)), adjudicator.owed(token, who));
        uint256 nonce = adjudicator.owedNonce(who);
        bool itself = who.code.length > 0 && chance(90);
        if (itself) vm.prank(who);
        (bool ok, bytes memory answer) = address(adjudicator).call(data);
        count(bytes4(data), ok, answer);
        vm.assertTrue(ok || hasReason(answer), "a refusal has its reason");
        tricks();
        uint256 left = adjudicator.owed(token, who);
        vm.assertEq(left, ok ? 0 : owed, "what is owed is claimed once");
        vm.assertEq(had - money(token, address(adjudicator)), owed - left, "and no more than it");
        vm.assertEq(adjudicator.owedNonce(who), ok && !itself ? nonce + 1 : nonce, "a signature claims once");
        forgive(token, owed - left);
    }

    // --- everything else

    /// @notice The two sides go on, off the chain.
    function trade(uint256 s) external {
        bytes32 id = choose(s, IAdjudicator.Phase.Open);
        for (uint256 i = roll(4); i > 0; --i) {
            advance(id);
        }
    }

    function warp(uint256 s) external {
        seed(s);
        pass(now_ + roll(chance(10) ? 5 days : 8 hours));
    }

    /// @notice A call is made again; or with its signatures, about another channel.
    function replay(uint256 s) external {
        seed(s);
        if (calls == 0) return;
        Call storage old = heard[roll(calls < heard.length ? calls : heard.length)];
        bytes memory data = old.data;
        if (chance(50)) {
            perform(old.id, data, 0, 0);
            return;
        }
        bytes32 id = chance(50) ? current[games[old.id].slot] : current[roll(SLOTS)];
        bytes memory p = abi.encode(games[id].p);
        assembly ("memory-safe") {
            mcopy(add(data, 36), add(p, 32), 224)
        }
        bool ok = perform(id, data, 0, 0);
        bytes4 f = bytes4(data);
        bool unsigned = f == IAdjudicator.settle.selector || f == IAdjudicator.settlePartial.selector
            || f == IAdjudicator.resolve.selector;
        vm.assertTrue(!ok || unsigned || id == old.id, "no signature serves two channels");
    }

    /// @notice Receivers refuse or not; the token calls back, with a call that was heard, or not.
    function mischief(uint256 s) external {
        seed(s);
        uint256 slot = roll(SLOTS);
        address who = payees[slot][roll(2)];
        if (who.code.length > 0) Refuser(payable(who)).setRefuses(chance(50));
        else trickster.setBlocked(who, chance(60));
        if (chance(50)) trickster.arm(address(0), "");
        else if (calls > 0) trickster.arm(address(adjudicator), heard[roll(calls < 32 ? calls : 32)].data);
    }

    // --- what must hold between calls

    /// @notice Now and then, and in the end: each channel holds what it should, those that ended nothing, and
    /// all debts are known.
    function keep(bool all) external view {
        if (!all && calls % 16 != 0) return;
        for (uint256 t; t < 3; ++t) {
            whole(t);
        }
        for (uint256 i = all ? 0 : over.length; i < over.length; ++i) {
            vm.assertTrue(conserved(over[i]).phase == IAdjudicator.Phase.Ended, "an ended channel stays ended");
        }
    }

    /// @dev Sums up a token's channels and debts anew.
    function whole(uint256 t) private view {
        address token = tokenOf(t);
        uint256 sum = adjudicator.owed(token, TOWER);
        for (uint256 slot = t; slot < SLOTS; slot += 3) {
            Game storage g = games[current[slot]];
            conserved(current[slot]);
            sum += g.depA + g.depB - g.paid;
            sum += adjudicator.owed(token, payees[slot][0]) + adjudicator.owed(token, payees[slot][1]);
        }
        vm.assertGe(money(token, address(adjudicator)), sum, "a token's channels and debts are covered");
    }

    function report() external {
        write();
    }
}
