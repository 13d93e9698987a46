// Package queries keeps the saved questions and answers them.
//
// A question is one file, <name>.gizmo: a comment with a head in YAML, then Gizmo. The head drives the
// command, its help and completion, the HTTP address and the question's own test:
//
//	/*
//	summary: which agencies cracked a platform
//	params:
//	  - {name: platform, type: Platform, optional: true, help: "the platform; all of them when left out"}
//	columns:
//	  - {name: platform, type: entity}
//	  - {name: agency, type: entity}
//	  - {name: sources}
//	group: [platform, agency]
//	sort: [platform, agency]
//	example:
//	  params: {platform: Sky ECC}
//	  columns: [platform, agency]
//	  rows:
//	    - Sky ECC | Belgian Federal Police
//	*/
//	var platforms = params.platform ? g.V(params.platform) : g.V("<kg:Platform>").in("<rdf:type>");
//	platforms.tag("platform").in("<kg:cracked>").tag("agency").all();
//
// # From a path to a table
//
// The path yields one row a claim, in any order. What follows is done here, once for all questions:
//
//  1. Each tag fills the column of its name. The claims on which the row stands come from the path by
//     themselves, step by step; the last one is the claim of the row's own fact. A row that stands on
//     a deprecated claim is dropped; one that stands on an inferred one is marked, or dropped when
//     only what documents state is wanted. A derived fact stands on the claims that support it.
//  2. Rows that agree in the columns of group become one. A column in collect holds all values of
//     the group, one in prefer that of the preferred claim (graph.Prefer). Amounts that contradict it
//     go to the column disputed, the document's own conversions to converted. Nothing is dropped
//     without a trace. Without group, rows that are the same become one.
//  3. A column with of and fact is looked up: {name: place, of: seizure, fact: place} is the place of
//     the entity in the column seizure. So a path never joins facts that may be several.
//  4. With span, rows without a date are left out, and parameters with a bound cut the rest.
//  5. The rows are sorted by the columns' types, counted, and cut to the limit.
//
// Reserved columns need a name only: measure and amount (a quantity, whose unit the measure fixes; both
// are tags of the path), converted, disputed, said_by, sources, claims, facts (how many claims),
// figures (what a sum adds up).
//
// A question with sum adds its amounts up by the columns that sum lists and by measure ([Sum]). Its
// path tags the figure of each amount "figure".
//
// # Parameters
//
// They are given as text, checked and converted by type, and reach the Gizmo text as the value params;
// they are never pasted into it. An entity is looked up by name, alias, slug or IRI and arrives as a
// node: g.V(params.platform). What was not given is null.
//
// # Add a question
//
// Save it here (or in a folder given with --queries), and run kg query test: it checks the head, lints
// the text ([Question.Lint]), and compares the worked example with the answer.
package queries
