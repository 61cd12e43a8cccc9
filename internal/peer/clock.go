package peer

import "time"

// Clock is time, so that tests can bring their own.
type Clock interface {
	Now() time.Time

	// AfterFunc calls f once, on a goroutine of its own, after d.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a call that has been asked of a Clock.
type Timer interface {
	// Stop takes the call back; false if it is too late for that.
	Stop() bool
}

// SystemClock is the machine's.
type SystemClock struct{}

// Now is the time of day.
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc is time.AfterFunc.
func (SystemClock) AfterFunc(d time.Duration, f func()) Timer {
	return time.AfterFunc(d, f)
}
