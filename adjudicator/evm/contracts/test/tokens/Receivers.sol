// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A receiver of coins that can be made to refuse them, and pays out what it got.
contract Refuser {
    bool public refuses = true;

    function setRefuses(bool on) external {
        refuses = on;
    }

    function run(address target, bytes calldata data) external {
        (bool ok, bytes memory out) = target.call(data);
        if (!ok) {
            assembly {
                revert(add(out, 32), mload(out))
            }
        }
    }

    receive() external payable {
        require(!refuses, "refused");
    }
}

/// @notice Takes all gas that it gets.
contract GasBurner {
    receive() external payable {
        assembly {
            invalid()
        }
    }
}

/// @notice Answers with as much as its gas buys: 30,000 buy 90 kB.
contract Flooder {
    uint256 private immutable SIZE;
    bool private immutable REVERTS;

    constructor(uint256 size, bool reverts) {
        (SIZE, REVERTS) = (size, reverts);
    }

    receive() external payable {
        uint256 n = SIZE;
        if (REVERTS) {
            assembly {
                revert(0, n)
            }
        }
        assembly {
            return(0, n)
        }
    }
}

/// @notice Calls back when it is paid, within the little gas that it gets: the calldata is another
/// contract's code, and what the call answered stays in transient storage.
contract Reenterer {
    address private immutable TARGET;
    address private data;

    constructor(address target) {
        TARGET = target;
    }

    /// @param data_ an account whose code is the calldata
    function arm(address data_) external {
        data = data_;
    }

    /// @return answer the first four bytes that the call was answered with; 1 in the last place if it succeeded
    function answered() external view returns (bytes32 answer) {
        assembly {
            answer := tload(0)
        }
    }

    receive() external payable {
        address target = TARGET;
        address code = data;
        assembly {
            let size := extcodesize(code)
            extcodecopy(code, 0, 0, size)
            let ok := call(gas(), target, 0, 0, size, 0, 4)
            tstore(0, or(shl(224, shr(224, mload(0))), ok))
        }
    }
}
