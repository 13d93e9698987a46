package queries_test

import (
	"testing"

	"kg/queries"
)

// What a question costs when the store is open: parsing the head, running the text, making the table.
func BenchmarkQuestion(b *testing.B) {
	store := report(b)
	for _, name := range []string{"agencies-by-platform", "seizures-by-platform", "seized-substances", "timeline"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := lookup(b, name).Run(b.Context(), store, nil, queries.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
