// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title A token whose oddities are switched on and off
/// @notice For tests of the node: anybody may do anything with it.
contract OddToken {
    string public constant name = "Odd";
    string public constant symbol = "ODD";
    uint8 public constant decimals = 0;

    mapping(address => uint256) private _held;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 public fee; // parts of a thousand of what is moved
    uint256 public percent; // of what everybody has on the books
    bool public silent; // transfers return nothing, as USDT's
    bool public stopped; // transfers are refused
    bool public shares; // it answers as a token of shares does

    constructor() {
        percent = 100;
    }

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function rebase(uint256 percent_) external {
        percent = percent_;
    }

    function set(bool silent_, bool stopped_, bool shares_) external {
        (silent, stopped, shares) = (silent_, stopped_, shares_);
    }

    function mint(address to, uint256 amount) external {
        _held[to] += amount;
    }

    function balanceOf(address who) external view returns (uint256) {
        return _held[who] * percent / 100;
    }

    function sharesOf(address who) external view returns (uint256) {
        require(shares, "unknown function");
        return _held[who];
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "from zero or to zero");
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        require(!stopped, "stopped");
        _held[from] -= amount * 100 / percent;
        _held[to] += (amount - amount * fee / 1000) * 100 / percent;
        if (silent) {
            assembly {
                return(0, 0)
            }
        }
        return true;
    }
}
