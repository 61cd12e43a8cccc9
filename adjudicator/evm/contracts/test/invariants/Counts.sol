// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "../../src/IAdjudicator.sol";
import {Cheats} from "../Cheats.sol";

/// @notice Counts the calls of each function, how many succeeded, and why others didn't. Each run's counts are a
/// line of a file; Shares.t.sol adds them up.
abstract contract Counts is Cheats {
    string private constant FOLDER = "cache/invariants";
    string internal constant COUNTS = "cache/invariants/counts";
    uint256 internal constant FUNCTIONS = 9;
    uint256 internal constant REASONS = 21;

    struct Count {
        uint128 calls;
        uint128 done;
    }

    mapping(bytes4 selector => Count) private calls;
    mapping(bytes4 selector => uint256) private reasons;

    function functions() internal pure returns (bytes4[FUNCTIONS] memory, string[FUNCTIONS] memory) {
        return (
            [
                IAdjudicator.deposit.selector,
                IAdjudicator.withdraw.selector,
                IAdjudicator.close.selector,
                IAdjudicator.resolve.selector,
                IAdjudicator.settle.selector,
                IAdjudicator.settlePartial.selector,
                IAdjudicator.punish.selector,
                IAdjudicator.coop.selector,
                IAdjudicator.claimOwed.selector
            ],
            ["deposit", "withdraw", "close", "resolve", "settle", "settlePartial", "punish", "coop", "claimOwed"]
        );
    }

    function errors() internal pure returns (bytes4[REASONS] memory) {
        return [
            IAdjudicator.WrongPhase.selector,
            IAdjudicator.NothingArrived.selector,
            IAdjudicator.UnexpectedValue.selector,
            IAdjudicator.WrongSide.selector,
            IAdjudicator.TooMuch.selector,
            IAdjudicator.WrongSignature.selector,
            IAdjudicator.WrongLocks.selector,
            IAdjudicator.LocksDiffer.selector,
            IAdjudicator.NotConserved.selector,
            IAdjudicator.DepositsMissing.selector,
            IAdjudicator.WithdrawalsMissing.selector,
            IAdjudicator.Lower.selector,
            IAdjudicator.WrongClaims.selector,
            IAdjudicator.WrongPreimage.selector,
            IAdjudicator.TooEarly.selector,
            IAdjudicator.Undecided.selector,
            IAdjudicator.WrongSecret.selector,
            IAdjudicator.NothingOwed.selector,
            IAdjudicator.Reentered.selector,
            IAdjudicator.GasTooLow.selector,
            IAdjudicator.TransferFailed.selector
        ];
    }

    function errorNames() internal pure returns (string[REASONS] memory) {
        return [
            "WrongPhase",
            "NothingArrived",
            "UnexpectedValue",
            "WrongSide",
            "TooMuch",
            "WrongSignature",
            "WrongLocks",
            "LocksDiffer",
            "NotConserved",
            "DepositsMissing",
            "WithdrawalsMissing",
            "Lower",
            "WrongClaims",
            "WrongPreimage",
            "TooEarly",
            "Undecided",
            "WrongSecret",
            "NothingOwed",
            "Reentered",
            "GasTooLow",
            "TransferFailed"
        ];
    }

    function count(bytes4 selector, bool ok, bytes memory answer) internal {
        ++calls[selector].calls;
        if (ok) ++calls[selector].done;
        else ++reasons[bytes4(answer)];
    }

    /// @notice Whether a call was refused for a reason that the interface has: not by a panic, say.
    function hasReason(bytes memory answer) internal pure returns (bool) {
        bytes4[REASONS] memory why = errors();
        for (uint256 i; i < REASONS; ++i) {
            if (why[i] == bytes4(answer)) return true;
        }
        return false;
    }

    /// @notice Forgets what earlier runs wrote.
    function clear() internal {
        vm.createDir(FOLDER, true);
        vm.writeFile(COUNTS, "");
    }

    /// @notice The run's line: calls and successes of each function, then the number of each error.
    function write() internal {
        (bytes4[FUNCTIONS] memory selectors,) = functions();
        bytes4[REASONS] memory why = errors();
        string memory line;
        for (uint256 i; i < FUNCTIONS; ++i) {
            Count memory c = calls[selectors[i]];
            line = string.concat(line, vm.toString(c.calls), " ", vm.toString(c.done), " ");
        }
        for (uint256 i; i < REASONS; ++i) {
            line = string.concat(line, vm.toString(reasons[why[i]]), i + 1 < REASONS ? " " : "");
        }
        vm.writeLine(COUNTS, line);
    }
}
