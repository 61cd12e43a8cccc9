// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {LoyaltyPoints} from "../../src/LoyaltyPoints.sol";
import {Cheats} from "../Cheats.sol";

contract LoyaltyPointsTest is Cheats {
    address constant ISSUER = address(0x1550e2);
    address constant ALICE = address(0xa11ce);
    address constant BOB = address(0xb0b);
    address constant ADJUDICATOR = address(0xad);
    bytes32 constant REF = "order 17";

    LoyaltyPoints points;
    LoyaltyPoints club;

    function setUp() public {
        points = new LoyaltyPoints("Miles", "MILES", 2, ISSUER, false);
        club = new LoyaltyPoints("Club", "CLUB", 0, ISSUER, true);
    }

    function issue(LoyaltyPoints token, address to, uint256 amount) internal {
        vm.prank(ISSUER);
        token.issue(to, amount, REF);
    }

    function setMember(address who, bool isMember) internal {
        vm.prank(ISSUER);
        club.setMember(who, isMember);
    }

    function test_NameSymbolDecimalsAndOwnerAreAsDeployed() public view {
        vm.assertEq(points.name(), "Miles");
        vm.assertEq(points.symbol(), "MILES");
        vm.assertEq(points.decimals(), 2);
        vm.assertEq(points.owner(), ISSUER);
        vm.assertEq(points.totalSupply(), 0);
        vm.assertEq(points.membersOnly(), false);
        vm.assertEq(club.membersOnly(), true);
    }

    function test_DecimalsBeyondWhatChannelsCountAreRefused() public {
        vm.assertEq(new LoyaltyPoints("x", "x", 24, ISSUER, false).decimals(), 24);
        vm.expectRevert(abi.encodeWithSelector(LoyaltyPoints.TooManyDecimals.selector, 25));
        new LoyaltyPoints("x", "x", 25, ISSUER, false);
    }

    function test_TheIssuerIssuesWithAReference() public {
        vm.expectEmit(address(points));
        emit LoyaltyPoints.Issued(ALICE, 500, REF);
        issue(points, ALICE, 500);
        vm.assertEq(points.balanceOf(ALICE), 500);
        vm.assertEq(points.totalSupply(), 500);
    }

    function test_NobodyElseIssuesOrKeepsTheList() public {
        bytes memory refused = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ALICE);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        points.issue(ALICE, 1, REF);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        points.setMembersOnly(true);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        points.setMember(ALICE, true);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        points.setMembers(new address[](1), true);
    }

    function test_RedeemingBurnsAndTellsTheReference() public {
        issue(points, ALICE, 500);
        vm.expectEmit(address(points));
        emit LoyaltyPoints.Redeemed(ALICE, 200, REF);
        vm.prank(ALICE);
        points.redeem(200, REF);
        vm.assertEq(points.balanceOf(ALICE), 300);
        vm.assertEq(points.totalSupply(), 300);
    }

    function test_NobodyRedeemsMoreThanTheyHold() public {
        issue(points, ALICE, 500);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, ALICE, 500, 501));
        points.redeem(501, REF);
    }

    function test_WithoutAListAnybodyHoldsPoints() public {
        issue(points, ALICE, 500);
        vm.prank(ALICE);
        points.transfer(BOB, 100);
        vm.assertEq(points.balanceOf(BOB), 100);
    }

    function test_PointsReachMembersOnly() public {
        setMember(ALICE, true);
        issue(club, ALICE, 500);
        bytes memory refused = abi.encodeWithSelector(LoyaltyPoints.NotAMember.selector, BOB);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        club.transfer(BOB, 1);
        vm.prank(ISSUER);
        vm.expectRevert(refused);
        club.issue(BOB, 1, REF);
        setMember(BOB, true);
        vm.prank(ALICE);
        club.transfer(BOB, 1);
        vm.assertEq(club.balanceOf(BOB), 1);
    }

    function test_TransferFromReachesMembersOnly() public {
        setMember(ALICE, true);
        issue(club, ALICE, 500);
        vm.prank(ALICE);
        club.approve(ADJUDICATOR, 500);
        vm.prank(ADJUDICATOR);
        vm.expectRevert(abi.encodeWithSelector(LoyaltyPoints.NotAMember.selector, ADJUDICATOR));
        club.transferFrom(ALICE, ADJUDICATOR, 500);
        setMember(ADJUDICATOR, true);
        vm.prank(ADJUDICATOR);
        club.transferFrom(ALICE, ADJUDICATOR, 500);
        vm.assertEq(club.balanceOf(ADJUDICATOR), 500);
    }

    function test_WhoIsNoMemberAnyMoreCanStillGiveUpPoints() public {
        setMember(ALICE, true);
        setMember(BOB, true);
        issue(club, ALICE, 500);
        setMember(ALICE, false);
        vm.prank(ALICE);
        club.transfer(BOB, 100);
        vm.prank(ALICE);
        club.redeem(400, REF);
        vm.assertEq(club.balanceOf(ALICE), 0);
    }

    function test_TheIssuerIsAlwaysAMember() public {
        vm.assertEq(club.isMember(ISSUER), true);
        issue(club, ISSUER, 5);
        vm.assertEq(club.balanceOf(ISSUER), 5);
    }

    function test_ManyMembersAtOnce() public {
        address[] memory who = new address[](3);
        (who[0], who[1], who[2]) = (ALICE, BOB, ADJUDICATOR);
        vm.prank(ISSUER);
        club.setMembers(who, true);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(club.isMember(who[i]), true);
        }
        vm.prank(ISSUER);
        club.setMembers(who, false);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(club.isMember(who[i]), false);
        }
    }

    function test_TheListIsTurnedOnAndOff() public {
        vm.expectEmit(address(club));
        emit LoyaltyPoints.MembersOnly(false);
        vm.prank(ISSUER);
        club.setMembersOnly(false);
        issue(club, BOB, 1);
        vm.prank(ISSUER);
        club.setMembersOnly(true);
        vm.prank(ISSUER);
        vm.expectRevert(abi.encodeWithSelector(LoyaltyPoints.NotAMember.selector, BOB));
        club.issue(BOB, 1, REF);
    }

    function test_OwnershipPassesInTwoSteps() public {
        vm.prank(ISSUER);
        points.transferOwnership(BOB);
        vm.assertEq(points.owner(), ISSUER);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, ALICE));
        points.acceptOwnership();
        vm.prank(BOB);
        points.acceptOwnership();
        vm.assertEq(points.owner(), BOB);
        vm.prank(BOB);
        points.issue(ALICE, 1, REF);
    }

    function test_APermitAllowsOnceByItsSignature() public {
        uint256 key = 0xa11ce;
        address holder = vm.addr(key);
        issue(points, holder, 500);
        bytes32 typ = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 digest = keccak256(abi.encode(typ, holder, ADJUDICATOR, 300, points.nonces(holder), block.timestamp));
        digest = keccak256(abi.encodePacked("\x19\x01", points.DOMAIN_SEPARATOR(), digest));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        points.permit(holder, ADJUDICATOR, 300, block.timestamp, v, r, s);
        vm.assertEq(points.allowance(holder, ADJUDICATOR), 300);
        vm.expectRevert();
        points.permit(holder, ADJUDICATOR, 300, block.timestamp, v, r, s);
        vm.prank(ADJUDICATOR);
        points.transferFrom(holder, ADJUDICATOR, 300);
        vm.assertEq(points.balanceOf(ADJUDICATOR), 300);
    }

    /// What is issued is with its holders or redeemed; none appears or vanishes on the way.
    function testFuzz_SupplyIsWhatIsIssuedLessWhatIsRedeemed(uint128 issued, uint128 sent, uint128 redeemed) public {
        issue(points, ALICE, issued);
        sent = uint128(sent % (uint256(issued) + 1));
        vm.prank(ALICE);
        points.transfer(BOB, sent);
        redeemed = uint128(redeemed % (uint256(sent) + 1));
        vm.prank(BOB);
        points.redeem(redeemed, REF);
        vm.assertEq(points.totalSupply(), issued - redeemed);
        vm.assertEq(points.balanceOf(ALICE) + points.balanceOf(BOB), issued - redeemed);
    }
}
