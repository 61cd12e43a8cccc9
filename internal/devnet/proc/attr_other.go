//go:build !linux

package proc

import "syscall"

// childAttributes gives the child its own process group.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
