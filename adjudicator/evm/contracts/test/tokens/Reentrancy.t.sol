// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Calls} from "./Calls.sol";
import {Reenterer} from "./Receivers.sol";
import {ReentrantToken} from "./Tokens.sol";

/// @notice ATTACKS.md 47: while the adjudicator moves money nobody changes it: a call that would succeed
/// before and after is refused.
contract ReentrancyTest is Calls {
    function test_NoFunctionIsEnteredWhileATokenPushes() public {
        tokenStrikes(true);
    }

    function test_NoFunctionIsEnteredWhileATokenPulls() public {
        tokenStrikes(false);
    }

    function tokenStrikes(bool push) private {
        for (uint256 i; i < FUNCTIONS; ++i) {
            ReentrantToken token = new ReentrantToken();
            IAdjudicator.Params memory p = open(address(token), address(0xa1), address(0xb1));
            (string memory name, bytes memory data) = prepare(i, address(token));
            token.arm(address(adjudicator), data, push);
            if (push) coop(p);
            else deposit(p, 0, 7);
            vm.assertTrue(token.called(), name);
            vm.assertTrue(bytes4(token.result()) == IAdjudicator.Reentered.selector, name);
            succeeds(name, data, address(token));
        }
    }

    /// @notice The call was refused for its moment only.
    function succeeds(string memory name, bytes memory data, address caller) private {
        vm.prank(caller);
        (bool ok,) = address(adjudicator).call(data);
        vm.assertTrue(ok, name);
    }

    function test_NoFunctionIsEnteredByAReceiverOfCoins() public {
        for (uint256 i; i < FUNCTIONS; ++i) {
            Reenterer receiver = new Reenterer(address(adjudicator));
            IAdjudicator.Params memory p = open(address(0), address(receiver), address(0xb1));
            (string memory name, bytes memory data) = prepare(i, address(receiver));
            address code = address(uint160(0xc0de00 + i));
            vm.etch(code, data);
            receiver.arm(code);
            coop(p);
            vm.assertTrue(receiver.answered() == bytes32(IAdjudicator.Reentered.selector), name);
            vm.assertEq(address(receiver).balance, 900, "it is paid all the same");
            succeeds(name, data, address(receiver));
        }
    }

    /// @notice A token's callback during a deposit once closed the channel, and half of the deposit was lost.
    function test_ADepositIsNotLostInAChannelClosedMeanwhile() public {
        ReentrantToken token = new ReentrantToken();
        IAdjudicator.Params memory p = open(address(token), address(0xa1), address(0xb1));
        (IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) = coopSigs(p);
        bytes memory data = abi.encodeCall(IAdjudicator.coop, (p, 900, 600, DEPOSIT_A, DEPOSIT_B, 0, 0, a, b));
        token.arm(address(adjudicator), data, false);
        deposit(p, 0, 7);
        assertPhase(p, IAdjudicator.Phase.Open);
        coop(p);
        vm.assertEq(token.balanceOf(address(0xa1)), 907, "with the surplus");
        vm.assertEq(token.balanceOf(address(adjudicator)), 0, "nothing stays behind");
    }

    /// @notice What a deposit inside of a deposit would bring can't count twice.
    function test_ADepositWithinADepositIsNotCountedTwice() public {
        ReentrantToken token = new ReentrantToken();
        IAdjudicator.Params memory p = open(address(token), address(0xa1), address(0xb1));
        token.mint(address(token), 10);
        vm.prank(address(token));
        token.approve(address(adjudicator), 10);
        token.arm(address(adjudicator), abi.encodeCall(IAdjudicator.deposit, (p, 1, 10)), false);
        deposit(p, 0, 7);
        IAdjudicator.Channel memory c = adjudicator.channel(idOf(p));
        vm.assertEq(c.depA + c.depB, token.balanceOf(address(adjudicator)), "what is there");
    }
}
