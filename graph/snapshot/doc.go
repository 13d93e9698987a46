// Package snapshot is a quad store of Cayley in one immutable, memory-mapped file.
//
// A file is written once, by a [Builder] or by an edit of an older file, synced, and put in its place
// by a rename. Whoever has the old file open keeps it; nobody ever sees half of one. Opening costs the
// same for a thousand quads as for a hundred million: nothing is read but the trailer.
//
// # The file
//
//	header      magic, format version
//	terms       every value once, sorted, front-coded in blocks of 16
//	orders      the quads four times over, sorted SPOL, OPSL, POSL and LSPO, in packed bits
//	offsets     where the rows of each leading value begin, for each order
//	statistics  exact counts of each predicate
//	manifest    what the caller wants to say about the content
//	text        what the caller looks texts up with
//	trailer     counts, bit widths, place and checksum of every section
//
// A value is known by its number in the sorted list of terms: IRIs first, then blank nodes, then
// literals kind by kind, each kind in the order of its values. A range of values is therefore a range
// of numbers. Number 0 is no value: the label of a quad that has none.
//
// # Why these four orders
//
// SPOL finds what a subject says, OPSL what points at an object, each also for one predicate, in one
// step: the offset of the leading value, then a search among its few rows. That is every hop of every
// path. POSL lists a predicate by its objects, so that a value or a range of values of a predicate is
// one stretch of rows. LSPO finds the one quad that stands under a claim.
//
// The patterns that no order begins with are served like this, and are bounded by the smaller side:
// subject and object without predicate leap over the predicates of the side that has fewer quads, with
// a search for each; a label with an object, or with a predicate, reads the quads of the side that has
// fewer and skips those that do not fit. A label is a claim here, so that side has one quad.
//
// # Asking
//
// Cayley hands the shape of a question to [Store.OptimizeShape]. Hops, intersections, fixed values, tags,
// saved values and ranges of values become one join of quads that share values; unions, uniques and
// exceptions stand beside it. A planner orders the quads of a join by what the statistics promise, and
// nested loops over the orders find the rows, one after the other, as they are asked for. What a question
// keeps in memory is what it has to leave out the second time. Everything else, such as optional values,
// patterns of text, sorting and pages, is left to Cayley's iterators, over the same parts.
//
// # Trust
//
// Opening checks that the parts fit together; [File.Verify] checks every byte. A file that is neither
// verified nor intact gives errors or wrong rows, but no panic, and no read outside of it. A mapped
// file that is cut short by somebody while it is read ends the reading with an error.
package snapshot
