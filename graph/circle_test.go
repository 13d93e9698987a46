package graph_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func TestCirclesAreRefused(t *testing.T) {
	text, err := os.ReadFile("../data/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := graph.ParseSchema("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		file  string // the links stand in, one a line
		links string // subject predicate object, one a line
		want  []string
	}{
		{name: "a chain is no circle", links: "location/a kg:within location/b\nlocation/b kg:within location/c"},
		{name: "two ways to one place are no circle", links: "location/a kg:within location/b\nlocation/a kg:within location/c\nlocation/b kg:within location/d\nlocation/c kg:within location/d"},
		{
			name: "a place within itself", links: "location/a kg:within location/a",
			want: []string{"want no circle of kg:within, found kg:location/a → kg:location/a; one of these links is wrong"},
		},
		{
			name: "a figure that is part of its own part", links: "figure/a kg:partOf figure/b\nfigure/b kg:partOf figure/c\nfigure/c kg:partOf figure/a",
			want: []string{"want no circle of kg:partOf, found kg:figure/a → kg:figure/b → kg:figure/c → kg:figure/a; one of these links is wrong"},
		},
		{
			name: "a circle behind a chain is told without the chain", links: "figure/a kg:nextInSeries figure/b\nfigure/b kg:nextInSeries figure/c\nfigure/c kg:nextInSeries figure/b",
			want: []string{"want no circle of kg:nextInSeries, found kg:figure/b → kg:figure/c → kg:figure/b; one of these links is wrong"},
		},
		{
			name: "where its links stand is told", file: "places.csv", links: "location/a kg:within location/b\nlocation/c kg:within location/a\nlocation/b kg:within location/a",
			want: []string{"places.csv:1: want no circle of kg:within, found kg:location/a → kg:location/b → kg:location/a; one of these links is wrong; the others stand at places.csv:3"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := graph.Gather(t.Context(), func(_ context.Context, sink graph.Sink) error {
				at := graph.Position{File: test.file}
				for line := range strings.Lines(test.links) {
					if test.file != "" {
						at.Line++
					}
					w := strings.Fields(line)
					q := quad.Quad{Subject: quad.IRI("kg:" + w[0]), Predicate: quad.IRI(w[1]), Object: quad.IRI("kg:" + w[2]), Label: graph.Gazetteer}
					if err := sink.Add(q, at); err != nil {
						return err
					}
				}
				return nil
			}, graph.BuildOptions{Schema: schema})
			var got []string
			var problems graph.Problems
			if errors.As(err, &problems) {
				for _, p := range problems {
					got = append(got, p.Error())
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
