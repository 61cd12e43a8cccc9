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

    uint256 private transient entered;

    /// @dev No function that writes runs inside another, so that a receiver or token that calls back finds no
    /// channel half changed, and moves no balance while a deposit is counted.
    modifier guarded() {
        if (entered != 0) revert Reentered();
        entered = 1;
        _;
        entered = 0;
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
            if (!_transferFrom(token, amount)) revert TransferFailed();
            uint256 afterwards = _balance(token);
            if (afterwards > before) arrived = afterwards - before;
        }
        if (arrived == 0) revert NothingArrived();
    }

    function _transfer(address token, address to, uint256 amount, uint256 coinGas, uint256 tokenGas)
        private
        returns (bool done)
    {
        if (token == address(0)) {
            assembly ("memory-safe") {
                done := call(coinGas, to, amount, 0, 0, 0, 0) // what it returns is not copied
            }
        } else {
            uint256 selector = uint32(IERC20.transfer.selector);
            uint256 answer;
            assembly ("memory-safe") {
                let data := mload(0x40)
                mstore(data, shl(224, selector))
                mstore(add(data, 4), to)
                mstore(add(data, 0x24), amount)
                done := call(tokenGas, token, 0, data, 0x44, 0, 0x20)
                answer := mload(0)
            }
            done = done && _agreed(token, answer);
        }
    }

    /// @dev From the caller to this contract.
    function _transferFrom(address token, uint256 amount) private returns (bool done) {
        uint256 selector = uint32(IERC20.transferFrom.selector);
        uint256 answer;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, shl(224, selector))
            mstore(add(data, 4), caller())
            mstore(add(data, 0x24), address())
            mstore(add(data, 0x44), amount)
            done := call(gas(), token, 0, data, 0x64, 0, 0x20)
            answer := mload(0)
        }
        return done && _agreed(token, answer);
    }

    /// @dev Whether the token that was just called said that it did as asked: by true, in one word or in more, or by
    /// nothing, if it is a contract.
    function _agreed(address token, uint256 answer) private view returns (bool done) {
        uint256 size;
        assembly ("memory-safe") {
            size := returndatasize()
        }
        return size == 0 ? token.code.length > 0 : size >= 32 && answer == 1;
    }

    /// @dev What this contract has of a token.
    function _balance(address token) private view returns (uint256 units) {
        uint256 selector = uint32(IERC20.balanceOf.selector);
        bool done;
        assembly ("memory-safe") {
            mstore(0, shl(224, selector))
            mstore(4, address())
            done := staticcall(gas(), token, 0, 0x24, 0, 0x20)
            done := and(done, gt(returndatasize(), 0x1f))
            units := mload(0)
        }
        if (!done) revert TransferFailed();
    }
}
