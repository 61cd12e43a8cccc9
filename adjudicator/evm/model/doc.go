// Package model says in plain Go what the adjudicator contract does: each of IAdjudicator's
// functions on a World that is a value. It was written from the interface and the design, not from
// the contract; that the two agree, call by call, is tested in the EVM. What it costs isn't
// modelled: a call here has all the gas that it wants.
//
// It stands for the chain where a real one would be too slow: a World is cheap to Clone, so a chain of
// blocks and its reorganisations are a slice of them.
package model
