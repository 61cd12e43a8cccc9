// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title The adjudicator of payment channels in ETH or an ERC-20 token
/// @notice Holds the deposits of two-party channels and pays them out by the newest state that
/// both signed. A state names the address of its holder's per-commitment point; whoever learns
/// the secret behind it, because the holder revoked the state, can punish its use.
/// @dev Side 0 is A, the channel's opener, side 1 is B. Amounts are base units of the token.
interface IAdjudicator {
    /// @notice What two parties agreed on when they opened; its hash names the channel.
    struct Params {
        address a; // signs for A: the address of a BOLT 3 funding key
        address b;
        address payA; // is paid
        address payB;
        address token; // zero is the chain's coin
        uint32 delay; // seconds of the contest period
        uint64 nonce;
    }

    /// @notice A state of the channel that one side, its holder, may close with.
    /// toA + toB + the sum of locks == accA + accB - outA - outB.
    struct Commitment {
        uint8 holder;
        uint64 n; // BOLT 3's commitment number
        uint128 toA;
        uint128 toB;
        uint128 accA; // deposits that this state accounts for
        uint128 accB;
        uint128 outA; // withdrawals that this state accounts for
        uint128 outB;
        address rev; // of the holder's per-commitment point
    }

    /// @notice An EIP-2098 signature: s is low, its top bit is the parity of y.
    struct Sig {
        bytes32 r;
        bytes32 vs;
    }

    enum Phase {
        None, // nothing was deposited yet
        Open,
        Closing,
        Ended // for ever
    }

    /// @notice All that the contract knows of a channel.
    struct Channel {
        Phase phase;
        // while Open
        uint128 depA; // gross deposits
        uint128 depB;
        uint128 withdrawnA; // gross withdrawals
        uint128 withdrawnB;
        // while Closing
        uint8 holder;
        bool partly; // settlePartial has paid what was decided then
        address rev;
        uint64 deadline; // of the contest period
        uint128 toHolder; // decided for the holder and not yet paid
        uint128 left; // all that is not yet paid: toHolder, what is the peer's, undecided locks
        uint128 cap; // the most that a bounty is: what of toHolder the state itself decided, in whole (left >> 49) + 1
        uint16 undecided; // locks that are neither taken nor refunded
        bytes32 locksHash;
        uint256[4] decided; // a bit for each lock: index i is bit i % 256 of word i / 256
    }

    event Deposited(bytes32 indexed id, uint8 side, uint256 amount);
    event Withdrawn(bytes32 indexed id, uint128 totalA, uint128 totalB);
    /// @dev toA and toB include the surplus of deposits and withdrawals over what the state accounts for.
    event Closing(
        bytes32 indexed id, uint8 holder, uint64 n, address rev, uint64 deadline, uint128 toA, uint128 toB
    );
    /// @dev claims has (index u16, preimage 32) of each lock that was taken by its preimage in this call;
    /// refunds has index u16 of each that was refunded.
    event Resolved(bytes32 indexed id, bytes claims, bytes refunds);
    event Settled(bytes32 indexed id, uint128 paidA, uint128 paidB, bool ended);
    event Punished(bytes32 indexed id, address tower, uint128 bounty, uint128 paid);
    event Cooperated(bytes32 indexed id, uint128 paidA, uint128 paidB);
    event Owed(address indexed token, address indexed who, uint256 amount);
    event OwedClaimed(address indexed token, address indexed who, address to, uint256 amount);

    error WrongPhase(Phase phase); // the channel is not in the phase that the call needs
    error NothingArrived(); // a deposit without money
    error UnexpectedValue(); // coins sent along with a token's channel, or not as many as named
    error WrongSide(); // a side that is neither 0 nor 1
    error TooMuch(); // a sum beyond 2^120, or beyond what is there
    error WrongSignature(); // not of whom it must be, malleable, or zero
    error WrongLocks(); // not a multiple of 64 bytes, an unknown side or kind, padding, or too many
    error LocksDiffer(); // not the locks of the closing state
    error NotConserved(); // the state's amounts don't add up to what it accounts for
    error DepositsMissing(); // the state accounts for more than was deposited
    error WithdrawalsMissing(); // more was withdrawn than the state accounts for
    error Lower(); // a total of withdrawals that would shrink
    error WrongClaims(); // malformed, not ascending, an index out of range
    error WrongPreimage(uint256 index);
    error TooEarly(); // the contest period isn't over
    error Undecided(); // a lock is neither taken nor refunded
    error WrongSecret(); // not the secret of the closing state's point
    error NothingOwed();
    error Reentered();
    error GasTooLow(); // to push a payment
    error TransferFailed(); // a deposit's token transfer

    /// @notice Adds money to a side of a channel; the first deposit opens it. What arrives counts.
    /// @param amount base units; for the chain's coin the same as msg.value
    function deposit(Params calldata p, uint8 side, uint256 amount) external payable;

    /// @notice Pays out up to gross totals that both signed, leaving the channel open.
    function withdraw(Params calldata p, uint128 totalA, uint128 totalB, Sig calldata sigA, Sig calldata sigB) external;

    /// @notice Starts the one contest period with a state, in its holder's name.
    /// @param locks 64 bytes each: hash 32, amount 16, expiry 6, side 1 (0/1: A/B is paid on the preimage),
    /// kind 1 (0: SHA-256), zeros 8
    function close(
        Params calldata p,
        Commitment calldata c,
        bytes calldata locks,
        Sig calldata peerSig,
        Sig calldata holderSig
    ) external;

    /// @notice Decides locks: those claimed by preimage before their expiry, and refunds every other one that
    /// is past its expiry. A lock that is decided already, or claimed too late, is passed by: this call does not
    /// refund it.
    /// @param claims (index u16, preimage 32) each, indices ascending
    function resolve(Params calldata p, bytes calldata locks, bytes calldata claims) external;

    /// @notice Pays both sides when the contest period is over and every lock is decided.
    function settle(Params calldata p) external;

    /// @notice Pays what is decided when the contest period is over, and leaves undecided locks.
    function settlePartial(Params calldata p, bytes calldata locks) external;

    /// @notice Gives the victim of a revoked state everything that is left, less the bounty: that which is
    /// granted, at most channel(id).cap.
    /// @param secret the per-commitment secret of the closing state
    /// @param tower is paid the bounty; the victim signs itself a grant of 0
    function punish(Params calldata p, bytes32 secret, address tower, uint128 bounty, Sig calldata grantSig) external;

    /// @notice Closes at once, as both signed.
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
    ) external;

    /// @notice Takes what could not be pushed to its receiver.
    /// @param sig by who over (token, who, to, nonce); zeros if who itself calls
    function claimOwed(address token, address who, address to, Sig calldata sig) external;

    function channelId(Params calldata p) external view returns (bytes32);
    function channel(bytes32 id) external view returns (Channel memory);
    function owed(address token, address who) external view returns (uint256);
    function owedNonce(address who) external view returns (uint256);
    function domainSeparator() external view returns (bytes32);
}
