// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Books} from "../tokens/Tokens.sol";

/// @notice A token that keeps honest books, but refuses whom it likes and calls back when it moves money.
contract Trickster is Books {
    mapping(address => bool) public blocked;
    address private target;
    bytes private data;

    /// @notice The last callback's answer; empty if there was none.
    bytes public answer;
    /// @notice Whether a callback ever succeeded.
    bool public entered;

    function setBlocked(address who, bool on) external {
        blocked[who] = on;
    }

    function arm(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function forget() external {
        delete answer;
    }

    function strike() private {
        if (data.length == 0) return;
        bool ok;
        (ok, answer) = target.call(data);
        entered = entered || ok;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (blocked[to]) return false;
        strike();
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        strike();
        return true;
    }
}
