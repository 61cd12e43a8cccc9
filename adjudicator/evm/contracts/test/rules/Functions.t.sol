// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Refuser} from "../tokens/Receivers.sol";
import {Lock} from "../tokens/Scene.sol";
import {BlocklistToken} from "../tokens/Tokens.sol";
import {Channels} from "./Channels.sol";

/// @notice Money in and out of an open channel: what each function does, and each reason for which it refuses.
contract OpenChannelTest is Channels {
    function depositing(uint256 value, uint8 side, uint256 amount) private returns (bytes4 reason) {
        vm.deal(address(this), value);
        (bool ok, bytes memory out) =
            address(adjudicator).call{value: value}(abi.encodeCall(IAdjudicator.deposit, (p, side, amount)));
        return ok ? bytes4(0) : bytes4(out);
    }

    function test_DepositAddsToEitherSide() public {
        vm.assertEq(view_().depA, DEPOSIT_A);
        vm.assertEq(view_().depB, DEPOSIT_B);
        vm.assertTrue(depositing(7, 1, 7) == 0, "more of B's");
        vm.assertEq(view_().depB, DEPOSIT_B + 7);
        p.nonce += 1 << 32;
        id = idOf(p);
        assertPhase(p, IAdjudicator.Phase.None);
        vm.deal(address(this), 3);
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Deposited(id, 1, 3);
        adjudicator.deposit{value: 3}(p, 1, 3);
        assertPhase(p, IAdjudicator.Phase.Open);
    }

    function test_DepositRefuses() public {
        vm.assertTrue(depositing(1, 2, 1) == IAdjudicator.WrongSide.selector, "a third side");
        vm.assertTrue(depositing(2, 0, 1) == IAdjudicator.UnexpectedValue.selector, "more coins than named");
        vm.assertTrue(depositing(0, 0, 1) == IAdjudicator.UnexpectedValue.selector, "fewer");
        vm.assertTrue(depositing(0, 0, 0) == IAdjudicator.NothingArrived.selector, "none");
        taken(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none()));
        vm.assertTrue(depositing(1, 0, 1) == IAdjudicator.WrongPhase.selector, "while closing");
        p.token = address(new BlocklistToken());
        vm.assertTrue(depositing(0, 0, 1) == IAdjudicator.TransferFailed.selector, "nothing allowed");
    }

    function test_WithdrawPaysTheIncreases() public {
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Withdrawn(id, 100, 0);
        taken(withdrawing(100, 0));
        assertPaid(100, 0);
        taken(withdrawing(150, 50));
        assertPaid(150, 50);
        taken(withdrawing(150, 50)); // again: nothing more
        assertPaid(150, 50);
        vm.assertEq(view_().withdrawnA, 150);
        vm.assertEq(view_().withdrawnB, 50);
        taken(withdrawing(150, 1350));
        assertPaid(150, 1350);
        taken(cooperating([uint128(0), 0, DEPOSIT_A, DEPOSIT_B, 150, 1350]));
    }

    function test_WithdrawRefuses() public {
        taken(withdrawing(100, 100));
        refused(withdrawing(99, 200), IAdjudicator.Lower.selector);
        refused(withdrawing(200, 99), IAdjudicator.Lower.selector);
        refused(withdrawing(1000, 501), IAdjudicator.TooMuch.selector);
        IAdjudicator.Sig memory a = signWithdraw(KEY_A, id, 101, 101);
        IAdjudicator.Sig memory b = signWithdraw(KEY_B, id, 101, 101);
        refused(abi.encodeCall(IAdjudicator.withdraw, (p, 101, 101, a, a)), IAdjudicator.WrongSignature.selector);
        refused(abi.encodeCall(IAdjudicator.withdraw, (p, 101, 101, b, b)), IAdjudicator.WrongSignature.selector);
        refused(abi.encodeCall(IAdjudicator.withdraw, (p, 101, 102, a, b)), IAdjudicator.WrongSignature.selector);
        p.nonce += 1 << 32;
        refused(withdrawing(0, 0), wrongPhase(IAdjudicator.Phase.None));
    }

    function test_CoopPaysBothAndWhatTheyDoNotKnowOf() public {
        taken(withdrawing(30, 20));
        vm.assertTrue(depositing(5, 0, 5) == 0, "a deposit");
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Cooperated(id, 800 + 5 + 10, 595 + 45);
        taken(cooperating([uint128(800), 595, DEPOSIT_A, DEPOSIT_B, 40, 65]));
    }

    function test_CoopRefuses() public {
        taken(withdrawing(30, 20));
        refused(cooperating(fair()), IAdjudicator.WithdrawalsMissing.selector);
        refused(cooperating([uint128(970), 481, DEPOSIT_A, DEPOSIT_B, 30, 19]), IAdjudicator.WithdrawalsMissing.selector);
        refused(cooperating([uint128(970), 481, DEPOSIT_A, DEPOSIT_B, 30, 20]), IAdjudicator.NotConserved.selector);
        refused(cooperating([uint128(970), 479, DEPOSIT_A, DEPOSIT_B, 30, 20]), IAdjudicator.NotConserved.selector);
        refused(cooperating([uint128(970), 481, 1000, 501, 30, 20]), IAdjudicator.DepositsMissing.selector);
        uint128[6] memory w = [uint128(970), 480, DEPOSIT_A, DEPOSIT_B, 30, 20];
        IAdjudicator.Sig memory a = signCoop(KEY_A, id, w);
        bytes memory data = abi.encodeCall(IAdjudicator.coop, (p, w[0], w[1], w[2], w[3], w[4], w[5], a, a));
        refused(data, IAdjudicator.WrongSignature.selector);
        IAdjudicator.Sig memory b = signCoop(KEY_B, id, w);
        data = abi.encodeCall(IAdjudicator.coop, (p, w[0], w[1], w[2], w[3], w[4], w[5], b, b));
        refused(data, IAdjudicator.WrongSignature.selector);
        taken(cooperating(w));
        refused(cooperating(w), wrongPhase(IAdjudicator.Phase.Ended));
    }

    function test_ClaimOwedPaysWhomItsOwnerNamesOnce() public {
        Refuser refuser = new Refuser();
        p = open(address(0), address(refuser), vm.addr(SECRET));
        id = idOf(p);
        vm.etch(vm.addr(SECRET), hex"fe");
        taken(cooperating(fair()));
        bytes memory own = abi.encodeCall(
            IAdjudicator.claimOwed, (address(0), address(refuser), TOWER, IAdjudicator.Sig(0, 0))
        );
        refused(own, IAdjudicator.WrongSignature.selector);
        refuser.run(address(adjudicator), own);
        vm.assertEq(TOWER.balance, DEPOSIT_A);
        bySignature(vm.addr(SECRET));
    }

    function bySignature(address who) private {
        IAdjudicator.Sig memory s = signOwed(SECRET, address(0), who, TOWER, 0);
        refused(
            abi.encodeCall(IAdjudicator.claimOwed, (address(0), who, PAY_A, s)), IAdjudicator.WrongSignature.selector
        );
        bytes memory data = abi.encodeCall(IAdjudicator.claimOwed, (address(0), who, TOWER, s));
        taken(data);
        vm.assertEq(TOWER.balance, DEPOSIT_A + DEPOSIT_B);
        vm.assertEq(adjudicator.owedNonce(who), 1);
        refused(data, IAdjudicator.WrongSignature.selector);
        s = signOwed(SECRET, address(0), who, TOWER, 1);
        refused(
            abi.encodeCall(IAdjudicator.claimOwed, (address(0), who, TOWER, s)), IAdjudicator.NothingOwed.selector
        );
    }

    function test_ClaimOwedRevertsIfTheNewReceiverRefusesToo() public {
        Refuser refuser = new Refuser();
        p = open(address(0), vm.addr(SECRET), address(refuser));
        id = idOf(p);
        taken(cooperating(fair()));
        bytes memory own = abi.encodeCall(
            IAdjudicator.claimOwed, (address(0), address(refuser), address(refuser), IAdjudicator.Sig(0, 0))
        );
        vm.prank(address(refuser));
        refused(own, IAdjudicator.TransferFailed.selector);
        vm.assertEq(adjudicator.owed(address(0), address(refuser)), DEPOSIT_B);
        refuser.setRefuses(false);
        vm.prank(address(refuser));
        taken(own);
        vm.assertEq(address(refuser).balance, DEPOSIT_B);
    }
}

