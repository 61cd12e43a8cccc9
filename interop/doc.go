// Command interop runs nwnd against lnd on a real chain: who opens, who pays, who
// forwards, who restarts and who closes is each way round, and after each scenario both
// sides must agree on every satoshi. Channels in tokens, which lnd doesn't have, are taken to court between nwnds, on
// go-ethereum's chain in this process. `make interop` runs it; -h lists its flags.
package main
