// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A token's books; what it says and what else it does is its own.
abstract contract Books {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function move(address from, address to, uint256 amount) internal {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }

    function spend(address from, address to, uint256 amount) internal {
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= amount;
        move(from, to, amount);
    }
}

/// @notice Does and says what EIP-20 asks.
contract PlainToken is Books {
    function transfer(address to, uint256 amount) external returns (bool) {
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        return true;
    }
}

/// @notice Returns nothing, as USDT.
contract SilentToken is Books {
    function transfer(address to, uint256 amount) external {
        move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        spend(from, to, amount);
    }
}

/// @notice Answers what it was told to, and then moves nothing, in the direction it was told.
contract AnsweringToken is Books {
    bool public pushes; // answers to transfer
    bool public pulls; // answers to transferFrom
    bytes public answer;

    function say(bool push, bool pull, bytes calldata answer_) external {
        (pushes, pulls, answer) = (push, pull, answer_);
    }

    function reply() private view {
        bytes memory out = answer;
        assembly ("memory-safe") {
            return(add(out, 32), mload(out))
        }
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (pushes) reply();
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (pulls) reply();
        spend(from, to, amount);
        return true;
    }
}

/// @notice Returns or reverts with as much as its gas buys, when it pushes.
contract FloodToken is Books {
    uint256 public size;
    bool public reverts;

    function flood(uint256 size_, bool reverts_) external {
        (size, reverts) = (size_, reverts_);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        uint256 n = size;
        if (n == 0) {
            move(msg.sender, to, amount);
            return true;
        }
        if (reverts) {
            assembly {
                revert(0, n)
            }
        }
        assembly {
            return(0, n)
        }
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        return true;
    }
}

/// @notice Keeps a tenth of what is moved.
contract FeeToken is Books {
    function transfer(address to, uint256 amount) external returns (bool) {
        move(msg.sender, to, amount);
        balanceOf[to] -= amount / 10;
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        balanceOf[to] -= amount / 10;
        return true;
    }
}

/// @notice Scales everybody's balance.
contract RebasingToken {
    mapping(address => uint256) private shares;
    uint256 private percent = 100;

    function rebase(uint256 percent_) external {
        percent = percent_;
    }

    function balanceOf(address who) external view returns (uint256) {
        return shares[who] * percent / 100;
    }

    function mint(address to, uint256 amount) external {
        shares[to] += amount * 100 / percent;
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return transferFrom(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public returns (bool) {
        shares[from] -= amount * 100 / percent;
        shares[to] += amount * 100 / percent;
        return true;
    }
}

/// @notice Makes a call while it moves money.
contract ReentrantToken is Books {
    address private target;
    bytes private data;
    bool private onPush;
    bool public called;
    bytes public result; // of the call

    /// @param push on transfer, else on transferFrom
    function arm(address target_, bytes calldata data_, bool push) external {
        (target, data, onPush, called) = (target_, data_, push, false);
        delete result;
    }

    function strike(bool push) private {
        if (target == address(0) || push != onPush) return;
        (called, result) = target.call(data);
        called = true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        strike(true);
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        strike(false);
        return true;
    }
}

/// @notice Refuses to move money to whom it has on a list.
contract BlocklistToken is Books {
    mapping(address => bool) public blocked;

    function setBlocked(address who, bool on) external {
        blocked[who] = on;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(!blocked[to] && !blocked[msg.sender], "blocked");
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        require(!blocked[from] && !blocked[to], "blocked");
        spend(from, to, amount);
        return true;
    }
}

/// @notice Takes all gas that it gets, when it pushes to whom it has on a list.
contract GasBurnerToken is Books {
    mapping(address => bool) public burns;

    function setBurns(address who, bool on) external {
        burns[who] = on;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (burns[to]) {
            assembly {
                invalid()
            }
        }
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        return true;
    }
}

/// @notice Tells whatever balance it was told to tell, of everybody.
contract LyingToken {
    uint256[2] private told;
    uint256 private moves;

    /// @param before until the next transfer, and after it
    function lie(uint256 before, uint256 afterwards) external {
        (told, moves) = ([before, afterwards], 0);
    }

    function balanceOf(address) external view returns (uint256) {
        return told[moves == 0 ? 0 : 1];
    }

    function transfer(address, uint256) external returns (bool) {
        ++moves;
        return true;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        ++moves;
        return true;
    }
}

/// @notice Needs much gas, though less than a push gets.
contract HeavyToken is Books {
    function transfer(address to, uint256 amount) external returns (bool) {
        uint256 start = gasleft();
        while (start - gasleft() < 150_000) {}
        move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        spend(from, to, amount);
        return true;
    }
}
