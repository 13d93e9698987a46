//go:build !linux

package graph

func machineMemory() int64 { return 0 }
