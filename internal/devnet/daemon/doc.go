// Package daemon is one Lightning node as a process, nwnd or lnd, and what the demo,
// the interop scenarios and the benchmark ask of it through the gRPC API that both serve.
package daemon
