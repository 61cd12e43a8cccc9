// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Paths} from "../tokens/Paths.sol";
import {Lock} from "../tokens/Scene.sol";

/// @notice Channels in coins of A (1000) and B (500), states of them, and calls that are refused.
abstract contract Channels is Paths {
    address constant PAY_A = address(0xa1);
    address constant PAY_B = address(0xb1);

    IAdjudicator.Params internal p;
    bytes32 internal id;

    function setUp() public virtual override {
        super.setUp();
        p = open(address(0), PAY_A, PAY_B);
        id = idOf(p);
    }

    /// @notice A state of all deposits, with what isn't given to the sides in locks.
    function stateOf(uint8 holder, uint128 toA, uint128 toB) internal pure returns (IAdjudicator.Commitment memory) {
        return IAdjudicator.Commitment(holder, 7, toA, toB, DEPOSIT_A, DEPOSIT_B, 0, 0, vm.addr(SECRET));
    }

    /// @notice A lock that preimageOf its index opens, for a day.
    function lock(uint256 index, uint128 amount, uint8 side) internal view returns (Lock memory) {
        return Lock(hashOf(preimageOf(index)), amount, uint48(block.timestamp) + 1 days, side);
    }

    function preimageOf(uint256 index) internal pure returns (bytes32) {
        return bytes32(index + 1);
    }

    function none() internal pure returns (Lock[] memory) {
        return new Lock[](0);
    }

    /// @notice So many locks of 1, every second of them A's on the preimage.
    function many(uint256 count) internal view returns (Lock[] memory locks) {
        locks = new Lock[](count);
        for (uint256 i; i < count; ++i) {
            locks[i] = lock(i, 1, uint8(i % 2));
        }
    }

    function one(uint128 amount, uint8 side) internal view returns (Lock[] memory locks) {
        locks = new Lock[](1);
        locks[0] = lock(0, amount, side);
    }

    /// @notice Locks as the contract takes them: what Scene's pack gives, in time for a thousand.
    function bytesOf(Lock[] memory locks) internal pure returns (bytes memory out) {
        out = new bytes(locks.length * 64);
        for (uint256 i; i < locks.length; ++i) {
            (bytes32 hash, uint256 tail) =
                (locks[i].hash, uint256(locks[i].amount) << 128 | uint256(locks[i].expiry) << 80 | uint256(locks[i].side) << 72);
            assembly ("memory-safe") {
                mstore(add(out, add(32, mul(i, 64))), hash)
                mstore(add(out, add(64, mul(i, 64))), tail)
            }
        }
    }

    function sumOf(Lock[] memory locks) internal pure returns (uint128 sum) {
        for (uint256 i; i < locks.length; ++i) {
            sum += locks[i].amount;
        }
    }

    /// @notice The call that closes with a state, which both signed.
    function closing(IAdjudicator.Commitment memory c, Lock[] memory locks) internal view returns (bytes memory) {
        return closing(c, bytesOf(locks), sumOf(locks));
    }

    function closing(IAdjudicator.Commitment memory c, bytes memory locks, uint128 locked)
        internal
        view
        returns (bytes memory)
    {
        (uint256 peer, uint256 holder) = c.holder == 0 ? (KEY_B, KEY_A) : (KEY_A, KEY_B);
        return closing(c, locks, signCommitment(peer, id, c, locked, locks), signCommitment(holder, id, c, locked, locks));
    }

    function closing(
        IAdjudicator.Commitment memory c,
        bytes memory locks,
        IAdjudicator.Sig memory peerSig,
        IAdjudicator.Sig memory holderSig
    ) internal view returns (bytes memory) {
        return abi.encodeCall(IAdjudicator.close, (p, c, locks, peerSig, holderSig));
    }

    function resolving(bytes memory locks, bytes memory claims) internal view returns (bytes memory) {
        return abi.encodeCall(IAdjudicator.resolve, (p, locks, claims));
    }

    function settling() internal view returns (bytes memory) {
        return abi.encodeCall(IAdjudicator.settle, (p));
    }

    function withdrawing(uint128 totalA, uint128 totalB) internal view returns (bytes memory) {
        IAdjudicator.Sig memory a = signWithdraw(KEY_A, id, totalA, totalB);
        return abi.encodeCall(IAdjudicator.withdraw, (p, totalA, totalB, a, signWithdraw(KEY_B, id, totalA, totalB)));
    }

    /// @param w a, b, accA, accB, outA, outB
    function cooperating(uint128[6] memory w) internal view returns (bytes memory) {
        IAdjudicator.Sig memory a = signCoop(KEY_A, id, w);
        IAdjudicator.Sig memory b = signCoop(KEY_B, id, w);
        return abi.encodeCall(IAdjudicator.coop, (p, w[0], w[1], w[2], w[3], w[4], w[5], a, b));
    }

    /// @notice A cooperative close of all deposits as they are.
    function fair() internal pure returns (uint128[6] memory) {
        return [DEPOSIT_A, DEPOSIT_B, DEPOSIT_A, DEPOSIT_B, uint128(0), 0];
    }

    /// @notice The call that punishes for a grant that a key signed.
    function punishing(bytes32 secret, uint128 bounty, uint256 granter) internal view returns (bytes memory) {
        IAdjudicator.Sig memory grant = signGrant(granter, id, TOWER, bounty);
        return abi.encodeCall(IAdjudicator.punish, (p, secret, TOWER, bounty, grant));
    }

    function taken(bytes memory data) internal {
        (bool ok, bytes memory out) = address(adjudicator).call(data);
        vm.assertTrue(ok, vm.toString(out));
    }

    /// @notice A call that reverts with an error without parameters.
    function refused(bytes memory data, bytes4 reason) internal {
        refused(data, abi.encodePacked(reason));
    }

    function refused(bytes memory data, bytes memory reason) internal {
        (bool ok, bytes memory out) = address(adjudicator).call(data);
        vm.assertTrue(!ok, "the call must be refused");
        vm.assertEq(vm.toString(out), vm.toString(reason));
    }

    function wrongPhase(IAdjudicator.Phase phase) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAdjudicator.WrongPhase.selector, phase);
    }

    function view_() internal view returns (IAdjudicator.Channel memory) {
        return adjudicator.channel(id);
    }

    function assertPaid(uint256 a, uint256 b) internal view {
        vm.assertEq(balance(p.token, PAY_A), a, "A is paid");
        vm.assertEq(balance(p.token, PAY_B), b, "B is paid");
    }
}
