// Package channeldb is the one durable truth of a node: one bbolt file that holds the logs of all
// channels, invoices and payments, and one committer that makes them durable.
//
// # The contract
//
// Append returns nil when its facts are durable, and only then may anything that depends on them
// leave the process. All callers that wait at the same time share one transaction (group commit):
// two fdatasyncs, however many they are. A write or sync that fails stops the store for good
// (ErrStopped): whether the group is on disk is unknown, so neither memory nor a reader may go on.
//
// # Streams
//
// A stream is a log with an owner: a channel, "invoices", "payments". Its state is a snapshot and
// the facts appended since. The owner replaces both by a new snapshot when NeedsSnapshot says so,
// and forgets the stream when it has ended. Start-up reads snapshots and tails, never history.
//
// # The file
//
// Facts of all streams lie in one bucket under a global sequence number, so that a group commit
// dirties pages at the tail only. We rejected a bucket per stream (each stream in a group dirties
// a leaf and a branch of its own) and a second file as write-ahead log (two files to back up, two
// places to look for the truth). What snapshots made obsolete is trimmed from the head in
// bounded steps that ride on later commits; the tail of a stream that lags, and so would hold
// the head back, is carried aside once. The layout is told in format.go.
package channeldb
