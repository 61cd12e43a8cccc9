// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAdjudicator} from "./IAdjudicator.sol";
import {Locks} from "./Locks.sol";
import {Payments} from "./Payments.sol";
import {CLOSING, FEW, Funds, OPEN, Stored, Terms, Totals, closing, ended, open, terms, totals} from "./State.sol";

/// @title The adjudicator of payment channels in ETH or an ERC-20 token
/// @notice See IAdjudicator. It has no owner, takes no fee and can't be changed.
/// @dev Every function computes the channel's id of the parameters, checks, writes what is to be, tells it by an
/// event, and pays last.
contract Adjudicator is IAdjudicator, Payments {
    using Locks for bytes;

    /// @dev keccak256 of no bytes.
    bytes32 private constant NO_LOCKS = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// @dev A chain that splits and takes another id leaves the ids of channels what they are.
    uint256 private immutable CHAIN_ID = block.chainid;

    mapping(bytes32 id => Stored) private channels;

    /// @inheritdoc IAdjudicator
    function deposit(Params calldata p, uint8 side, uint256 amount) external payable guarded {
        if (side > 1) revert WrongSide();
        bytes32 id = channelId(p);
        Stored storage channel_ = channels[id];
        _depositable(channel_);
        uint256 arrived = _pull(p.token, amount);
        Funds funds = _depositable(channel_); // again: a token's callback may have done anything
        (uint256 depA, uint256 depB) = (funds.first(), funds.second());
        channel_.funds = side == 0 ? open(depA + arrived, depB) : open(depA, depB + arrived);
        emit Deposited(id, side, arrived);
    }

    /// @inheritdoc IAdjudicator
    function withdraw(Params calldata p, uint128 totalA, uint128 totalB, Sig calldata sigA, Sig calldata sigB)
        external
        guarded
    {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(OPEN, p);
        Totals before = Totals.wrap(channel_.more);
        if (totalA < before.totalA() || totalB < before.totalB()) revert Lower();
        if (uint256(totalA) + totalB > funds.first() + funds.second()) revert TooMuch();
        bytes32 digest = _withdrawDigest(id, totalA, totalB);
        _checkSignature(digest, sigA, p.a);
        _checkSignature(digest, sigB, p.b);
        channel_.more = totals(totalA, totalB);
        emit Withdrawn(id, totalA, totalB);
        _push(p.token, p.payA, totalA - before.totalA());
        _push(p.token, p.payB, totalB - before.totalB());
    }

    /// @inheritdoc IAdjudicator
    function close(
        Params calldata p,
        Commitment calldata c,
        bytes calldata locks,
        Sig calldata peerSig,
        Sig calldata holderSig
    ) external guarded {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(OPEN, p);
        if (c.holder > 1) revert WrongSide();
        uint256 locked = locks.sum();
        (uint256 toA, uint256 toB) = _credit(
            funds, Totals.wrap(channel_.more), c.toA, c.toB, locked, c.accA, c.accB, c.outA, c.outB
        );
        {
            bytes32 locksHash = keccak256(locks);
            bytes32 digest = _commitmentDigest(id, c, locked, locksHash);
            _checkSignature(digest, peerSig, c.holder == 0 ? p.b : p.a);
            _checkSignature(digest, holderSig, c.holder == 0 ? p.a : p.b);
            if (locks.length > 0) channel_.locksHash = locksHash;
        }
        uint256 deadline = block.timestamp + p.delay;
        uint256 toHolder = c.holder == 0 ? toA : toB;
        uint256 left = toA + toB + locked;
        channel_.funds = closing(toHolder, left, c.holder, false, 0);
        channel_.more = terms(c.rev, deadline, locks.length / Locks.SIZE, toHolder, left);
        emit Closing(id, c.holder, c.n, c.rev, uint64(deadline), uint128(toA), uint128(toB));
    }

    /// @inheritdoc IAdjudicator
    function resolve(Params calldata p, bytes calldata locks, bytes calldata claims) external guarded {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(CLOSING, p);
        _checkLocks(channel_, locks);
        uint256 holder = funds.holder();
        uint256[] memory bits = _bits(channel_, funds, locks);
        (uint256 gain, bytes memory taken, uint256[] memory late) = locks.claim(claims, holder, bits);
        (uint256 gainByRefunds, bytes memory refunded) = locks.refund(holder, bits, late);
        uint256 count = Locks.count(taken, refunded);
        if (count > 0) {
            uint256 decided = locks.length > FEW * Locks.SIZE ? _store(channel_, bits, funds.decided() + count) : bits[0];
            channel_.funds =
                closing(funds.first() + gain + gainByRefunds, funds.second(), holder, funds.partly(), decided);
        }
        emit Resolved(id, taken, refunded);
    }

    /// @inheritdoc IAdjudicator
    function settle(Params calldata p) external guarded {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(CLOSING, p);
        Terms t = Terms.wrap(channel_.more);
        if (block.timestamp < t.deadline()) revert TooEarly();
        if (_undecided(funds, t) > 0) revert Undecided();
        _end(channel_);
        _paySides(id, p, funds, 0, true);
    }

    /// @inheritdoc IAdjudicator
    function settlePartial(Params calldata p, bytes calldata locks) external guarded {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(CLOSING, p);
        Terms t = Terms.wrap(channel_.more);
        if (block.timestamp < t.deadline()) revert TooEarly();
        _checkLocks(channel_, locks);
        uint256 locked = locks.undecided(_bits(channel_, funds, locks));
        bool last = _undecided(funds, t) == 0;
        if (last) {
            _end(channel_);
        } else {
            channel_.funds = closing(0, locked, funds.holder(), true, funds.decided());
            channel_.more = terms(t.rev(), t.deadline(), t.count(), 0, locked);
        }
        _paySides(id, p, funds, locked, last);
    }

    /// @inheritdoc IAdjudicator
    function punish(Params calldata p, bytes32 secret, address tower, uint128 bounty, Sig calldata grantSig)
        external
        guarded
    {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(CLOSING, p);
        Terms t = Terms.wrap(channel_.more);
        if (!_opens(secret, t.rev())) revert WrongSecret();
        bool victimIsA = funds.holder() == 1;
        _checkSignature(_grantDigest(id, tower, bounty), grantSig, victimIsA ? p.a : p.b);
        uint256 cap = t.cap(funds.second());
        if (bounty > cap) bounty = uint128(cap);
        uint256 rest = funds.second() - bounty;
        _end(channel_);
        emit Punished(id, tower, bounty, uint128(rest));
        _push(p.token, tower, bounty);
        _push(p.token, victimIsA ? p.payA : p.payB, rest);
    }

    /// @inheritdoc IAdjudicator
    function coop(
        Params calldata p,
        uint128 a,
        uint128 b,
        uint128 accA,
        uint128 accB,
        uint128 outA,
        uint128 outB,
        Sig calldata sigA,
        Sig calldata sigB
    ) external guarded {
        (bytes32 id, Stored storage channel_, Funds funds) = _in(OPEN, p);
        (uint256 toA, uint256 toB) =
            _credit(funds, Totals.wrap(channel_.more), a, b, 0, accA, accB, outA, outB);
        {
            bytes32 digest = _coopDigest(id, a, b, accA, accB, outA, outB);
            _checkSignature(digest, sigA, p.a);
            _checkSignature(digest, sigB, p.b);
        }
        _end(channel_);
        emit Cooperated(id, uint128(toA), uint128(toB));
        _push(p.token, p.payA, toA);
        _push(p.token, p.payB, toB);
    }

    /// @inheritdoc IAdjudicator
    function channel(bytes32 id) external view returns (Channel memory c) {
        Stored storage channel_ = channels[id];
        Funds funds = channel_.funds;
        c.phase = Phase(funds.phase());
        if (c.phase == Phase.Open) {
            Totals withdrawn = Totals.wrap(channel_.more);
            (c.depA, c.depB) = (uint128(funds.first()), uint128(funds.second()));
            (c.withdrawnA, c.withdrawnB) = (uint128(withdrawn.totalA()), uint128(withdrawn.totalB()));
        } else if (c.phase == Phase.Closing) {
            Terms t = Terms.wrap(channel_.more);
            (c.holder, c.partly, c.undecided) = (uint8(funds.holder()), funds.partly(), uint16(_undecided(funds, t)));
            (c.rev, c.deadline) = (t.rev(), uint64(t.deadline()));
            (c.toHolder, c.left) = (uint128(funds.first()), uint128(funds.second()));
            c.cap = uint128(t.cap(funds.second()));
            c.locksHash = channel_.locksHash == 0 ? NO_LOCKS : channel_.locksHash;
            if (t.count() > FEW) c.decided = channel_.decided;
            else c.decided[0] = funds.decided();
        }
    }

    /// @inheritdoc IAdjudicator
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IAdjudicator
    function channelId(Params calldata p) public view returns (bytes32 id) {
        // abi.encode would check that each word is of its type: one that isn't makes an id that no one else computes
        uint256 chainId = CHAIN_ID;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, chainId)
            mstore(add(words, 0x20), address())
            calldatacopy(add(words, 0x40), p, 0xe0)
            id := keccak256(words, 0x120)
        }
    }

    /// @dev The channel, which must be in a phase.
    function _in(uint256 wanted, Params calldata p)
        private
        view
        returns (bytes32 id, Stored storage channel_, Funds funds)
    {
        id = channelId(p);
        channel_ = channels[id];
        funds = channel_.funds;
        if (funds.phase() != wanted) revert WrongPhase(Phase(funds.phase()));
    }

    /// @dev The channel's money, if more may be added.
    function _depositable(Stored storage channel_) private view returns (Funds funds) {
        funds = channel_.funds;
        if (funds.phase() > OPEN) revert WrongPhase(Phase(funds.phase()));
    }

    /// @dev What the sides of a state get: what it gives them, and deposits and room for withdrawals that it doesn't
    /// know of. With locked they are all that is in the channel.
    function _credit(
        Funds funds,
        Totals withdrawn,
        uint256 toA,
        uint256 toB,
        uint256 locked,
        uint256 accA,
        uint256 accB,
        uint256 outA,
        uint256 outB
    ) private pure returns (uint256, uint256) {
        if (toA + toB + locked + outA + outB != accA + accB) revert NotConserved();
        if (funds.first() < accA || funds.second() < accB) revert DepositsMissing();
        if (withdrawn.totalA() > outA || withdrawn.totalB() > outB) revert WithdrawalsMissing();
        return (
            toA + (funds.first() - accA) + (outA - withdrawn.totalA()),
            toB + (funds.second() - accB) + (outB - withdrawn.totalB())
        );
    }

    /// @dev The locks are given in full at every call, and never change.
    function _checkLocks(Stored storage channel_, bytes calldata locks) private view {
        bytes32 locksHash = channel_.locksHash;
        if (keccak256(locks) != (locksHash == 0 ? NO_LOCKS : locksHash)) revert LocksDiffer();
    }

    /// @dev The bitmap of decided locks: that of few is with the money, that of many in words of its own.
    function _bits(Stored storage channel_, Funds funds, bytes calldata locks)
        private
        view
        returns (uint256[] memory bits)
    {
        bits = locks.bitmap();
        if (locks.length > FEW * Locks.SIZE) {
            for (uint256 i = 0; i < bits.length; ++i) {
                bits[i] = channel_.decided[i];
            }
        } else if (locks.length > 0) {
            bits[0] = funds.decided();
        }
    }

    /// @dev Stores the bitmap of many locks, of which so many are decided.
    function _store(Stored storage channel_, uint256[] memory bits, uint256 count) private returns (uint256) {
        for (uint256 i = 0; i < bits.length; ++i) {
            channel_.decided[i] = bits[i];
        }
        return count;
    }

    /// @dev How many locks are neither taken nor refunded.
    function _undecided(Funds funds, Terms t) private pure returns (uint256 undecided) {
        undecided = t.count();
        if (undecided > FEW) return undecided - funds.decided();
        for (uint256 bits = funds.decided(); bits > 0; bits &= bits - 1) {
            --undecided;
        }
    }

    /// @dev Leaves a tombstone, so that no signature for this id lives again.
    function _end(Stored storage channel_) private {
        channel_.funds = ended();
        channel_.more = 0;
    }

    /// @dev Pays what is decided of a closing channel; locked is not.
    function _paySides(bytes32 id, Params calldata p, Funds funds, uint256 locked, bool last) private {
        uint256 toA = funds.first();
        uint256 toB = funds.second() - locked - toA;
        if (funds.holder() == 1) (toA, toB) = (toB, toA);
        emit Settled(id, uint128(toA), uint128(toB), last);
        _push(p.token, p.payA, toA);
        _push(p.token, p.payB, toB);
    }
}
