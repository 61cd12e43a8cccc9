package router

import (
	"errors"
	"fmt"
)

// ErrNoRoute is what every failed search matches with errors.Is.
var ErrNoRoute = errors.New("router: no route")

// Reason names what stopped a search.
type Reason uint8

const (
	ReasonUnreachable   Reason = iota // the graph has no path at all
	ReasonUnknownTarget               // target has no channel in this asset
	ReasonLocalBalance                // no own channel can send that much
	ReasonCapacity                    // channels are too small or disabled
	ReasonMinimum                     // amount is below what channels take
	ReasonFeeLimit
	ReasonCLTVLimit
	ReasonHopLimit
	ReasonProbability // what is left failed lately
	ReasonInvalid     // the query makes no sense
	ReasonEffort      // the graph is too large for more (Limits.Looks)

	reasons = iota
)

// NoRouteError says why there is no route, for a program (Reason) and a person.
type NoRouteError struct {
	Reason Reason
	Detail string
}

func (e *NoRouteError) Error() string { return "router: no route: " + e.Detail }

// Is makes errors.Is(err, ErrNoRoute) true.
func (e *NoRouteError) Is(target error) bool { return target == ErrNoRoute }

func noRoute(r Reason, format string, args ...any) error {
	return &NoRouteError{r, fmt.Sprintf(format, args...)}
}
