package cli

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// places tells for each claim id the file and line of the curated table that holds it. Without
// curated tables it is empty; a table that cannot be read is for the build to complain about.
func (p project) places() map[string]string {
	places := map[string]string{}
	if p.tables == "" {
		return places
	}
	tables, err := filepath.Glob(filepath.Join(p.tables, "claims", "*.csv"))
	if err != nil {
		return places
	}
	for _, table := range tables {
		addPlaces(places, table)
	}
	return places
}

func addPlaces(places map[string]string, table string) {
	f, err := os.Open(table)
	if err != nil {
		return
	}
	defer f.Close() //nolint:errcheck // read only
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	id := -1
	for {
		row, err := r.Read()
		if err != nil {
			return
		}
		if id < 0 {
			if id = slices.Index(row, "claim_id"); id < 0 {
				return
			}
			continue
		}
		if id < len(row) {
			line, _ := r.FieldPos(id)
			places[row[id]] = fmt.Sprintf("%s:%d", table, line)
		}
	}
}
