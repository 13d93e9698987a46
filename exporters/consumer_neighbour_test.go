package exporters_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The model of FollowTheMoney takes every entity and every value.
func TestFollowTheMoneyTakesOurEntities(t *testing.T) {
	tellVersion(t, "followthemoney")
	for _, w := range worlds(t) {
		t.Run(w.name, func(t *testing.T) {
			var got struct {
				Counts   map[string]int
				Problems []string
			}
			ask(t, "ftm", w.file(t, "ftm"), &got)
			for _, p := range got.Problems[:min(20, len(got.Problems))] {
				t.Error(p)
			}
			want := map[string]int{"Article": 3, "PublicBody": 2, "Organization": 3, "Company": 1, "Event": 4, "Address": 4, "UnknownLink": 10}
			if diff := cmp.Diff(want, got.Counts); diff != "" && w.name == worlds(t)[0].name {
				t.Errorf("entities (-want +got):\n%s", diff)
			}
		})
	}
}

// The validator of OASIS has no error to tell, and no warning but of words that no vocabulary has.
func TestSTIXValidatorTakesOurBundles(t *testing.T) {
	tellVersion(t, "stix2-validator")
	for _, w := range worlds(t) {
		t.Run(w.name, func(t *testing.T) {
			var got struct {
				Valid              bool
				Problems, Warnings []string
				Counts             map[string]int
			}
			ask(t, "stix", w.file(t, "stix"), &got)
			if !got.Valid || len(got.Problems) > 0 {
				t.Errorf("%v", got.Problems[:min(20, len(got.Problems))])
			}
			for _, warning := range got.Warnings {
				if !strings.Contains(warning, "{223}") { // a region that is in no list
					t.Error(warning)
				}
			}
			want := map[string]int{
				"identity": 5, "infrastructure": 2, "grouping": 2, "location": 4, "note": 2, "report": 2, "relationship": 7, "marking-definition": 1, "extension-definition": 1,
			}
			if diff := cmp.Diff(want, got.Counts); diff != "" && w.name == worlds(t)[0].name {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
		})
	}
}

// A processor of JSON-LD finds in the schema.org export what is meant, without asking the network.
func TestSchemaOrgIsJSONLD(t *testing.T) {
	tellVersion(t, "pyoxigraph")
	for _, w := range worlds(t) {
		t.Run(w.name, func(t *testing.T) {
			var got struct{ Lines []string }
			ask(t, "jsonld_oxigraph", w.file(t, "schemaorg"), &got)
			if w.name != worlds(t)[0].name {
				if len(got.Lines) < 10_000 {
					t.Errorf("%d triples", len(got.Lines))
				}
				return
			}
			const s, kg = "<https://schema.org/", "<https://example.org/kg/"
			for _, want := range []string{
				kg + `dataset> ` + s + `license> "https://creativecommons.org/licenses/by/4.0/"`,
				kg + `platform/anom> ` + s + `name> "ANOM <b>"`,
				kg + `claim/C-11> ` + s + `author> ` + kg + `agency/fbi>`,
				kg + `claim/C-11> ` + s + `appearance> ` + kg + `source/paper>`,
				kg + `claim/C-04#review> ` + s + `itemReviewed> ` + kg + `claim/C-04>`,
				kg + `event/backwards> ` + s + `organizer> ` + kg + `agency/police>`,
			} {
				if !slices.Contains(got.Lines, want) {
					t.Errorf("no triple %s", want)
				}
			}
		})
	}
}

// GeoJSON follows RFC 7946: longitude first, on earth, no other reference system, ids of their own.
func TestGeoJSONFollowsItsRules(t *testing.T) {
	all := worlds(t)[:1]
	all = append(all, world{"the facts of the project", projectFacts(t)})
	for _, w := range all {
		t.Run(w.name, func(t *testing.T) {
			var file struct {
				Type     string
				CRS      any
				Features []struct {
					Type, ID string
					Geometry struct {
						Type        string
						Coordinates []json.Number
					}
					Properties map[string]any
				}
			}
			w.read(t, "geojson", &file)
			if file.Type != "FeatureCollection" || file.CRS != nil || len(file.Features) == 0 {
				t.Fatalf("type %s, crs %v, %d features", file.Type, file.CRS, len(file.Features))
			}
			seen := map[string]bool{}
			for _, f := range file.Features {
				if seen[f.ID] || f.ID == "" || f.Type != "Feature" || f.Geometry.Type != "Point" || len(f.Geometry.Coordinates) != 2 || f.Properties == nil {
					t.Errorf("%+v", f)
					continue
				}
				seen[f.ID] = true
				long, err1 := f.Geometry.Coordinates[0].Float64()
				lat, err2 := f.Geometry.Coordinates[1].Float64()
				if err1 != nil || err2 != nil || math.Abs(long) > 180 || math.Abs(lat) > 90 {
					t.Errorf("%s at %v", f.ID, f.Geometry.Coordinates)
				}
				if f.ID == "kg:location/taveuni" && (long != 180 || lat != -16.85) {
					t.Errorf("Taveuni is at %v, want longitude 180 first", f.Geometry.Coordinates)
				}
			}
		})
	}
}
