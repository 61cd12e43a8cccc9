// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Lock} from "../tokens/Scene.sol";
import {Channels} from "./Channels.sol";

/// @notice The rules about states and time that no gas saving may break, each by its number in the design.
contract RulesTest is Channels {
    function test_Rule01_AnIdThatEndedIsNeverDepositedToOrClosedAgain() public {
        bytes memory old = closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none());
        taken(cooperating(fair()));
        ended(old);

        setUp();
        old = closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none());
        taken(old);
        vm.warp(block.timestamp + DELAY);
        taken(settling());
        ended(old);

        setUp();
        old = closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none());
        taken(old);
        taken(punishing(bytes32(SECRET), 0, KEY_B));
        ended(old);
    }

    function ended(bytes memory old) private {
        bytes memory reason = wrongPhase(IAdjudicator.Phase.Ended);
        vm.deal(address(this), 1);
        (bool ok, bytes memory out) =
            address(adjudicator).call{value: 1}(abi.encodeCall(IAdjudicator.deposit, (p, 0, 1)));
        vm.assertTrue(!ok && keccak256(out) == keccak256(reason), "no deposit");
        refused(old, reason);
        refused(cooperating(fair()), reason);
        refused(withdrawing(1, 1), reason);
        refused(punishing(bytes32(SECRET), 0, KEY_B), reason);
        assertPhase(p, IAdjudicator.Phase.Ended);
    }

    /// @notice Whoever resolves a part first makes no one else's calldata worthless.
    function test_Rule02_TheHashOfLocksStaysAndProgressIsABitmap() public {
        for (uint256 count = 3; count <= 300; count *= 10) {
            setUp();
            Lock[] memory locks = many(count);
            bytes memory packed = bytesOf(locks);
            taken(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B - uint128(count)), locks));
            bytes memory both = abi.encodePacked(claim(1, preimageOf(1)), claim(2, preimageOf(2)));
            taken(resolving(packed, claim(1, preimageOf(1)))); // a front-runner's
            taken(resolving(packed, both));
            vm.assertEq(view_().locksHash, keccak256(packed));
            vm.assertEq(view_().decided[0], 6, "locks 1 and 2");
            vm.assertEq(view_().undecided, count - 2, "others are open");
            taken(resolving(packed, both));
            vm.assertEq(view_().toHolder, DEPOSIT_A + 1, "nothing is decided twice");
        }
    }

    function test_Rule03_NoUnitIsMade() public {
        IAdjudicator.Commitment memory c = stateOf(0, 900, 500);
        refused(closing(c, one(99, 0)), IAdjudicator.NotConserved.selector);
        refused(closing(c, one(101, 0)), IAdjudicator.NotConserved.selector);
        refused(closing(c, one(type(uint128).max - 1399, 0)), IAdjudicator.NotConserved.selector);
        (c.toA, c.accA) = (901, 1001);
        refused(closing(c, one(100, 0)), IAdjudicator.DepositsMissing.selector);
        (c.toA, c.accA, c.outB) = (900, 1000, 1);
        refused(closing(c, one(100, 0)), IAdjudicator.NotConserved.selector);
        refused(cooperating([uint128(1001), 500, 1000, 500, 0, 0]), IAdjudicator.NotConserved.selector);
        refused(cooperating([uint128(1001), 500, 1001, 500, 0, 0]), IAdjudicator.DepositsMissing.selector);
        refused(withdrawing(1501, 0), IAdjudicator.TooMuch.selector);
        refused(withdrawing(type(uint128).max, 1501), IAdjudicator.TooMuch.selector);
        overfull(2 ** 120 - 1500);
        taken(closing(stateOf(0, 900, 500), one(100, 0)));
        taken(resolving(bytesOf(one(100, 0)), claim(0, preimageOf(0))));
        vm.assertEq(view_().toHolder, 1000, "decided");
        vm.assertEq(view_().left, 1500, "of all there is");
    }

    /// @notice A deposit that takes both sides' to 2^120 reverts: the phase shares the slot.
    function overfull(uint256 amount) private {
        vm.deal(address(this), amount);
        (bool ok, bytes memory out) =
            address(adjudicator).call{value: amount}(abi.encodeCall(IAdjudicator.deposit, (p, 1, amount)));
        vm.assertTrue(!ok && bytes4(out) == IAdjudicator.TooMuch.selector, "a sum of 2^120");
        --amount;
        IAdjudicator.Params memory q = p;
        q.nonce += 1 << 32;
        adjudicator.deposit{value: amount}(q, 1, amount);
        vm.assertEq(adjudicator.channel(idOf(q)).depB, amount, "less than that is taken");
    }

    function test_Rule04_NobodyClosesInAnothersName() public {
        IAdjudicator.Commitment memory c = stateOf(0, DEPOSIT_A, DEPOSIT_B);
        IAdjudicator.Sig memory a = signCommitment(KEY_A, id, c, 0, "");
        IAdjudicator.Sig memory b = signCommitment(KEY_B, id, c, 0, "");
        IAdjudicator.Sig memory zero;
        refused(closing(c, "", b, b), IAdjudicator.WrongSignature.selector);
        refused(closing(c, "", b, zero), IAdjudicator.WrongSignature.selector);
        refused(closing(c, "", a, b), IAdjudicator.WrongSignature.selector);
        refused(closing(c, "", a, a), IAdjudicator.WrongSignature.selector);
        vm.prank(address(0xb0b)); // anyone may send it
        taken(closing(c, "", b, a));
    }

    /// @notice A was revoked a state that gives it 15, and claims an old lock of 300 besides.
    function test_Rule05_OnlyWhomTheVictimGrantedPunishesForNoMoreThanTheStateGaveTheCheater() public {
        taken(closing(stateOf(0, 15, 1185), one(300, 0)));
        taken(resolving(bytesOf(one(300, 0)), claim(0, preimageOf(0))));
        vm.assertEq(view_().toHolder, 315, "with the lock");
        vm.assertEq(view_().cap, 15, "the state's alone");
        bytes32 secret = bytes32(SECRET);
        refused(punishing(secret, 300, KEY_A), IAdjudicator.WrongSignature.selector);
        refused(punishing(secret, 300, SECRET), IAdjudicator.WrongSignature.selector);
        IAdjudicator.Sig memory grant = signGrant(KEY_B, id, TOWER, 300);
        refused(
            abi.encodeCall(IAdjudicator.punish, (p, secret, PAY_A, 300, grant)), IAdjudicator.WrongSignature.selector
        );
        refused(
            abi.encodeCall(IAdjudicator.punish, (p, secret, TOWER, 301, grant)), IAdjudicator.WrongSignature.selector
        );
        taken(punishing(secret, 300, KEY_B));
        assertPaid(0, 1485);
        vm.assertEq(TOWER.balance, 15, "the tower's");
    }

    function test_Rule07_AStrangersDepositBlocksNoClose() public {
        vm.deal(address(this), 2);
        adjudicator.deposit{value: 1}(p, 0, 1);
        adjudicator.deposit{value: 1}(p, 1, 1);
        taken(cooperating([uint128(900), 600, DEPOSIT_A, DEPOSIT_B, 0, 0]));
        assertPaid(901, 601);

        setUp();
        adjudicatorHasMore(5);
        taken(closing(stateOf(1, 900, 600), none()));
        vm.assertEq(view_().toHolder, 600, "B's");
        vm.assertEq(view_().left, 1505, "all");
        vm.warp(block.timestamp + DELAY);
        taken(settling());
        assertPaid(901 + 905, 601 + 600);
    }

    function adjudicatorHasMore(uint256 amount) private {
        vm.deal(address(this), amount);
        adjudicator.deposit{value: amount}(p, 0, amount);
    }

    /// @notice Preimages strictly before the lock's expiry, refunds from it on, the end from the deadline on.
    function test_Rule11_TimeIsTheBlocksTimestamp() public {
        uint256 start = block.timestamp;
        Lock[] memory locks = many(3);
        taken(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B - 3), locks));
        vm.assertEq(view_().deadline, start + DELAY, "deadline");
        vm.warp(start + 1 days - 1);
        refused(settling(), IAdjudicator.TooEarly.selector);
        taken(resolving(bytesOf(locks), claim(0, preimageOf(0))));
        vm.assertEq(view_().undecided, 2, "one in time");
        vm.warp(start + 1 days);
        taken(resolving(bytesOf(locks), claim(1, preimageOf(1))));
        vm.assertEq(view_().decided[0], 5, "the late one is passed by, the other refunded");
        vm.assertEq(view_().toHolder, DEPOSIT_A + 1, "its refund is B's");
        taken(resolving(bytesOf(locks), ""));
        taken(settling());
        assertPaid(DEPOSIT_A + 2, DEPOSIT_B - 2);
    }
}
