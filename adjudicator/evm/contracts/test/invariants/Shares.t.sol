// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts} from "./Counts.sol";

/// @notice Run after Invariants.t.sol: prints what its calls came to, and fails if they were easy ones.
contract SharesTest is Counts {
    uint256[2 * FUNCTIONS + REASONS] private sums;

    function setUp() public {
        for (string memory line = vm.readLine(COUNTS); bytes(line).length > 0; line = vm.readLine(COUNTS)) {
            string[] memory numbers = vm.split(line, " ");
            for (uint256 i; i < sums.length; ++i) {
                sums[i] += vm.parseUint(numbers[i]);
            }
        }
    }

    function test_EveryFunctionSucceedsInATenthOfItsCalls() public view {
        (, string[FUNCTIONS] memory names) = functions();
        for (uint256 i; i < FUNCTIONS; ++i) {
            (uint256 calls, uint256 done) = (sums[2 * i], sums[2 * i + 1]);
            uint256 percent = calls == 0 ? 0 : 100 * done / calls;
            print(
                string.concat(
                    names[i],
                    ": ",
                    vm.toString(done),
                    " of ",
                    vm.toString(calls),
                    " calls, ",
                    vm.toString(percent),
                    " %"
                )
            );
            vm.assertGe(percent, 10, names[i]);
        }
    }

    function test_EveryReasonIsReached() public view {
        string[REASONS] memory names = errorNames();
        for (uint256 i; i < REASONS; ++i) {
            uint256 times = sums[2 * FUNCTIONS + i];
            print(string.concat(names[i], ": ", vm.toString(times)));
            vm.assertGe(times, 1, names[i]);
        }
    }
}
