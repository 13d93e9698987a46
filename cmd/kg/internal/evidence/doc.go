// Package evidence proves that the words behind claims still stand in the documents.
//
// The texts of documents belong to others and are not part of the project. What is kept of them is a
// lock: per document the length and SHA-256 of its text and, per claim, where in it the evidence stands
// and the SHA-256 of that passage. Whoever has the text can check each passage; whoever has not learns
// nothing of it.
//
// A [Lock] is read with [Parse] and written with [Lock.Text]; [Check] compares a document with a text;
// [Propose] finds the passages that can be found without a person's judgement.
package evidence
