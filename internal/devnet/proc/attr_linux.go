package proc

import "syscall"

// childAttributes gives the child its own process group and lets the kernel kill it
// when this program dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
