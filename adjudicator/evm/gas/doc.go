// Command gas measures what each operation of the adjudicator contract costs, in coins and in a token, and
// compares it with the targets and with the committed snapshot. Each operation is a transaction in a block of
// its own, on go-ethereum's chain with Ethereum's rules: intrinsic gas, the floor price of calldata (EIP-7623) and
// refunds count, and every slot and account is cold. The token is OpenZeppelin's, and the allowance exactly what a
// deposit takes, as nwnd approves it, but for the first money of a token; with one that stays a deposit
// costs 4,800 more.
package main
