// Package languages answers query texts as Cayley's HTTP interface does: in Gizmo, GraphQL and MQL, with
// its forms of answers. Gizmo is ours (package [kg/queries/gizmo]); the others are Cayley's own, over a
// store that knows full and short IRIs for the same node.
//
// A text in any of them can use up the memory or the time of its process: run texts of strangers in a
// process that may end.
package languages
