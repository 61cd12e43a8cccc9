// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "./IAdjudicator.sol";

/// @dev What is stored of a channel. One that is opened, closed and settled without locks writes two slots, each lock
/// that is decided rewrites the first.
struct Stored {
    Funds funds;
    uint256 more; // while Open: Totals of withdrawals, while Closing: Terms
    bytes32 locksHash; // while Closing, zero without locks
    uint256[4] decided; // while Closing with more than FEW locks: a bit for each
}

/// @dev Two amounts below 2^120, phase 2 bits, and while Closing holder 1, partly 1, decided 12. The amounts are depA and
/// depB while Open, toHolder and left while Closing. Decided has a bit for each of FEW locks; it counts those of more.
/// Zero is a channel that never was.
type Funds is uint256;

using {first, second, phase, holder, partly, decided} for Funds global;

/// @dev Gross withdrawals of A and B, 120 bits each.
type Totals is uint256;

using {totalA, totalB} for Totals global;

/// @dev What a close says once: rev 160 bits, deadline 36, the number of locks 10, cap 50 in units.
type Terms is uint256;

using {rev, deadline, count, cap} for Terms global;

// IAdjudicator.Phase; as integers, which cost no range checks
uint256 constant OPEN = uint256(IAdjudicator.Phase.Open);
uint256 constant CLOSING = uint256(IAdjudicator.Phase.Closing);
uint256 constant ENDED = uint256(IAdjudicator.Phase.Ended);

uint256 constant AMOUNT_END = 1 << 120; // amounts are below
uint256 constant AMOUNT_MASK = AMOUNT_END - 1;
uint256 constant DEADLINE_END = 1 << 36;
uint256 constant FEW = 12; // locks whose bits Funds has room for

/// @dev The tombstone of an id that must never live again.
function ended() pure returns (Funds) {
    return Funds.wrap(ENDED << 240);
}

function open(uint256 depA, uint256 depB) pure returns (Funds) {
    if (depA + depB >= AMOUNT_END) revert IAdjudicator.TooMuch();
    return Funds.wrap(depA | depB << 120 | OPEN << 240);
}

/// @dev The one place where a closing channel's amounts are written: no more is decided than there is.
function closing(uint256 toHolder, uint256 left, uint256 holder_, bool partly_, uint256 decided_) pure returns (Funds) {
    if (toHolder > left || left >= AMOUNT_END) revert IAdjudicator.TooMuch();
    return Funds.wrap(
        toHolder | left << 120 | CLOSING << 240 | holder_ << 242
            | (partly_ ? 1 << 243 : 0) | decided_ << 244
    );
}

function first(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) & AMOUNT_MASK;
}

function second(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 120 & AMOUNT_MASK;
}

function phase(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 240 & 3;
}

function holder(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 242 & 1;
}

function partly(Funds f) pure returns (bool) {
    return Funds.unwrap(f) >> 243 & 1 == 1;
}

function decided(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 244;
}

function totals(uint256 a, uint256 b) pure returns (uint256) {
    return a | b << 120;
}

function totalA(Totals t) pure returns (uint256) {
    return Totals.unwrap(t) & AMOUNT_MASK;
}

function totalB(Totals t) pure returns (uint256) {
    return Totals.unwrap(t) >> 120;
}

/// @dev cap_ is at most left, which stays what it is as long as these terms do.
function terms(address rev_, uint256 deadline_, uint256 count_, uint256 cap_, uint256 left) pure returns (uint256) {
    if (deadline_ >= DEADLINE_END) revert IAdjudicator.TooMuch();
    return uint160(rev_) | deadline_ << 160 | count_ << 196 | cap_ / unit(left) << 206;
}

function rev(Terms t) pure returns (address) {
    return address(uint160(Terms.unwrap(t)));
}

function deadline(Terms t) pure returns (uint256) {
    return Terms.unwrap(t) >> 160 & (DEADLINE_END - 1);
}

function count(Terms t) pure returns (uint256) {
    return Terms.unwrap(t) >> 196 & 1023;
}

function cap(Terms t, uint256 left) pure returns (uint256) {
    return (Terms.unwrap(t) >> 206) * unit(left);
}

/// @dev What a cap counts in, rounded down: 2^-49 of what is left.
function unit(uint256 left) pure returns (uint256) {
    return (left >> 49) + 1;
}
