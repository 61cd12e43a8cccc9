// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IAdjudicator} from "./IAdjudicator.sol";
import {Signatures} from "./Signatures.sol";

/// @title Money that comes and goes
/// @dev Nothing that a token or a receiver does or returns stops a payment: what can't be pushed is owed.
/// The zero token is the chain's coin.
abstract contract Payments is IAdjudicator, Signatures {
    /// @dev Gas that a receiver gets, and how much must be left for it to get that: EIP-150 keeps 1/64, a call that
    /// carries coins to a new account costs 36,600.
    uint256 private constant COIN_GAS = 30_000;
    uint256 private constant COIN_GAS_LEFT = 68_000;
    uint256 private constant TOKEN_GAS = 250_000;
    uint256 private constant TOKEN_GAS_LEFT = 258_000;

    /// @inheritdoc IAdjudicator
    mapping(address token => mapping(address who => uint256)) public override owed;

    /// @inheritdoc IAdjudicator
    mapping(address who => uint256) public override owedNonce;

    bool private transient entered;

    /// @dev No function that writes runs inside another, so that a receiver or token that calls back finds no
    /// channel half changed, and moves no balance while a deposit is counted.
    modifier guarded() {
        if (entered) revert Reentered();
        entered = true;
        _;
        entered = false;
    }

    /// @inheritdoc IAdjudicator
    function claimOwed(address token, address who, address to, Sig calldata sig) external guarded {
        if (msg.sender != who) {
            _checkSignature(_owedDigest(token, who, to, owedNonce[who]++), sig, who);
        }
        uint256 amount = owed[token][who];
        if (amount == 0) revert NothingOwed();
        owed[token][who] = 0;
        emit OwedClaimed(token, who, to, amount);
        if (!_transfer(token, to, amount, gasleft(), gasleft())) revert TransferFailed();
    }

    /// @dev Pays, or credits what the receiver refuses. The last thing that a function does.
    function _push(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (gasleft() < (token == address(0) ? COIN_GAS_LEFT : TOKEN_GAS_LEFT)) revert GasTooLow();
        if (_transfer(token, to, amount, COIN_GAS, TOKEN_GAS)) return;
        owed[token][to] += amount;
        emit Owed(token, to, amount);
    }

    /// @dev Takes a deposit from the caller and gives what arrived.
    function _pull(address token, uint256 amount) internal returns (uint256 arrived) {
        if (token == address(0)) {
            if (msg.value != amount) revert UnexpectedValue();
            arrived = amount;
        } else {
            if (msg.value != 0) revert UnexpectedValue();
            uint256 before = _balance(token);
            if (!_call(token, gasleft(), abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)))) {
                revert TransferFailed();
            }
            uint256 afterwards = _balance(token);
            if (afterwards > before) arrived = afterwards - before;
        }
        if (arrived == 0) revert NothingArrived();
    }

    function _transfer(address token, address to, uint256 amount, uint256 coinGas, uint256 tokenGas)
        private
        returns (bool done)
    {
        if (token != address(0)) return _call(token, tokenGas, abi.encodeCall(IERC20.transfer, (to, amount)));
        assembly ("memory-safe") {
            done := call(coinGas, to, amount, 0, 0, 0, 0) // what it returns is not copied
        }
    }

    /// @dev Whether a token did as asked: it returned true, or nothing and is a contract. Copies one word at most.
    function _call(address token, uint256 gas_, bytes memory data) private returns (bool done) {
        assembly ("memory-safe") {
            done := call(gas_, token, 0, add(data, 0x20), mload(data), 0, 0x20)
            if done {
                switch returndatasize()
                case 0 { done := gt(extcodesize(token), 0) }
                default { done := and(gt(returndatasize(), 0x1f), eq(mload(0), 1)) }
            }
        }
    }

    /// @dev What this contract has of a token.
    function _balance(address token) private view returns (uint256 units) {
        bytes memory data = abi.encodeCall(IERC20.balanceOf, (address(this)));
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), token, add(data, 0x20), mload(data), 0, 0x20)
            done := and(done, gt(returndatasize(), 0x1f))
            units := mload(0)
        }
        if (!done) revert TransferFailed();
    }
}
