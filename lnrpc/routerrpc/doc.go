// Package routerrpc is the part of the API that makes payments.
package routerrpc
