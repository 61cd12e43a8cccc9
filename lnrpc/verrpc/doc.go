// Package verrpc is the part of the API that tells its version.
package verrpc
