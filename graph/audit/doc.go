// Package audit looks for what no schema can forbid: facts that are well-formed and yet unlikely to be
// right. A price per gram that nobody pays, a total smaller than a part of it, a number that is a
// thousand times what the document's own words say, a slug that was there and is gone, a private
// person's name.
//
// [Inspect] takes facts as they were read, by a [Recorder] that also keeps where each stood, and returns
// [Finding]s. [Rules] lists what is looked for, with what to do. What turns out to be right is accepted
// in a reviewed list, with a reason ([Accepted]).
package audit
