package btcd

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel interrupt the program when its parent dies, and keeps a Ctrl-C
// on the terminal from reaching it before its parent has stopped what uses it.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT, Setpgid: true}
}
