// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "./IAdjudicator.sol";

/// @dev What is stored of a channel. A channel that is opened, closed and settled without locks writes two slots.
struct Stored {
    Funds funds;
    uint256 more; // while Open: Totals of withdrawals, while Closing: Terms
    bytes32 locksHash; // while Closing, zero without locks
    uint256[4] decided; // while Closing, with more locks than Terms has bits for
}

/// @dev Two amounts below 2^120 and the phase: amounts 120 each, phase 2, and while Closing undecided 10, holder 1,
/// partly 1. The amounts are depA and depB while Open, toHolder and left while Closing. Zero is a channel that never was.
type Funds is uint256;

using {first, second, phase, undecided, holder, partly} for Funds global;

/// @dev Gross withdrawals of A and B, 120 each.
type Totals is uint256;

using {totalA, totalB} for Totals global;

/// @dev rev 160, deadline 36, gained 30, decided 30. Gained counts units (see unit) of what locks decided for the
/// holder, decided has a bit for each of up to 30 locks.
type Terms is uint256;

using {rev, deadline, gained, decidedBits} for Terms global;

uint256 constant AMOUNT_BITS = 120;
uint256 constant AMOUNT_END = 1 << AMOUNT_BITS; // amounts are below
uint256 constant AMOUNT_MASK = AMOUNT_END - 1;
uint256 constant INLINE_LOCKS = 30; // whose bits Terms has room for
uint256 constant DEADLINE_END = 1 << 36;

/// @dev The tombstone of an id that must never live again.
function ended() pure returns (Funds) {
    return Funds.wrap(uint256(IAdjudicator.Phase.Ended) << 240);
}

function open(uint256 depA, uint256 depB) pure returns (Funds) {
    if (depA + depB >= AMOUNT_END) revert IAdjudicator.TooMuch();
    return Funds.wrap(depA | depB << 120 | uint256(IAdjudicator.Phase.Open) << 240);
}

/// @dev The one place where a closing channel's amounts are written: no more is decided than there is.
function closing(uint256 toHolder, uint256 left, uint256 undecided_, uint256 holder_, bool partly_) pure returns (Funds) {
    if (toHolder > left || left >= AMOUNT_END) revert IAdjudicator.TooMuch();
    return Funds.wrap(
        toHolder | left << 120 | uint256(IAdjudicator.Phase.Closing) << 240 | undecided_ << 242 | holder_ << 252
            | (partly_ ? 1 << 253 : 0)
    );
}

function first(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) & AMOUNT_MASK;
}

function second(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 120 & AMOUNT_MASK;
}

function phase(Funds f) pure returns (IAdjudicator.Phase) {
    return IAdjudicator.Phase(Funds.unwrap(f) >> 240 & 3);
}

function undecided(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 242 & 1023;
}

function holder(Funds f) pure returns (uint256) {
    return Funds.unwrap(f) >> 252 & 1;
}

function partly(Funds f) pure returns (bool) {
    return Funds.unwrap(f) >> 253 & 1 == 1;
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

function terms(address rev_, uint256 deadline_, uint256 gained_, uint256 decided_) pure returns (uint256) {
    if (deadline_ >= DEADLINE_END) revert IAdjudicator.TooMuch();
    return uint160(rev_) | deadline_ << 160 | gained_ << 196 | decided_ << 226;
}

function rev(Terms t) pure returns (address) {
    return address(uint160(Terms.unwrap(t)));
}

function deadline(Terms t) pure returns (uint256) {
    return Terms.unwrap(t) >> 160 & (DEADLINE_END - 1);
}

function gained(Terms t) pure returns (uint256) {
    return Terms.unwrap(t) >> 196 & (2 ** 30 - 1);
}

function decidedBits(Terms t) pure returns (uint256) {
    return Terms.unwrap(t) >> 226;
}

/// @dev What gained counts in: 2^-29 of what is left, so that all of it, rounded up once for each of 966 locks, fits.
/// left changes only when gained is set to zero.
function unit(uint256 left) pure returns (uint256) {
    return (left >> 29) + 1;
}
