// Package bench makes graphs of our schema at any size and measures stores with them.
//
// [World] yields the quads of an invented graph: platforms, agencies, operations, seizures and places,
// every fact under a claim with its document. The same size and seed give the same quads, in the same
// order, in constant memory.
//
// [Run] builds such a graph in stores of several kinds, asks all of them the same, and tells the median
// times. What counts is the ratio between stores of one run: absolute times belong to one machine.
package bench
