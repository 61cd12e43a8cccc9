// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Lock, Scene} from "./Scene.sol";
import {Books} from "./Tokens.sol";

/// @notice Channels of any token, and each way in which the adjudicator pays out of one.
abstract contract Paths is Scene {
    enum Path {
        Withdraw,
        Coop,
        Settle,
        SettlePartial,
        Punish
    }

    uint256 constant KEY_A = 0xa;
    uint256 constant KEY_B = 0xb;
    uint256 constant SECRET = 0x5ec4e7;
    bytes32 constant PREIMAGE = "preimage";
    address constant TOWER = address(0x70e4);
    uint32 constant DELAY = 1 days;
    uint128 constant DEPOSIT_A = 1000;
    uint128 constant DEPOSIT_B = 500;
    uint128 constant BOUNTY = 5;

    uint64 private nonce;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        meet(vm.deployCode("Adjudicator.sol:Adjudicator"));
    }

    receive() external payable {}

    /// @notice Opens a channel and gives both sides their deposits.
    function open(address token, address payA, address payB) internal returns (IAdjudicator.Params memory p) {
        p = IAdjudicator.Params(vm.addr(KEY_A), vm.addr(KEY_B), payA, payB, token, DELAY, ++nonce);
        deposit(p, 0, DEPOSIT_A);
        deposit(p, 1, DEPOSIT_B);
    }

    function deposit(IAdjudicator.Params memory p, uint8 side, uint128 amount) internal {
        if (p.token == address(0)) {
            vm.deal(address(this), amount);
            adjudicator.deposit{value: amount}(p, side, amount);
            return;
        }
        Books(p.token).mint(address(this), amount);
        Books(p.token).approve(address(adjudicator), amount);
        adjudicator.deposit(p, side, amount);
    }

    /// @notice What a path has paid or owes when it is through. The sides' capacity is all of it, but for
    /// what a withdrawal leaves.
    function due(Path path) internal pure returns (uint128 a, uint128 b, uint128 tower) {
        if (path == Path.Withdraw) return (100, 50, 0);
        if (path == Path.Coop) return (900, 600, 0);
        if (path == Path.Settle) return (850, 650, 0); // the lock was taken
        if (path == Path.SettlePartial) return (950, 550, 0); // the lock was refunded
        return (DEPOSIT_A + DEPOSIT_B - BOUNTY, 0, BOUNTY);
    }

    /// @notice Goes a path to its end.
    function go(Path path, IAdjudicator.Params memory p) internal {
        bytes32 id = idOf(p);
        if (path == Path.Withdraw) {
            adjudicator.withdraw(p, 100, 50, signWithdraw(KEY_A, id, 100, 50), signWithdraw(KEY_B, id, 100, 50));
            return;
        }
        if (path == Path.Coop) {
            coop(p);
            return;
        }
        bytes memory locks = close(p, 1);
        if (path == Path.Settle) {
            adjudicator.resolve(p, locks, claim(0, PREIMAGE));
            vm.warp(block.timestamp + DELAY);
            adjudicator.settle(p);
        } else if (path == Path.SettlePartial) {
            vm.warp(block.timestamp + DELAY);
            adjudicator.settlePartial(p, locks);
            vm.warp(block.timestamp + DELAY);
            adjudicator.resolve(p, locks, "");
            adjudicator.settle(p);
        } else {
            adjudicator.punish(p, bytes32(SECRET), TOWER, BOUNTY, signGrant(KEY_A, id, TOWER, BOUNTY));
        }
    }

    function coop(IAdjudicator.Params memory p) internal {
        (IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) = coopSigs(p);
        adjudicator.coop(p, 900, 600, DEPOSIT_A, DEPOSIT_B, 0, 0, a, b);
    }

    function coopSigs(IAdjudicator.Params memory p)
        internal
        view
        returns (IAdjudicator.Sig memory, IAdjudicator.Sig memory)
    {
        uint128[6] memory w = [uint128(900), 600, DEPOSIT_A, DEPOSIT_B, 0, 0];
        return (signCoop(KEY_A, idOf(p), w), signCoop(KEY_B, idOf(p), w));
    }

    /// @notice B posts a state with one lock of 100 that pays B on the preimage, open for two contest periods.
    function close(IAdjudicator.Params memory p, uint64 n) internal returns (bytes memory locks) {
        IAdjudicator.Commitment memory c;
        IAdjudicator.Sig memory a;
        IAdjudicator.Sig memory b;
        (c, locks, a, b) = state(p, n);
        adjudicator.close(p, c, locks, a, b);
    }

    function state(IAdjudicator.Params memory p, uint64 n)
        internal
        view
        returns (IAdjudicator.Commitment memory c, bytes memory locks, IAdjudicator.Sig memory, IAdjudicator.Sig memory)
    {
        c = IAdjudicator.Commitment(1, n, 850, 550, DEPOSIT_A, DEPOSIT_B, 0, 0, vm.addr(SECRET));
        locks = pack(Lock(hashOf(PREIMAGE), 100, uint48(block.timestamp) + 2 * DELAY, 1));
        bytes32 id = idOf(p);
        return (c, locks, signCommitment(KEY_A, id, c, 100, locks), signCommitment(KEY_B, id, c, 100, locks));
    }

    function phase(IAdjudicator.Params memory p) internal view returns (IAdjudicator.Phase) {
        return adjudicator.channel(idOf(p)).phase;
    }

    function balance(address token, address who) internal view returns (uint256) {
        return token == address(0) ? who.balance : Books(token).balanceOf(who);
    }

    function claimOwed(address token, uint256 key, address to) internal {
        address who = vm.addr(key);
        adjudicator.claimOwed(token, who, to, signOwed(key, token, who, to, adjudicator.owedNonce(who)));
    }

    function assertPhase(IAdjudicator.Params memory p, IAdjudicator.Phase want) internal view {
        vm.assertEq(uint256(phase(p)), uint256(want), "phase");
    }

    /// @notice A path came to its end: the channel is over, or open after a withdrawal.
    function assertThrough(Path path, IAdjudicator.Params memory p) internal view {
        assertPhase(p, path == Path.Withdraw ? IAdjudicator.Phase.Open : IAdjudicator.Phase.Ended);
    }
}