/// @notice A state that was posted: what each function does with it, and each reason for which it refuses.
contract ClosingChannelTest is Channels {
    function test_CloseStartsTheContestWithSurplus() public {
        taken(withdrawing(30, 0));
        IAdjudicator.Commitment memory c = stateOf(1, 500, 330);
        (c.accA, c.accB, c.outA) = (900, 500, 70);
        uint64 deadline = uint64(block.timestamp) + DELAY;
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Closing(id, 1, c.n, c.rev, deadline, 500 + 100 + 40, 330);
        taken(closing(c, one(500, 0)));
        IAdjudicator.Channel memory got = view_();
        vm.assertEq(uint256(got.phase), uint256(IAdjudicator.Phase.Closing));
        vm.assertEq(got.holder, 1);
        vm.assertEq(got.rev, c.rev);
        vm.assertEq(got.deadline, deadline);
        vm.assertEq(got.toHolder, 330);
        vm.assertEq(got.cap, 330);
        vm.assertEq(got.left, 1470);
        vm.assertEq(got.undecided, 1);
        vm.assertEq(got.locksHash, keccak256(bytesOf(one(500, 0))));
        vm.assertEq(got.depA, 0);
    }

    function test_CloseRefuses() public {
        IAdjudicator.Commitment memory c = stateOf(2, DEPOSIT_A, DEPOSIT_B);
        refused(closing(c, none()), IAdjudicator.WrongSide.selector);
        c.holder = 0;
        (c.accA, c.toA) = (1001, 1001);
        refused(closing(c, none()), IAdjudicator.DepositsMissing.selector);
        (c.accA, c.toA, c.accB, c.toB) = (1000, 1000, 501, 501);
        refused(closing(c, none()), IAdjudicator.DepositsMissing.selector);
        c = stateOf(0, DEPOSIT_A, DEPOSIT_B - 1);
        refused(closing(c, none()), IAdjudicator.NotConserved.selector);
        IAdjudicator.Sig memory a = signCommitment(KEY_A, id, c, 1, bytesOf(one(1, 0)));
        refused(closing(c, bytesOf(one(1, 0)), a, a), IAdjudicator.WrongSignature.selector);
        refused(closing(c, bytesOf(one(1, 1)), signCommitment(KEY_B, id, c, 1, bytesOf(one(1, 0))), a), IAdjudicator.WrongSignature.selector);
        taken(withdrawing(1, 0));
        refused(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none()), IAdjudicator.WithdrawalsMissing.selector);
        c = stateOf(0, DEPOSIT_A - 1, DEPOSIT_B);
        c.outA = 1;
        taken(closing(c, none()));
        refused(closing(c, none()), wrongPhase(IAdjudicator.Phase.Closing));
    }

    function test_CloseRefusesMalformedLocks() public {
        IAdjudicator.Commitment memory c = stateOf(0, DEPOSIT_A, DEPOSIT_B - 1);
        bytes memory good = bytesOf(one(1, 0));
        refused(closing(c, bytes.concat(good, hex"00"), 1), IAdjudicator.WrongLocks.selector);
        for (uint256 at_ = 54; at_ < 64; ++at_) {
            bytes memory bad = bytes.concat(good);
            bad[at_] = at_ == 54 ? bytes1(0x02) : bytes1(0x01); // side 2, kind 1, padding
            refused(closing(c, bad, 1), IAdjudicator.WrongLocks.selector);
        }
        c = stateOf(0, DEPOSIT_A - 900, DEPOSIT_B - 67);
        refused(closing(c, many(967)), IAdjudicator.WrongLocks.selector);
        c.toA += 1;
        taken(closing(c, many(966)));
        vm.assertEq(view_().undecided, 966);
    }

    function test_ResolveTakesClaimsAndRefundsTheRest() public {
        for (uint256 count = 4; count <= 604; count += 200) {
            setUp();
            Lock[] memory locks = many(count);
            locks[count - 1].expiry -= 10;
            taken(closing(stateOf(0, DEPOSIT_A - 400, DEPOSIT_B + 400 - uint128(count)), locks));
            vm.warp(block.timestamp + 1 days - 5);
            vm.expectEmit(address(adjudicator));
            emit IAdjudicator.Resolved(id, claim(2, preimageOf(2)), abi.encodePacked(uint16(count - 1)));
            taken(resolving(bytesOf(locks), claim(2, preimageOf(2))));
            vm.assertEq(view_().undecided, count - 2);
            vm.assertEq(view_().toHolder, 602); // a claim of A's, and its refund
            vm.warp(block.timestamp + 1 days);
            taken(resolving(bytesOf(locks), ""));
            vm.assertEq(view_().undecided, 0);
            for (uint256 i; i < count; ++i) {
                vm.assertTrue(view_().decided[i / 256] >> (i % 256) & 1 == 1, "decided");
            }
        }
    }

    function test_ResolveRefuses() public {
        refused(resolving("", ""), wrongPhase(IAdjudicator.Phase.Open));
        Lock[] memory locks = many(3);
        taken(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B - 3), locks));
        bytes memory packed = bytesOf(locks);
        refused(resolving("", ""), IAdjudicator.LocksDiffer.selector);
        refused(resolving(bytesOf(many(2)), ""), IAdjudicator.LocksDiffer.selector);
        bytes memory second = claim(1, preimageOf(1));
        refused(resolving(packed, hex"00"), IAdjudicator.WrongClaims.selector);
        refused(resolving(packed, bytes.concat(second, second)), IAdjudicator.WrongClaims.selector);
        refused(resolving(packed, bytes.concat(second, claim(0, preimageOf(0)))), IAdjudicator.WrongClaims.selector);
        refused(resolving(packed, claim(3, preimageOf(3))), IAdjudicator.WrongClaims.selector);
        bytes memory wrong = abi.encodeWithSelector(IAdjudicator.WrongPreimage.selector, 2);
        refused(resolving(packed, bytes.concat(second, claim(2, preimageOf(1)))), wrong);
        taken(resolving(packed, bytes.concat(second, claim(2, preimageOf(2)))));
        refused(resolving(packed, claim(2, preimageOf(1))), wrong); // though it is decided
    }

    function test_ResolveWithoutLocksDecidesNothing() public {
        taken(closing(stateOf(0, DEPOSIT_A, DEPOSIT_B), none()));
        vm.assertEq(view_().locksHash, keccak256(""));
        refused(resolving(bytesOf(many(1)), ""), IAdjudicator.LocksDiffer.selector);
        refused(resolving("", claim(0, 0)), IAdjudicator.WrongClaims.selector);
        taken(resolving("", ""));
    }

    function test_SettlePaysWhenAllIsDecided() public {
        refused(settling(), wrongPhase(IAdjudicator.Phase.Open));
        taken(closing(stateOf(1, 900, 500), one(100, 0)));
        refused(settling(), IAdjudicator.TooEarly.selector);
        vm.warp(block.timestamp + DELAY);
        refused(settling(), IAdjudicator.Undecided.selector);
        taken(resolving(bytesOf(one0()), ""));
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Settled(id, 900, 600, true);
        taken(settling());
        assertPaid(900, 600);
        vm.assertEq(uint256(view_().phase), uint256(IAdjudicator.Phase.Ended));
        vm.assertEq(view_().left, 0);
    }

    /// @notice The lock that was closed with a contest period ago.
    function one0() private view returns (Lock[] memory locks) {
        locks = one(100, 0);
        locks[0].expiry -= DELAY;
    }

    function partial_(bytes memory locks) private view returns (bytes memory) {
        return abi.encodeCall(IAdjudicator.settlePartial, (p, locks));
    }

    function test_SettlePartialPaysWhatIsDecidedOnce() public {
        for (uint256 count = 2; count <= 302; count += 100) {
            setUp();
            uint256[2] memory had = [PAY_A.balance, PAY_B.balance];
            Lock[] memory locks = many(count);
            locks[count - 1].expiry += 1 days;
            bytes memory packed = bytesOf(locks);
            taken(closing(stateOf(0, DEPOSIT_A - 300, DEPOSIT_B + 300 - uint128(count)), locks));
            refused(partial_(packed), IAdjudicator.TooEarly.selector);
            vm.warp(block.timestamp + DELAY);
            refused(partial_(""), IAdjudicator.LocksDiffer.selector);
            taken(resolving(packed, ""));
            vm.expectEmit(address(adjudicator));
            emit IAdjudicator.Settled(id, uint128(699 + count / 2), uint128(800 - count / 2), false);
            taken(partial_(packed));
            assertPaid(had[0] + 699 + count / 2, had[1] + 800 - count / 2);
            taken(partial_(packed)); // nothing more
            assertPaid(had[0] + 699 + count / 2, had[1] + 800 - count / 2);
            vm.assertTrue(view_().partly, "partly");
            vm.assertEq(view_().left, 1);
            refused(settling(), IAdjudicator.Undecided.selector);
            taken(resolving(packed, claim(count - 1, preimageOf(count - 1))));
            taken(partial_(packed));
            vm.assertEq(uint256(view_().phase), uint256(IAdjudicator.Phase.Ended));
            refused(partial_(packed), wrongPhase(IAdjudicator.Phase.Ended));
            assertPaid(had[0] + 699 + count / 2, had[1] + 801 - count / 2);
        }
    }

    function test_PunishGivesTheVictimAllThatIsLeft() public {
        taken(closing(stateOf(1, 800, 500), many(200)));
        refused(punishing(bytes32(SECRET + 1), 5, KEY_A), IAdjudicator.WrongSecret.selector);
        refused(punishing(bytes32(0), 5, KEY_A), IAdjudicator.WrongSecret.selector);
        refused(punishing(bytes32(SECRET), 5, KEY_B), IAdjudicator.WrongSignature.selector);
        vm.expectEmit(address(adjudicator));
        emit IAdjudicator.Punished(id, TOWER, 5, 1495);
        taken(punishing(bytes32(SECRET), 5, KEY_A));
        assertPaid(1495, 0);
        vm.assertEq(TOWER.balance, 5);
        refused(punishing(bytes32(SECRET), 5, KEY_A), wrongPhase(IAdjudicator.Phase.Ended));
    }

    /// @notice What settlePartial paid is gone, and so is the tower's.
    function test_PunishAfterAPartialSettlementGivesTheRest() public {
        Lock[] memory locks = many(2);
        locks[1].expiry += 2 days;
        taken(closing(stateOf(0, DEPOSIT_A - 2, DEPOSIT_B), locks));
        vm.warp(block.timestamp + DELAY);
        taken(partial_(bytesOf(locks)));
        assertPaid(DEPOSIT_A - 2, DEPOSIT_B);
        vm.assertEq(view_().cap, 0);
        taken(punishing(bytes32(SECRET), 5, KEY_B));
        assertPaid(DEPOSIT_A - 2, DEPOSIT_B + 2);
        vm.assertEq(TOWER.balance, 0);
    }

    /// @notice The cap is counted in whole units, of which what is left has 2^49 at most.
    function test_TheCapIsRoundedDown() public {
        uint128 much = 1e24;
        vm.deal(address(this), much);
        adjudicator.deposit{value: much}(p, 0, much);
        IAdjudicator.Commitment memory c = stateOf(0, DEPOSIT_A + much, DEPOSIT_B);
        c.accA += much;
        taken(closing(c, none()));
        uint256 unit = (uint256(much) + 1500) / 2 ** 49 + 1;
        vm.assertEq(view_().cap, uint256(c.toA) / unit * unit);
        vm.assertTrue(view_().cap <= c.toA && view_().cap + unit > c.toA, "less than a unit is lost");
    }
}
