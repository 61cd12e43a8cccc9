// Package proc runs daemons as child processes on loopback: their output goes to a
// file, they end with the program that started them, and what they are waited for
// is always bounded by a context.
package proc
