package exporters

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/cayleygraph/quad"
)

func geoJSON() Format {
	return Format{
		Name: "geojson", Extensions: []string{".geojson"}, MediaType: "application/geo+json",
		About:  "GeoJSON (RFC 7946): places, and the events, figures and seizures tied to them, as points",
		Graphs: true, View: true,
		Write: writeGeoJSON,
	}
}

type geoCollection struct {
	Type     string            `json:"type"`
	About    map[string]string `json:"about,omitempty"` // a foreign member, as RFC 7946 allows
	Features []geoFeature      `json:"features"`
}

type geoFeature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Geometry   geoPoint       `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

type geoPoint struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude first
}

// writeGeoJSON writes a feature for every thing that has a place with coordinates, one a place: a
// seizure at two ports is two points with one id each. What has no such place is counted as left out.
func writeGeoJSON(w io.Writer, d Document) error {
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	v := n.View
	points := map[string]geoPoint{}
	for _, node := range n.Nodes {
		if p, ok := pointOf(node); ok {
			points[node.ID] = p
		}
	}
	places := map[string][]Edge{}
	for _, e := range n.Edges {
		if e.Predicate == "kg:place" {
			places[e.Source] = append(places[e.Source], e)
		}
	}
	out := geoCollection{Type: "FeatureCollection", About: d.About.fields(), Features: []geoFeature{}}
	lost := 0
	for _, node := range n.Nodes {
		properties := withValues(node.Values, map[string]any{"name": node.Label})
		if p, ok := points[node.ID]; ok {
			out.Features = append(out.Features, geoFeature{"Feature", node.ID, p, properties})
			continue
		}
		there := slices.DeleteFunc(places[node.ID], func(e Edge) bool { _, ok := points[e.Target]; return !ok })
		if len(there) == 0 {
			lost++
		}
		for i, e := range there {
			of := withValues(properties, map[string]any{"place": v.Name(quad.IRI(e.Target)), "place_iri": e.Target})
			if claim, ok := e.Values["claim"]; ok {
				of["place_claim"] = claim
			}
			id := node.ID
			if i > 0 {
				id += "#" + strconv.Itoa(i+1)
			}
			out.Features = append(out.Features, geoFeature{"Feature", id, points[e.Target], of})
		}
	}
	d.lose(lost, "entity without a place is left out", "entities without a place are left out")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

// pointOf reads a node's coordinates, if they are on earth.
func pointOf(node Node) (geoPoint, bool) {
	lat, ok1 := node.Values["geo:lat"].(float64)
	long, ok2 := node.Values["geo:long"].(float64)
	if !ok1 || !ok2 || lat < -90 || lat > 90 || long < -180 || long > 180 {
		return geoPoint{}, false
	}
	return geoPoint{"Point", [2]float64{long, lat}}, true
}
