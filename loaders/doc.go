// Package loaders turns files into quads: bytes in, quads out.
//
// [Load] reads one input: a path, or "-" for standard input; plain, .gz or .zst. It finds the format by
// the file's name and, where the name says nothing, by the first bytes; it hands each quad to a
// [graph.Sink] as soon as it is read, so that the size of a file does not matter.
//
//	err := loaders.Load(ctx, "dump.nq.gz", loaders.Options{}, sink)
//
// What a reader promises:
//
//   - it is strict: what the format's specification forbids is refused, with file, line, column, what
//     was wanted and what was found, as a [*graph.Problem];
//   - it stops at the first problem. With [Options].KeepGoing it goes on at the next statement, and
//     returns all of them as [graph.Problems];
//   - IRIs come out in the short form of the store; typed literals become numbers, truth values and
//     times only where that loses nothing ([graph.Native]); language tags stay as they are written;
//   - blank nodes get the input's key in front, so that _:b1 of two files are two nodes, and loading a
//     file twice gives the same names twice;
//   - the values it hands out are the sink's to keep;
//   - hostile input costs an error: terms, nesting and decompression are bounded.
//
// [LoadTable] reads tables that CSV on the Web metadata describe, sheets of workbooks among them, and
// [Infer] drafts such metadata. [Expand] turns folders, archives and patterns into inputs. [Curated]
// reads the project's own tables.
//
// To add a format, write one file with a function that returns its [Format], and add that function
// to [Formats].
package loaders
