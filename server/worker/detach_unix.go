//go:build unix

package worker

import (
	"os/exec"
	"syscall"
)

// Detach keeps what the user types at the terminal from a process: Ctrl-C is for the server, which ends
// its processes in order.
func Detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
