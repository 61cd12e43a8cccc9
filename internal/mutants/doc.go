// Command mutants puts one fault after the other into the sources and demands that tests see it.
// The sources are not touched (go build -overlay). There are three kinds of faults:
//
//   - htlc/mutants are faults of the channel core and its formats; some test of theirs must fail.
//   - internal/mutants/attacks take one defence away each, by its number in docs/security.md. The
//     tests that the fault's file names, TestAttackNN and the attack's name, must fail, and no
//     other attack's, unless the file says with "also:" that its defence is that one's too.
//   - adjudicator/evm/contracts/mutants break rules of the adjudicator contract, by their numbers (-contracts).
//     The contract is compiled with the fault; the tests that the file names must fail on that bytecode.
package main
