//go:build !linux

package btcd

import "os/exec"

// dieWithParent is nothing here: only Linux offers it.
func dieWithParent(*exec.Cmd) {}
