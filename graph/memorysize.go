package graph

// DefaultMemory is about how many bytes a build may use where nobody says: a quarter of what the
// machine, or what confines the process on it, has.
func DefaultMemory() int64 {
	const unknown, least = 8 << 30, 64 << 20
	all := machineMemory()
	if all <= 0 {
		all = unknown
	}
	return max(all/4, least)
}
