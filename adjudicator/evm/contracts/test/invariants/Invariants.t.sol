// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Counts} from "./Counts.sol";
import {Handler} from "./Handler.sol";

/// @notice Random sequences of calls by honest parties, cheaters, colluders and strangers. What must hold of a
/// single call is asserted by the handler as it makes it (Games.sol); here is what must hold of all together.
contract InvariantsTest is Counts {
    Handler private handler;

    function setUp() public {
        clear();
        vm.warp(1_800_000_000);
        handler = new Handler(vm.deployCode("Adjudicator.sol:Adjudicator"));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[13] memory all = [
            Handler.deposit.selector,
            Handler.withdraw.selector,
            Handler.coop.selector,
            Handler.close.selector,
            Handler.close.selector,
            Handler.resolve.selector,
            Handler.settle.selector,
            Handler.settlePartial.selector,
            Handler.punish.selector,
            Handler.claimOwed.selector,
            Handler.trade.selector,
            Handler.replay.selector,
            Handler.mischief.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](all.length + 1));
        for (uint256 i; i < all.length; ++i) {
            targets[0].selectors[i] = all[i];
        }
        targets[0].selectors[all.length] = Handler.warp.selector;
    }

    /// forge-config: default.invariant.fail-on-revert = true
    function invariant_NobodyIsRobbed() public view {
        handler.keep(false);
    }

    function afterInvariant() public {
        handler.keep(true);
        handler.report();
    }
}
