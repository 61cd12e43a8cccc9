// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Tries how a token moves, and leaves nothing behind
/// @notice Never deployed. A node asks for an eth_call in which this code stands in the place of the adjudicator's and
/// of an account's (state overrides), so that both can use what they have of the token. No part of channels.
contract TokenProbe {
    /// @param done the token didn't refuse it
    /// @param taken by which the payer's balance fell
    /// @param arrived by which the receiver's rose
    struct Move {
        bool done;
        uint256 taken;
        uint256 arrived;
    }

    /// @notice Moves tokens as a deposit and a payout do; called in the place of the adjudicator.
    /// @param account has this code too
    /// @param held the adjudicator has the tokens and pays them out first; else the account has them
    /// @return deposit by transferFrom
    /// @return payout by transfer
    function run(IERC20 token, TokenProbe account, uint256 amount, bool held)
        external
        returns (Move memory deposit, Move memory payout)
    {
        if (held) {
            payout = _pay(token, address(account), amount);
            if (payout.done) deposit = _pull(token, account, payout.arrived);
        } else {
            deposit = _pull(token, account, amount);
            if (deposit.done) payout = _pay(token, address(account), deposit.arrived);
        }
    }

    /// @notice Lets a spender take so much; called in the place of an account.
    function allow(IERC20 token, address spender, uint256 amount) external {
        _ask(token, abi.encodeCall(IERC20.approve, (spender, 0))); // some tokens change an allowance only to or from zero
        _ask(token, abi.encodeCall(IERC20.approve, (spender, amount)));
    }

    function _pull(IERC20 token, TokenProbe account, uint256 amount) private returns (Move memory) {
        account.allow(token, address(this), amount);
        bytes memory call_ = abi.encodeCall(IERC20.transferFrom, (address(account), address(this), amount));
        return _move(token, address(account), address(this), call_);
    }

    function _pay(IERC20 token, address account, uint256 amount) private returns (Move memory) {
        return _move(token, address(this), account, abi.encodeCall(IERC20.transfer, (account, amount)));
    }

    function _move(IERC20 token, address from, address to, bytes memory call_) private returns (Move memory m) {
        (uint256 payer, uint256 receiver) = (_balance(token, from), _balance(token, to));
        m.done = _ask(token, call_);
        (uint256 less, uint256 more) = (_balance(token, from), _balance(token, to));
        m.taken = payer > less ? payer - less : 0;
        m.arrived = more > receiver ? more - receiver : 0;
    }

    /// @dev A token that answers nothing agrees, as the adjudicator sees it.
    function _ask(IERC20 token, bytes memory call_) private returns (bool) {
        (bool done, bytes memory answer) = address(token).call(call_);
        return done && (answer.length == 0 || (answer.length >= 32 && uint256(bytes32(answer)) == 1));
    }

    function _balance(IERC20 token, address who) private view returns (uint256) {
        (bool done, bytes memory answer) = address(token).staticcall(abi.encodeCall(IERC20.balanceOf, (who)));
        return done && answer.length >= 32 ? uint256(bytes32(answer)) : 0;
    }
}
