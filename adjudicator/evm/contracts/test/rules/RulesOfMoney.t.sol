// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Refuser} from "../tokens/Receivers.sol";
import {AnsweringToken, PlainToken, ReentrantToken, SilentToken} from "../tokens/Tokens.sol";
import {Channels} from "./Channels.sol";

/// @notice The rules about signatures, tokens and receivers that no gas saving may break.
contract RulesOfMoneyTest is Channels {
    /// @notice The order of secp256k1.
    uint256 constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// @notice forge's chain.
    uint256 constant CHAIN = 31337;

    /// @notice A token that calls back finds the door closed; what it moved meanwhile is counted once.
    function test_Rule06_NothingRunsInsideADepositOrAPayment() public {
        ReentrantToken token = new ReentrantToken();
        p = open(address(token), PAY_A, PAY_B);
        id = idOf(p);
        token.arm(address(adjudicator), cooperating(fair()), false);
        deposit(p, 0, 100);
        vm.assertEq(vm.toString(token.result()), vm.toString(abi.encodePacked(IAdjudicator.Reentered.selector)));
        vm.assertEq(view_().depA, DEPOSIT_A + 100, "counted");
        token.arm(address(adjudicator), withdrawing(1, 0), true);
        taken(withdrawing(1, 0));
        vm.assertEq(vm.toString(token.result()), vm.toString(abi.encodePacked(IAdjudicator.Reentered.selector)));
        vm.assertEq(balance(address(token), PAY_A), 1, "paid once");
    }

    function test_Rule08_ASignatureIsOfOneFormOneChannelOneContractAndOneChain() public {
        IAdjudicator.Commitment memory c = stateOf(0, DEPOSIT_A, DEPOSIT_B);
        IAdjudicator.Sig memory a = signCommitment(KEY_A, id, c, 0, "");
        IAdjudicator.Sig memory b = signCommitment(KEY_B, id, c, 0, "");
        refused(closing(c, "", flipped(b), a), IAdjudicator.WrongSignature.selector);
        refused(closing(c, "", b, flipped(a)), IAdjudicator.WrongSignature.selector);
        otherChannel(c, a, b);
        otherContract(c, a, b);
        otherChain(c, a, b);
        nobodySigns(c);
        noSecretOfNobody();
        taken(closing(c, "", b, a));
    }

    /// @notice The same signature with the other s, as EIP-2098 would have it if it let s be high.
    function flipped(IAdjudicator.Sig memory s) private pure returns (IAdjudicator.Sig memory) {
        uint256 parity = uint256(s.vs) >> 255;
        uint256 low = uint256(s.vs) & (2 ** 255 - 1);
        return IAdjudicator.Sig(s.r, bytes32((ORDER - low) | (1 - parity) << 255));
    }

    /// @notice Leaves the channel, the contract and the chain as they were.
    modifier elsewhere() {
        (IAdjudicator.Params memory wasP, bytes32 wasId, address wasAt) = (p, id, address(adjudicator));
        _;
        vm.chainId(CHAIN);
        meet(wasAt);
        (p, id) = (wasP, wasId);
    }

    function otherChannel(
        IAdjudicator.Commitment memory c,
        IAdjudicator.Sig memory a,
        IAdjudicator.Sig memory b
    ) private elsewhere {
        p = open(address(0), PAY_A, PAY_B);
        refused(closing(c, "", b, a), IAdjudicator.WrongSignature.selector);
    }

    function otherContract(
        IAdjudicator.Commitment memory c,
        IAdjudicator.Sig memory a,
        IAdjudicator.Sig memory b
    ) private elsewhere {
        meet(vm.deployCode("Adjudicator.sol:Adjudicator"));
        deposit(p, 0, DEPOSIT_A);
        deposit(p, 1, DEPOSIT_B);
        refused(closing(c, "", b, a), IAdjudicator.WrongSignature.selector);
    }

    /// @notice After a chain split and took another id, signatures are for the new one; ids of channels stay.
    function otherChain(IAdjudicator.Commitment memory c, IAdjudicator.Sig memory a, IAdjudicator.Sig memory b)
        private
        elsewhere
    {
        vm.chainId(CHAIN + 1);
        this.afterTheSplit(c, a, b); // the compiler takes the chain's id for a constant within a call
    }

    function afterTheSplit(
        IAdjudicator.Commitment memory c,
        IAdjudicator.Sig memory a,
        IAdjudicator.Sig memory b
    ) external {
        meet(address(adjudicator));
        vm.assertEq(adjudicator.channelId(p), id);
        vm.assertEq(uint256(view_().phase), uint256(IAdjudicator.Phase.Open));
        refused(closing(c, "", b, a), IAdjudicator.WrongSignature.selector);
        taken(withdrawing(0, 0)); // signed for the new one
    }

    /// @notice Nobody holds the key of the zero address, which ecrecover answers when it fails.
    function nobodySigns(IAdjudicator.Commitment memory c) private elsewhere {
        (p.b, p.nonce) = (address(0), 1 << 40);
        id = idOf(p);
        deposit(p, 0, DEPOSIT_A);
        deposit(p, 1, DEPOSIT_B);
        IAdjudicator.Sig memory zero;
        IAdjudicator.Sig memory a = signCommitment(KEY_A, id, c, 0, "");
        refused(closing(c, "", zero, a), IAdjudicator.WrongSignature.selector);
    }

    /// @notice The secret 0 has no point, so it opens no state, not even one that names the zero address.
    function noSecretOfNobody() private elsewhere {
        p = open(address(0), PAY_A, PAY_B);
        id = idOf(p);
        IAdjudicator.Commitment memory c = stateOf(0, DEPOSIT_A, DEPOSIT_B);
        c.rev = address(0);
        taken(closing(c, none()));
        refused(punishing(0, 0, KEY_B), IAdjudicator.WrongSecret.selector);
        refused(punishing(bytes32(ORDER), 0, KEY_B), IAdjudicator.WrongSecret.selector);
    }

    /// @notice Neither a receiver that refuses nor one that is starved stops a close or loses its money.
    function test_Rule09_WhatItsReceiverRefusesIsOwedAndStopsNothing() public {
        Refuser refuser = new Refuser();
        p = open(address(0), address(refuser), PAY_B);
        id = idOf(p);
        bytes memory close = cooperating(fair());
        for (uint256 gas_ = 60_000; gas_ < 160_000; gas_ += 5_000) {
            (bool ok,) = address(adjudicator).call{gas: gas_}(close);
            if (ok) break;
            assertPhase(p, IAdjudicator.Phase.Open);
        }
        assertPhase(p, IAdjudicator.Phase.Ended);
        vm.assertEq(adjudicator.owed(address(0), address(refuser)), DEPOSIT_A, "owed");
        vm.assertEq(PAY_B.balance, DEPOSIT_B, "B is paid");

        bytes[4] memory answers = [abi.encode(false), bytes(hex"010203"), abi.encode(2), new bytes(100_000)];
        for (uint256 i; i < answers.length; ++i) {
            AnsweringToken token = new AnsweringToken();
            p = open(address(token), PAY_A, PAY_B);
            id = idOf(p);
            token.say(true, false, answers[i]);
            taken(cooperating(fair()));
            vm.assertEq(adjudicator.owed(address(token), PAY_A), DEPOSIT_A, "owed to A");
            vm.assertEq(adjudicator.owed(address(token), PAY_B), DEPOSIT_B, "owed to B");
        }
        starves();
    }

    /// @notice With less gas than a push gets, the call reverts: it doesn't take the receiver for a refuser.
    function starves() private {
        p = open(address(new PlainToken()), PAY_A, PAY_B);
        id = idOf(p);
        bytes memory close = cooperating(fair());
        (bool ok, bytes memory out) = address(adjudicator).call{gas: 270_000}(close);
        vm.assertTrue(!ok && bytes4(out) == IAdjudicator.GasTooLow.selector, "270,000 aren't enough for a token");
        p = open(address(0), PAY_A, PAY_B);
        id = idOf(p);
        close = cooperating(fair());
        (ok, out) = address(adjudicator).call{gas: 80_000}(close);
        vm.assertTrue(!ok && bytes4(out) == IAdjudicator.GasTooLow.selector, "80,000 aren't enough for coins");
        taken(close);
    }

    function test_Rule10_TokensThatReturnNothingWorkAndCoinsWithATokenAreRefused() public {
        SilentToken token = new SilentToken();
        p = open(address(token), PAY_A, PAY_B);
        id = idOf(p);
        vm.deal(address(this), 1);
        token.mint(address(this), 1);
        token.approve(address(adjudicator), 1);
        (bool ok, bytes memory out) =
            address(adjudicator).call{value: 1}(abi.encodeCall(IAdjudicator.deposit, (p, 0, 1)));
        vm.assertTrue(!ok && bytes4(out) == IAdjudicator.UnexpectedValue.selector, "coins with a token");
        taken(cooperating(fair()));
        assertPaid(DEPOSIT_A, DEPOSIT_B);
    }
}
