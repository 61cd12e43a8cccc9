// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title OpenZeppelin's ERC-20 as it is
/// @notice For tests, measurements and chains of developers: all of it belongs to who deploys it.
contract StandardToken is ERC20 {
    uint8 private immutable _decimals;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 supply) ERC20(name_, symbol_) {
        _decimals = decimals_;
        _mint(msg.sender, supply);
    }

    /// @notice What wallets show it with.
    function decimals() public view override returns (uint8) {
        return _decimals;
    }
}
