package evm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"unicode"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Calls of an ERC-20 token (EIP-20), and what it answers. A token is a stranger's contract: nothing
// that it answers is believed to have any form.

// ErrAnswer says that a token didn't answer as EIP-20 says.
var ErrAnswer = errors.New("evm: the token's answer can't be read")

func selector(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4] }

func word(b []byte) []byte { return common.LeftPadBytes(b, 32) }

func calldata(signature string, words ...[]byte) []byte {
	out := selector(signature)
	for _, w := range words {
		out = append(out, word(w)...)
	}
	return out
}

// PackBalanceOf asks what an account has.
func PackBalanceOf(who common.Address) []byte { return calldata("balanceOf(address)", who[:]) }

// PackAllowance asks what a spender may take of an owner's.
func PackAllowance(owner, spender common.Address) []byte {
	return calldata("allowance(address,address)", owner[:], spender[:])
}

// PackApprove allows a spender exactly so many base units, less than 2^256.
func PackApprove(spender common.Address, amount *big.Int) []byte {
	return calldata("approve(address,uint256)", spender[:], amount.Bytes())
}

// PackTransfer sends base units, less than 2^256.
func PackTransfer(to common.Address, amount *big.Int) []byte {
	return calldata("transfer(address,uint256)", to[:], amount.Bytes())
}

// Calls without arguments.
var (
	PackSymbol   = selector("symbol()")
	PackName     = selector("name()")
	PackDecimals = selector("decimals()")
)

// UnpackUint reads a number.
func UnpackUint(answer []byte) (*big.Int, error) {
	if len(answer) < 32 {
		return nil, fmt.Errorf("%w: a number has 32 bytes, it gave %d", ErrAnswer, len(answer))
	}
	return new(big.Int).SetBytes(answer[:32]), nil
}

// UnpackDecimals reads what decimals() answers, at most 255.
func UnpackDecimals(answer []byte) (uint8, error) {
	n, err := UnpackUint(answer)
	if err != nil {
		return 0, err
	}
	if !n.IsUint64() || n.Uint64() > 255 {
		return 0, fmt.Errorf("%w: it says that it has %v decimals", ErrAnswer, n)
	}
	return uint8(n.Uint64()), nil
}

// maxText is how much of a name is read.
const maxText = 64

// UnpackText reads a name or a symbol: a string, or the 32 bytes that some old tokens give. What can't be
// shown is taken out, and what is longer than 64 bytes is cut.
func UnpackText(answer []byte) (string, error) {
	if len(answer) == 32 {
		return printable(bytes.TrimRight(answer, "\x00")), nil
	}
	if len(answer) < 64 {
		return "", fmt.Errorf("%w: a text has 64 bytes or more, it gave %d", ErrAnswer, len(answer))
	}
	length := binary.BigEndian.Uint64(answer[56:64])
	if !bytes.Equal(answer[:32], word([]byte{32})) || !bytes.Equal(answer[32:56], make([]byte, 24)) ||
		length > uint64(len(answer)-64) {
		return "", fmt.Errorf("%w: a text of %d bytes in %d", ErrAnswer, length, len(answer))
	}
	return printable(answer[64 : 64+length]), nil
}

func printable(b []byte) string {
	var out []rune
	for size := 0; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		if size += n; size > maxText {
			break
		}
		if r != utf8.RuneError && unicode.IsPrint(r) {
			out = append(out, r)
		}
	}
	return string(out)
}
