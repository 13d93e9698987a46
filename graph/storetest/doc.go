// Package storetest is the exam that every store of kg passes.
//
// A store's own test hands over a constructor:
//
//	func TestBolt(t *testing.T) {
//		storetest.Run(t, storetest.Subject{
//			New: func(t *testing.T) graph.Address {
//				return graph.Address{Scheme: "bolt", Path: filepath.Join(t.TempDir(), "graph.bolt")}
//			},
//			Kept: true,
//		})
//	}
//
// Each behaviour is a subtest on a store of its own, and ends with a consistency check: every quad is
// found through each of its parts, and nothing else is there.
package storetest
