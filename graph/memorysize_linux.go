package graph

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// machineMemory is the memory of the machine or, in a container, what that may use.
func machineMemory() int64 {
	var info syscall.Sysinfo_t
	all := int64(0)
	if syscall.Sysinfo(&info) == nil {
		all = int64(uint64(info.Totalram) * uint64(info.Unit)) //nolint:unconvert // it has 32 bits on some machines
	}
	text, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return all
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || limit <= 0 || all > 0 && limit > all {
		return all // "max": no limit
	}
	return limit
}
