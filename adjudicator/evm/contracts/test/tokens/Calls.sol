// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Paths} from "./Paths.sol";
import {BlocklistToken} from "./Tokens.sol";

/// @notice A call of each function that changes the adjudicator, on channels where it would succeed
/// whoever makes it.
abstract contract Calls is Paths {
    uint256 constant KEY_OWED = 0x0ed;
    uint256 constant FUNCTIONS = 9;

    BlocklistToken internal calm = new BlocklistToken();

    /// @param caller will make the call; a deposit takes from it
    function prepare(uint256 which, address caller) internal returns (string memory name, bytes memory data) {
        address owed = vm.addr(KEY_OWED);
        IAdjudicator.Params memory p = open(address(calm), owed, address(0xc2));
        bytes32 id = idOf(p);
        if (which == 0) {
            calm.mint(caller, 10);
            vm.prank(caller);
            calm.approve(address(adjudicator), 10);
            return ("deposit", abi.encodeCall(IAdjudicator.deposit, (p, 0, 10)));
        }
        if (which == 1) {
            IAdjudicator.Sig memory sigA = signWithdraw(KEY_A, id, 1, 1);
            return ("withdraw", abi.encodeCall(IAdjudicator.withdraw, (p, 1, 1, sigA, signWithdraw(KEY_B, id, 1, 1))));
        }
        if (which == 2) return ("coop", coopCall(p));
        if (which == 3) return ("close", closeCall(p));
        if (which == 4) return ("claimOwed", owedCall(p));
        return afterClose(which, p);
    }

    function afterClose(uint256 which, IAdjudicator.Params memory p) private returns (string memory, bytes memory) {
        bytes memory locks = close(p, 1);
        if (which == 5) return ("resolve", abi.encodeCall(IAdjudicator.resolve, (p, locks, claim(0, PREIMAGE))));
        if (which == 6) {
            IAdjudicator.Sig memory grant = signGrant(KEY_A, idOf(p), TOWER, 1);
            return ("punish", abi.encodeCall(IAdjudicator.punish, (p, bytes32(SECRET), TOWER, 1, grant)));
        }
        if (which == 7) {
            vm.warp(block.timestamp + DELAY);
            return ("settlePartial", abi.encodeCall(IAdjudicator.settlePartial, (p, locks)));
        }
        adjudicator.resolve(p, locks, claim(0, PREIMAGE));
        vm.warp(block.timestamp + DELAY);
        return ("settle", abi.encodeCall(IAdjudicator.settle, (p)));
    }

    function coopCall(IAdjudicator.Params memory p) private view returns (bytes memory) {
        (IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) = coopSigs(p);
        return abi.encodeCall(IAdjudicator.coop, (p, 900, 600, DEPOSIT_A, DEPOSIT_B, 0, 0, a, b));
    }

    function closeCall(IAdjudicator.Params memory p) private view returns (bytes memory) {
        (IAdjudicator.Commitment memory c, bytes memory locks, IAdjudicator.Sig memory a, IAdjudicator.Sig memory b) =
            state(p, 1);
        return abi.encodeCall(IAdjudicator.close, (p, c, locks, a, b));
    }

    function owedCall(IAdjudicator.Params memory p) private returns (bytes memory) {
        address who = p.payA;
        calm.setBlocked(who, true);
        coop(p);
        IAdjudicator.Sig memory sig = signOwed(KEY_OWED, p.token, who, address(0xc3), adjudicator.owedNonce(who));
        return abi.encodeCall(IAdjudicator.claimOwed, (p.token, who, address(0xc3), sig));
    }
}
