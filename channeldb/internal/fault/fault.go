// Package fault lets channeldb/dbtest, and nothing outside channeldb, make a store's commits fail.
package fault

import "os"

// Plan says which commits of one opened store fail, counted from 0. It is for tests.
type Plan struct {
	// Before is asked before a commit; on an error nothing of the group reaches the disk.
	Before func(commit uint64) error

	// After is asked when the group is on disk; on an error its callers are told that it failed.
	After func(commit uint64) error

	// NoSync leaves out fdatasync, which a test that loses no power does not need.
	NoSync bool

	// OpenFile, if not nil, opens the file in place of os.OpenFile.
	OpenFile func(path string, flag int, mode os.FileMode) (*os.File, error)
}
