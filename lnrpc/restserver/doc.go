// Package restserver serves lnrpc as JSON over HTTP, at the paths of lnd's REST API, and
// its streams over WebSockets too. It decides nothing: every call goes to the gRPC
// server, which checks its macaroon.
//
//	request -> limits -> origins -> sockets -> gateway -> gRPC
package restserver
