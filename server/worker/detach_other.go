//go:build !unix

package worker

import "os/exec"

// Detach does nothing where processes have no groups.
func Detach(*exec.Cmd) {}
