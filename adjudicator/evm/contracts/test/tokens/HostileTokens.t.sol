// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Paths} from "./Paths.sol";
import {
    AnsweringToken,
    BlocklistToken,
    Books,
    FeeToken,
    FloodToken,
    GasBurnerToken,
    HeavyToken,
    LyingToken,
    PlainToken,
    RebasingToken,
    SilentToken
} from "./Tokens.sol";

/// @notice ATTACKS.md 47: no token stops a close, takes from channels of another token or of its own, or
/// makes units of nothing.
contract HostileTokensTest is Paths {
    uint256 constant KEY_PAY_A = 0xaa; // their accounts sign for what is owed to them
    uint256 constant KEY_PAY_B = 0xbb;
    address payA;
    address payB;

    function setUp() public override {
        super.setUp();
        (payA, payB) = (vm.addr(KEY_PAY_A), vm.addr(KEY_PAY_B));
    }

    /// @notice Goes every path in channels of a token while it is hostile. What it refuses is owed, each side has
    /// what it is due, and is paid it when the token is tame again. A bystander's channel of the same token
    /// and one of another are paid in full meanwhile.
    function survives(address token, function(bool) internal hostile) internal {
        for (uint256 i; i <= uint256(type(Path).max); ++i) {
            Path path = Path(i);
            IAdjudicator.Params memory p = open(token, payA, payB);
            bystanders(token);
            uint256[2] memory had = [got(token, payA), got(token, payB)];
            hostile(true);
            go(path, p);
            assertThrough(path, p);
            hostile(false);
            (uint128 a, uint128 b,) = due(path);
            vm.assertEq(got(token, payA) - had[0], a, "A has its due");
            vm.assertEq(got(token, payB) - had[1], b, "B has its due");
            bystandersClose(token);
            claimAll(token);
        }
    }

    IAdjudicator.Params[2] private others;

    function bystanders(address token) private {
        others[0] = open(token, address(0xc1), address(0xc2));
        others[1] = open(address(plain), address(0xc1), address(0xc2));
    }

    PlainToken private plain = new PlainToken();

    function bystandersClose(address token) private {
        for (uint256 i; i < 2; ++i) {
            address t = i == 0 ? token : address(plain);
            (uint256 c1, uint256 c2) = (balance(t, address(0xc1)), balance(t, address(0xc2)));
            coop(others[i]);
            vm.assertEq(balance(t, address(0xc1)) - c1, 900, "a bystander is paid");
            vm.assertEq(balance(t, address(0xc2)) - c2, 600, "a bystander is paid");
        }
    }

    function got(address token, address who) private view returns (uint256) {
        return balance(token, who) + adjudicator.owed(token, who);
    }

    function claimAll(address token) private {
        for (uint256 i; i < 2; ++i) {
            (address who, uint256 key) = i == 0 ? (payA, KEY_PAY_A) : (payB, KEY_PAY_B);
            uint256 owed = adjudicator.owed(token, who);
            if (owed == 0) continue;
            address to = address(uint160(0xd0 + i));
            uint256 had = balance(token, to);
            claimOwed(token, key, to);
            vm.assertEq(balance(token, to) - had, owed, "what is owed is paid");
            vm.assertEq(adjudicator.owed(token, who), 0, "once");
        }
    }

    function nothing(bool) internal {}

    function test_ATokenThatAnswersNothingPays() public {
        address token = address(new SilentToken());
        survives(token, nothing);
        vm.assertEq(balance(token, payA), due100(), "it was pushed");
    }

    /// @notice What A is due of all paths together.
    function due100() private pure returns (uint256 sum) {
        for (uint256 i; i <= uint256(type(Path).max); ++i) {
            (uint128 a,,) = due(Path(i));
            sum += a;
        }
    }

    AnsweringToken private answering = new AnsweringToken();
    bytes private answer;

    function answers(bool on) internal {
        answering.say(on, false, answer);
    }

    function test_ATokenThatAnswersFalseOwes() public {
        answer = abi.encode(false);
        survives(address(answering), answers);
        vm.assertEq(balance(address(answering), payA), 0, "nothing was pushed");
    }

    function test_ATokenThatAnswersThreeBytesOwes() public {
        answer = hex"010101";
        survives(address(answering), answers);
        vm.assertEq(balance(address(answering), payA), 0, "nothing was pushed");
    }

    function test_ATokenThatAnswersAnotherNumberThanOneOwes() public {
        answer = abi.encode(2);
        survives(address(answering), answers);
        vm.assertEq(balance(address(answering), payA), 0, "nothing was pushed");
    }

    FloodToken private flooding = new FloodToken();
    bool private reverting;

    function floods(bool on) internal {
        flooding.flood(on ? 250_000 : 0, reverting); // about all that the gas of a push buys
    }

    function test_ATokenThatAnswersWithFloodsOwes() public {
        survives(address(flooding), floods);
        vm.assertEq(balance(address(flooding), payA), 0, "nothing was pushed");
    }

    function test_ATokenThatRevertsWithFloodsOwes() public {
        reverting = true;
        survives(address(flooding), floods);
        vm.assertEq(balance(address(flooding), payA), 0, "nothing was pushed");
    }

    function test_AFloodCostsItsCallerNoMoreThanTwoPushes() public {
        IAdjudicator.Params memory p = open(address(flooding), payA, payB);
        flooding.flood(1 << 22, false); // out of its gas
        uint256 start = gasleft();
        coop(p);
        vm.assertLe(start - gasleft(), 700_000, "gas");
        assertPhase(p, IAdjudicator.Phase.Ended);
    }

    BlocklistToken private listed = new BlocklistToken();

    function blocks(bool on) internal {
        listed.setBlocked(payA, on);
        listed.setBlocked(payB, on);
    }

    function test_WhoIsBlockedIsOwed() public {
        survives(address(listed), blocks);
        vm.assertEq(balance(address(listed), payA), 0, "nothing was pushed");
    }

    function blocksOne(bool on) internal {
        listed.setBlocked(payB, on);
    }

    function test_OneSideBlockedLeavesTheOtherPaid() public {
        survives(address(listed), blocksOne);
        vm.assertEq(balance(address(listed), payA), due100(), "A was pushed");
        vm.assertEq(balance(address(listed), payB), 0, "B was not");
    }

    function blocksTheAdjudicator(bool on) internal {
        listed.setBlocked(address(adjudicator), on);
    }

    function test_ABlockedAdjudicatorOwesAll() public {
        survives(address(listed), blocksTheAdjudicator);
    }

    GasBurnerToken private burning = new GasBurnerToken();

    function burns(bool on) internal {
        burning.setBurns(payA, on);
        burning.setBurns(payB, on);
    }

    function test_ATokenThatBurnsItsGasOwes() public {
        survives(address(burning), burns);
        vm.assertEq(balance(address(burning), payA), 0, "nothing was pushed");
    }

    /// @notice Whatever gas a caller gives: it pays, or nothing happened. Never is less than a push needs taken for a refusal.
    function test_NoCallerStarvesAPayment() public {
        address token = address(new HeavyToken());
        uint256 paid;
        for (uint256 limit = 40_000; limit < 700_000; limit += 20_000) {
            IAdjudicator.Params memory p = open(token, payA, payB);
            (IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) = coopSigs(p);
            try adjudicator.coop{gas: limit}(p, 900, 600, DEPOSIT_A, DEPOSIT_B, 0, 0, a, b) {
                ++paid;
            } catch {
                assertPhase(p, IAdjudicator.Phase.Open);
            }
            vm.assertEq(adjudicator.owed(token, payA) + adjudicator.owed(token, payB), 0, "nobody was starved");
        }
        vm.assertEq(balance(token, payA), 900 * paid, "A");
        vm.assertGe(paid, 5, "enough gas pays");
    }

    function test_AFeeOnTransferCountsAsWhatArrives() public {
        FeeToken token = new FeeToken();
        IAdjudicator.Params memory p = open(address(token), payA, payB);
        IAdjudicator.Channel memory c = adjudicator.channel(idOf(p));
        vm.assertEq(c.depA, 900, "of 1000");
        vm.assertEq(c.depB, 450, "of 500");
        IAdjudicator.Params memory q = open(address(token), address(0xc1), address(0xc2));
        for (uint256 i; i < 2; ++i) {
            IAdjudicator.Params memory r = i == 0 ? p : q;
            uint128[6] memory w = [uint128(800), 550, 900, 450, 0, 0];
            adjudicator.coop(r, 800, 550, 900, 450, 0, 0, signCoop(KEY_A, idOf(r), w), signCoop(KEY_B, idOf(r), w));
        }
        vm.assertEq(token.balanceOf(payA), 720, "800 less the fee");
        vm.assertEq(token.balanceOf(address(0xc2)), 495, "550 less the fee");
        vm.assertEq(token.balanceOf(address(adjudicator)), 0, "nobody's money was touched");
    }

    /// @notice A token that shrinks pays until it has no more, then owes; other tokens don't notice.
    function test_ATokenThatShrinksOwesWhatItLacks() public {
        RebasingToken token = new RebasingToken();
        IAdjudicator.Params memory p = open(address(token), payA, payB);
        IAdjudicator.Params memory q = open(address(token), payA, payB);
        IAdjudicator.Params memory other = open(address(plain), payA, payB);
        token.rebase(50);
        coop(p);
        coop(q);
        coop(other);
        assertPhase(p, IAdjudicator.Phase.Ended);
        assertPhase(q, IAdjudicator.Phase.Ended);
        vm.assertEq(plain.balanceOf(payA), 900, "another token pays");
        vm.assertEq(adjudicator.owed(address(token), payA) + adjudicator.owed(address(token), payB), 1500, "owed");
    }

    function test_ATokenThatGrowsMakesNoUnitsInChannels() public {
        RebasingToken token = new RebasingToken();
        IAdjudicator.Params memory p = open(address(token), payA, payB);
        token.rebase(200);
        IAdjudicator.Params memory q = open(address(token), payA, payB);
        vm.assertEq(adjudicator.channel(idOf(q)).depA, DEPOSIT_A, "what arrived");
        vm.assertEq(adjudicator.channel(idOf(p)).depA, DEPOSIT_A, "what had arrived");
    }

    function params(address token) private view returns (IAdjudicator.Params memory) {
        return IAdjudicator.Params(vm.addr(KEY_A), vm.addr(KEY_B), payA, payB, token, DELAY, 99);
    }

    function test_ADepositThatIsRefusedReverts() public {
        bytes[3] memory refusals = [abi.encode(false), bytes(hex"010101"), abi.encode(2)];
        for (uint256 i; i < refusals.length; ++i) {
            answering.say(false, true, refusals[i]);
            vm.expectRevert(IAdjudicator.TransferFailed.selector);
            adjudicator.deposit(params(address(answering)), 0, 10);
        }
        listed.setBlocked(address(adjudicator), true);
        vm.expectRevert(IAdjudicator.TransferFailed.selector);
        adjudicator.deposit(params(address(listed)), 0, 10);
    }

    function test_ADepositThatOnlySaysItArrivedReverts() public {
        answering.say(false, true, abi.encode(true));
        vm.expectRevert(IAdjudicator.NothingArrived.selector);
        adjudicator.deposit(params(address(answering)), 0, 10);
    }

    function test_ABalanceThatLiesMakesNoUnits() public {
        LyingToken token = new LyingToken();
        token.lie(0, 1 << 120);
        vm.expectRevert(IAdjudicator.TooMuch.selector);
        adjudicator.deposit(params(address(token)), 0, 10);
        token.lie(0, type(uint256).max);
        vm.expectRevert(IAdjudicator.TooMuch.selector);
        adjudicator.deposit(params(address(token)), 0, 10);
        token.lie(10, 9);
        vm.expectRevert();
        adjudicator.deposit(params(address(token)), 0, 10);
        assertPhase(params(address(token)), IAdjudicator.Phase.None);
    }

    function test_AnAddressWithoutCodeIsNoToken() public {
        vm.expectRevert();
        adjudicator.deposit(params(address(0xdead)), 0, 10);
    }

    function test_CoinsSentWithATokensDepositAreRefused() public {
        vm.deal(address(this), 1);
        plain.mint(address(this), 10);
        plain.approve(address(adjudicator), 10);
        vm.expectRevert(IAdjudicator.UnexpectedValue.selector);
        adjudicator.deposit{value: 1}(params(address(plain)), 0, 10);
    }
}
