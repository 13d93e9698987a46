// Package graph is the vocabulary of kg and the home of its store.
//
// The words, used the same way in every package, table and error:
//
//   - a quad is what is stored: subject, predicate, object, label;
//   - a fact is a quad about the world;
//   - a claim is the label under which a fact stands: a node of its own that says which document
//     it was read in, who said it, how firmly and in which words. A claim labels exactly one quad;
//   - a document (kg:Source) is where a claim was read, the speaker is who said it, the origin is
//     the first document that said it;
//   - a figure is what is counted (the arrests of Operation Venetic by July 2020); claims on it say
//     how many. A seizure is a kind of figure;
//   - a derivation is the label of a fact that the program concluded, with the rule and the claims
//     that support it;
//   - the gazetteer is what needs no document: names, aliases, classes, coordinates, place in place.
//
// Inside the store every IRI of a known vocabulary is short (<kg:platform/sky-ecc>); files that
// others read hold full IRIs. [Namespaces] translates, once, at the border.
//
// The package imports Cayley's stores and hides them: other packages see a [Store]. It knows nothing
// of file formats, query languages or terminals.
package graph
