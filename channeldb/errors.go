package channeldb

import "errors"

// Errors that callers tell apart with errors.Is.
var (
	// ErrStopped: a write or sync failed, now or earlier; the node must exit. It wraps the cause.
	ErrStopped = errors.New("channeldb: stopped after a failed write")

	// ErrClosed: the store was closed by its owner.
	ErrClosed = errors.New("channeldb: closed")

	// ErrInvalid: the request breaks a limit and was refused; the store goes on.
	ErrInvalid = errors.New("channeldb: invalid request")

	// ErrLocked: another process holds the file.
	ErrLocked = errors.New("channeldb: store is in use")

	// ErrNewer: the file's format is newer than this program.
	ErrNewer = errors.New("channeldb: store has a newer format")

	// ErrCorrupt: the file is not a store, or a damaged one. Nothing was written to it.
	ErrCorrupt = errors.New("channeldb: store is damaged")

	// ErrChanged: the stream got a new snapshot while it was being replayed.
	ErrChanged = errors.New("channeldb: stream changed while it was replayed")
)
