// Package gizmo runs Gizmo, the path language of Cayley, on any of Cayley's stores.
//
// A text is compiled once ([Compile]) and run as often as wanted ([Program.Run]); [Run] does both.
// Its rows arrive one by one, typed: an IRI is never a string, a number never a text.
//
//	err := gizmo.Run(ctx, store, `g.V("<kg:platform/sky-ecc>").in("<kg:targets>").all()`, gizmo.Options{}, func(r gizmo.Row) error {
//		fmt.Println(r.Value)
//		return nil
//	})
//
// How a text becomes rows:
//
//  1. JavaScript builds paths. A path is a list of steps (step.go) and holds no data.
//  2. A final (all, count, forEach, …) turns the steps into a shape of Cayley's package graph/shape
//     (build.go). A store that rewrites shapes is handed the whole of it, and what it rewrote runs
//     as its own iterator.
//  3. What is left runs here (op.go and its neighbours): nested loops over the store's quads that
//     keep every row and every tag, ask the context between quads, and count their memory.
//
// A row stands for one way through the graph: each hop adds one quad, whereas has, is, filter, and,
// except only keep or drop. So a count or a sum means the same on every store.
//
// No text can panic or stop the process by itself: native recursion and large allocations are
// checked before they happen, a heap that grows is noticed by a watch. The watch is not exact; texts
// from strangers belong into a process with a limit of its own.
package gizmo
