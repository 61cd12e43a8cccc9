package channeldb

import (
	"fmt"
	"runtime/debug"
)

// guard turns what bbolt does on a damaged file, a panic or a fault in its memory map, into
// ErrCorrupt. f must not start goroutines.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrCorrupt, p)
		}
	}()
	return f()
}
