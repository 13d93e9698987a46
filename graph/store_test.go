package graph_test

import (
	"path/filepath"
	"testing"

	"kg/graph"
	"kg/graph/storetest"
)

func TestSnapshotStore(t *testing.T) { storetest.Run(t, kept("snapshot")) }

// A build that streams from its first quad makes the same store.
func TestStreamedSnapshotStore(t *testing.T) {
	streamed := kept("snapshot")
	streamed.Hold = 1
	storetest.Run(t, streamed)
}

func TestMemoryStore(t *testing.T) {
	storetest.Run(t, storetest.Subject{New: func(*testing.T) graph.Address { return graph.Address{Scheme: "memory"} }})
}

func TestMemoryFileStore(t *testing.T) { storetest.Run(t, kept("memory")) }

func TestLevelStore(t *testing.T) { storetest.Run(t, kept("leveldb")) }

func TestBoltStore(t *testing.T) { storetest.Run(t, kept("bolt")) }

func kept(scheme string) storetest.Subject {
	return storetest.Subject{
		New: func(t *testing.T) graph.Address {
			t.Helper()
			return graph.Address{Scheme: scheme, Path: filepath.Join(t.TempDir(), "graph")}
		},
		Kept: true,
	}
}
