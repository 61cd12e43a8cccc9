// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Points that an issuer gives as rewards and that their holders redeem with it
/// @notice An ERC-20 token with permit (EIP-2612) that can be held in payment channels. The owner is
/// the issuer. References tie a reward or a redemption to a record in the issuer's own system, which
/// follows the events.
/// @dev With members only, points reach members alone. Nobody is kept from giving up points: who is no
/// member any more can still redeem, and pay members. For channels the adjudicator must be a member; a
/// payout to somebody who isn't stays with it as owed, to be claimed for a member.
contract LoyaltyPoints is ERC20, ERC20Permit, Ownable2Step {
    /// @notice The most decimals that channels can count in.
    uint8 public constant MAX_DECIMALS = 24;

    uint8 private immutable _decimals;

    /// @notice Whether points reach members alone.
    bool public membersOnly;

    mapping(address who => bool) private _members;

    event Issued(address indexed to, uint256 amount, bytes32 indexed ref);
    event Redeemed(address indexed holder, uint256 amount, bytes32 indexed ref);
    event MembersOnly(bool on);
    event Member(address indexed who, bool isMember);

    /// @notice Points were to reach somebody outside of the membership list; its issuer keeps that.
    error NotAMember(address who);
    /// @notice More decimals than MAX_DECIMALS.
    error TooManyDecimals(uint8 decimals);

    /// @param name_ of the token, which permits are signed for
    /// @param symbol_ of the token
    /// @param decimals_ 0 to 24: how many digits of an amount are behind the point
    /// @param issuer the first owner
    /// @param membersOnly_ whether points reach members alone
    constructor(string memory name_, string memory symbol_, uint8 decimals_, address issuer, bool membersOnly_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        Ownable(issuer)
    {
        if (decimals_ > MAX_DECIMALS) revert TooManyDecimals(decimals_);
        _decimals = decimals_;
        _setMembersOnly(membersOnly_);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @notice Makes new points: a reward. For the issuer.
    /// @param amount base units
    /// @param ref the issuer's reference, such as the number of a purchase
    function issue(address to, uint256 amount, bytes32 ref) external onlyOwner {
        _mint(to, amount);
        emit Issued(to, amount, ref);
    }

    /// @notice Gives up points of the caller for what the issuer offers for them.
    /// @param amount base units
    /// @param ref the issuer's reference, such as the number of an order
    function redeem(uint256 amount, bytes32 ref) external {
        _burn(msg.sender, amount);
        emit Redeemed(msg.sender, amount, ref);
    }

    /// @notice Sets whether points reach members alone. For the issuer.
    function setMembersOnly(bool on) external onlyOwner {
        _setMembersOnly(on);
    }

    /// @notice Puts somebody on the membership list or takes them off it. For the issuer.
    function setMember(address who, bool isMember_) external onlyOwner {
        _setMember(who, isMember_);
    }

    /// @notice Puts many on the membership list or takes them off it. For the issuer.
    function setMembers(address[] calldata who, bool isMember_) external onlyOwner {
        for (uint256 i; i < who.length; ++i) {
            _setMember(who[i], isMember_);
        }
    }

    /// @notice Whether somebody is on the membership list; the issuer always is.
    function isMember(address who) public view returns (bool) {
        return _members[who] || who == owner();
    }

    function _setMembersOnly(bool on) private {
        membersOnly = on;
        emit MembersOnly(on);
    }

    function _setMember(address who, bool isMember_) private {
        _members[who] = isMember_;
        emit Member(who, isMember_);
    }

    /// @dev Zero receives what is redeemed.
    function _update(address from, address to, uint256 amount) internal override {
        if (membersOnly && to != address(0) && !isMember(to)) revert NotAMember(to);
        super._update(from, to, amount);
    }
}
