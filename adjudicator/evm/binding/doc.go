// Package binding is the contracts as Go calls them: ABI, bytecode, and how they are put on a chain.
// All but deploy.go is generated from adjudicator/evm/contracts by make contracts.
package binding
