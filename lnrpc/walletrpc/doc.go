// Package walletrpc is the part of the API that shows the wallet's insides.
package walletrpc
