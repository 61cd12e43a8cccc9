// Package ethtest is an EVM chain in memory and JSON-RPC endpoints onto it, for tests: blocks when
// the test says so, reorganisations of any depth, contracts in Go, endpoints that lie, forget,
// lag, hang or vanish.
//
//	chain := ethtest.New(t, ethtest.Options{})
//	chain.Deploy(address, contract)              // Go behind an address
//	chain.Fund(account, ethtest.Ether(10))
//	end := chain.Endpoint(t)                     // end.URL (http), end.WS
//	chain.Mine(1)                                // what waits in the pool, into blocks
//	chain.Reorg(3, 4)                            // three blocks away, four empty ones in their place
//	end.Set(func(f *ethtest.Faults) { f.MaxRange = 10 })
//
// Several endpoints of one chain agree; one of another Chain (Fork) does not.
package ethtest
