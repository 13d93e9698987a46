// Package data holds the facts and the schema as they were when the program was built.
package data

import (
	"embed"
)

// SchemaFile is the path of the schema inside the project; errors about the schema begin with it.
const SchemaFile = "data/schema.yaml"

// Schema is the text of data/schema.yaml.
//
//go:embed schema.yaml
var Schema string

// Dataset is the text of data/dataset.yaml: title, licence and publisher of the facts.
//
//go:embed dataset.yaml
var Dataset string

// Facts is the text of data/facts.nq, canonical N-Quads with full IRIs; it does not hold derived facts.
//
//go:embed facts.nq
var Facts string

// Review is the folder data/review: what people have accepted, and what goods fetch.
//
//go:embed review
var Review embed.FS

// Evidence is the text of data/evidence.lock: where the evidence of claims stands in documents.
//
//go:embed evidence.lock
var Evidence string
