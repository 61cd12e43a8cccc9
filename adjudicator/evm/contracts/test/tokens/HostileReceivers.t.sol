// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Paths} from "./Paths.sol";
import {Flooder, GasBurner, Refuser} from "./Receivers.sol";

/// @notice ATTACKS.md 47 for the chain's coin: no receiver stops a close or keeps the other from its money.
contract HostileReceiversTest is Paths {
    address constant FRIEND = address(0xf41e4d);

    /// @notice Goes every path with a receiver at either side: the other is paid, it is owed.
    function survives(address receiver, bool owed) private {
        for (uint256 i; i <= uint256(type(Path).max); ++i) {
            (uint128 a, uint128 b,) = due(Path(i));
            IAdjudicator.Params memory p = open(address(0), receiver, FRIEND);
            survives(Path(i), p, owed ? 0 : a, owed ? a : 0, b);
            p = open(address(0), FRIEND, receiver);
            survives(Path(i), p, owed ? 0 : b, owed ? b : 0, a);
        }
    }

    /// @param pushed to the receiver, owed to it, paid to the other side
    function survives(Path path, IAdjudicator.Params memory p, uint256 pushed, uint256 owed, uint256 paid) private {
        address receiver = p.payA == FRIEND ? p.payB : p.payA;
        uint256[3] memory had = [receiver.balance, adjudicator.owed(address(0), receiver), FRIEND.balance];
        go(path, p);
        assertThrough(path, p);
        vm.assertEq(receiver.balance - had[0], pushed, "pushed");
        vm.assertEq(adjudicator.owed(address(0), receiver) - had[1], owed, "owed");
        vm.assertEq(FRIEND.balance - had[2], paid, "the other side is paid");
    }

    function test_AReceiverThatRefusesIsOwed() public {
        survives(address(new Refuser()), true);
    }

    function test_AReceiverThatBurnsItsGasIsOwed() public {
        survives(address(new GasBurner()), true);
    }

    function test_AReceiverThatRevertsWithAFloodIsOwed() public {
        survives(address(new Flooder(90_000, true)), true);
    }

    function test_AReceiverThatRunsOutOfGasFloodingIsOwed() public {
        survives(address(new Flooder(1 << 22, false)), true);
    }

    function test_AReceiverThatAnswersWithAFloodIsPaid() public {
        survives(address(new Flooder(90_000, false)), false);
    }

    function test_ATowerThatRefusesStopsNoPunishment() public {
        address tower = address(new Refuser());
        IAdjudicator.Params memory p = open(address(0), FRIEND, address(0xb1));
        close(p, 1);
        adjudicator.punish(p, bytes32(SECRET), tower, BOUNTY, signGrant(KEY_A, idOf(p), tower, BOUNTY));
        vm.assertEq(FRIEND.balance, DEPOSIT_A + DEPOSIT_B - BOUNTY, "the victim is paid");
        vm.assertEq(adjudicator.owed(address(0), tower), BOUNTY, "the tower is owed");
    }

    function test_NoReceiverMakesItsCallerPayForMoreThanItsPush() public {
        uint256 most;
        for (uint256 i; i < 4; ++i) {
            address receiver = i == 0
                ? address(new Refuser())
                : i == 1 ? address(new GasBurner()) : address(new Flooder(i == 2 ? 90_000 : 1 << 22, i == 2));
            IAdjudicator.Params memory p = open(address(0), receiver, receiver);
            uint256 start = gasleft();
            coop(p);
            start -= gasleft();
            if (start > most) most = start;
        }
        vm.assertLe(most, 250_000, "gas of a cooperative close with two hostile receivers");
    }

    function test_WhatIsOwedIsClaimedByItsReceiverElsewhere() public {
        Refuser receiver = new Refuser();
        IAdjudicator.Params memory p = open(address(0), address(receiver), FRIEND);
        coop(p);
        IAdjudicator.Sig memory none;
        bytes memory data = abi.encodeCall(IAdjudicator.claimOwed, (address(0), address(receiver), address(0xd0), none));
        vm.expectRevert(IAdjudicator.WrongSignature.selector);
        adjudicator.claimOwed(address(0), address(receiver), address(0xd0), none);
        receiver.run(address(adjudicator), data);
        vm.assertEq(address(0xd0).balance, 900, "all of it");
        vm.expectRevert(IAdjudicator.NothingOwed.selector);
        receiver.run(address(adjudicator), data);
    }

    function test_WhatIsOwedStaysOwedWhileItIsRefused() public {
        Refuser receiver = new Refuser();
        IAdjudicator.Params memory p = open(address(0), address(receiver), FRIEND);
        coop(p);
        IAdjudicator.Sig memory none;
        bytes memory data =
            abi.encodeCall(IAdjudicator.claimOwed, (address(0), address(receiver), address(receiver), none));
        (bool ok,) = address(receiver).call(abi.encodeCall(Refuser.run, (address(adjudicator), data)));
        ok; // whether it reverts or not
        vm.assertEq(adjudicator.owed(address(0), address(receiver)), 900, "still");
        receiver.setRefuses(false);
        receiver.run(address(adjudicator), data);
        vm.assertEq(address(receiver).balance, 900, "then paid");
    }

    /// @notice A receiver with code is paid within its 30,000 gas, whatever gas the caller gave.
    function test_NoCallerStarvesAReceiver() public {
        Refuser receiver = new Refuser();
        receiver.setRefuses(false);
        uint256 paid;
        for (uint256 limit = 40_000; limit < 250_000; limit += 5_000) {
            IAdjudicator.Params memory p = open(address(0), address(receiver), FRIEND);
            (IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) = coopSigs(p);
            try adjudicator.coop{gas: limit}(p, 900, 600, DEPOSIT_A, DEPOSIT_B, 0, 0, a, b) {
                ++paid;
            } catch {
                assertPhase(p, IAdjudicator.Phase.Open);
            }
        }
        vm.assertEq(address(receiver).balance, 900 * paid, "paid or nothing");
        vm.assertGe(paid, 5, "enough gas pays");
    }
}
