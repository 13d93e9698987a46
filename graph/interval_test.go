package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// figure is a claim on a number as a document prints it.
func figure(t testing.TB, number, in string, qualifier quad.IRI) graph.Claim {
	t.Helper()
	q, err := unit(t, in).ParseQuantity(number)
	if err != nil {
		t.Fatal(err)
	}
	return graph.Claim{Object: q.Base, LastDigit: q.LastDigit, Qualifier: qualifier}
}

func upTo(t testing.TB, c graph.Claim, number, in string) graph.Claim {
	t.Helper()
	c.UpTo = figure(t, number, in, "").Object
	return c
}

// ends prints an interval; … is an open end.
func ends(i graph.Interval) string {
	low, high := "…", "…"
	if i.Low != nil {
		low = i.Low.RatString()
	}
	if i.High != nil {
		high = i.High.RatString()
	}
	return low + " to " + high
}

func TestCovers(t *testing.T) {
	tests := []struct {
		name  string
		claim graph.Claim
		want  string
	}{
		{"60,000 users", figure(t, "60000", "count", ""), "55000 to 65000"},
		{"27.64 tonnes", figure(t, "27.64", "tonne", ""), "27635000 to 27645000"},
		{"746 arrests", figure(t, "746", "count", ""), "1491/2 to 1493/2"},
		{"none counted", figure(t, "0", "count", ""), "-1/2 to 1/2"},
		{"more digits than the number shows", figure(t, "2.50", "tonne", ""), "2495000 to 2505000"},
		{"nearly 28 tonnes reaches down only", figure(t, "28", "tonne", graph.Nearly), "24700000 to 28000000"},
		{"about 28 tonnes reaches both ways", figure(t, "28", "tonne", graph.Approx), "24700000 to 31300000"},
		{"an estimate is as wide as its digits", figure(t, "28", "tonne", graph.Estimated), "27500000 to 28500000"},
		{"at least two tonnes", figure(t, "2", "tonne", graph.AtLeast), "2000000 to …"},
		{"at most two tonnes", figure(t, "2", "tonne", graph.AtMost), "… to 2000000"},
		{"17 to 20", upTo(t, figure(t, "17", "count", ""), "20", "count"), "33/2 to 41/2"},
		{"17 to 20, as a table gives it", graph.Claim{Object: quad.Int(17), UpTo: quad.Int(20)}, "33/2 to 41/2"},
		{"100 to 150, as a table gives it", graph.Claim{Object: quad.Int(100), UpTo: quad.Int(150)}, "95 to 155"},
		{"27.64 to 30 tonnes", upTo(t, figure(t, "27.64", "tonne", ""), "30", "tonne"), "27635000 to 30005000"},
		{"50,000 to 60,000", upTo(t, figure(t, "50000", "count", ""), "60000", "count"), "45000 to 65000"},
		{"about 10 to 20", upTo(t, figure(t, "10", "count", graph.Approx), "20", "count"), "4 to 27"},
		{"more than 10 to 20", upTo(t, figure(t, "10", "count", graph.AtLeast), "20", "count"), "10 to …"},
		{"10 or up to 20 at most", upTo(t, figure(t, "10", "count", graph.AtMost), "20", "count"), "… to 20"},
		{"the digits that the number shows", graph.Claim{Object: quad.Int(27640000)}, "27635000 to 27645000"},
		{"below zero", graph.Claim{Object: quad.Int(-60000), Qualifier: graph.Approx}, "-71000 to -49000"},
		{"the greatest number", graph.Claim{Object: quad.Int(9223372036854775807)}, "18446744073709551613/2 to 18446744073709551615/2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.claim.Covers()
			if !ok || ends(got) != tt.want {
				t.Errorf("covers %s (%v), want %s", ends(got), ok, tt.want)
			}
		})
	}
	for _, v := range []quad.Value{nil, graph.SomeValue, graph.NoValue, graph.Withheld, quad.String("28"), quad.IRI("kg:agency/nca")} {
		if i, ok := (graph.Claim{Object: v}).Covers(); ok {
			t.Errorf("%v covers %s", v, ends(i))
		}
	}
}

func TestConflict(t *testing.T) {
	of := func(v quad.Value) graph.Claim { return graph.Claim{Object: v} }
	on := func(text string) graph.Claim { return of(date(t, text).Value()) }
	held := func(c graph.Claim, from, until string) graph.Claim {
		c.Valid = graph.Span{From: date(t, from), Until: date(t, until)}
		return c
	}
	ranked := func(c graph.Claim, rank quad.IRI) graph.Claim { c.Rank = rank; return c }
	converted := func(c graph.Claim) graph.Claim { c.ConvertedFrom = "kg:claim/other"; return c }
	tonnes := func(number string, q quad.IRI) graph.Claim { return figure(t, number, "tonne", q) }
	count := func(number string, q quad.IRI) graph.Claim { return figure(t, number, "count", q) }
	dated := func(from, until string) graph.Claim {
		c := on(from)
		c.UpTo = date(t, until).Value()
		return c
	}

	one := &graph.Predicate{}
	many := &graph.Predicate{Many: true}
	tests := []struct {
		name      string
		predicate *graph.Predicate
		a, b      graph.Claim
		want      bool
	}{
		{"27.64 tonnes and nearly 28 are a rounding", one, tonnes("27.64", ""), tonnes("28", graph.Nearly), false},
		{"27.64 tonnes and 28 are a rounding", one, tonnes("27.64", ""), tonnes("28", ""), false},
		{"28.6 tonnes are not nearly 28", one, tonnes("28.6", ""), tonnes("28", graph.Nearly), true},
		{"17 tonnes and 28", one, tonnes("17", ""), tonnes("28", ""), true},
		{"17 tonnes and nearly 28", one, tonnes("17", ""), tonnes("28", graph.Nearly), true},
		{"60,000 users and 55,000 touch", one, count("60000", ""), count("55000", ""), false},
		{"60,000 users and 54,000", one, count("60000", ""), count("54000", ""), true},
		{"60,000 users and 66,171", one, count("60000", ""), count("66171", ""), true},
		{"about 60,000 users and 66,171", one, count("60000", graph.Approx), count("66171", ""), false},
		{"more than two tonnes and 17", one, tonnes("2", graph.AtLeast), tonnes("17", ""), false},
		{"more than two tonnes and 1.5", one, tonnes("2", graph.AtLeast), tonnes("1.5", ""), true},
		{"at most two and more than three", one, tonnes("2", graph.AtMost), tonnes("3", graph.AtLeast), true},
		{"at most two and more than one", one, tonnes("2", graph.AtMost), tonnes("1", graph.AtLeast), false},
		{"at least two and at least three", one, tonnes("2", graph.AtLeast), tonnes("3", graph.AtLeast), false},
		{"a number within a range", one, upTo(t, count("17", ""), "20", "count"), count("19", ""), false},
		{"a number beside a range", one, upTo(t, count("17", ""), "20", "count"), count("23", ""), true},
		{"ranges that share an end", one, upTo(t, count("17", ""), "20", "count"), upTo(t, count("20", ""), "25", "count"), false},
		{"the same number", one, count("746", ""), count("746", ""), false},
		{"a number more, which meets it at a half", one, count("746", ""), count("747", ""), true},
		{"neighbours in hundredths of a tonne may be one mass", one, tonnes("27.64", ""), tonnes("27.65", ""), false},
		{"a range backwards covers nothing", one, upTo(t, count("20", ""), "17", "count"), count("18", ""), true},

		{"a month and a day in it", one, on("2020-07"), on("2020-07-02"), false},
		{"a month and a day after it", one, on("2020-07"), on("2020-08-01"), true},
		{"a year and another", one, on("2020"), on("2021"), true},
		{"a day within a range of days", one, dated("2021-04-02", "2021-04-05"), on("2021-04-03"), false},
		{"a day outside a range of days", one, dated("2021-04-02", "2021-04-05"), on("2021-04-06"), true},
		{"a day and a number", one, on("2020"), count("2020", ""), true},

		{"the same entity", one, of(quad.IRI("kg:location/belgium")), of(quad.IRI("kg:location/belgium")), false},
		{"different entities", one, of(quad.IRI("kg:location/belgium")), of(quad.IRI("kg:location/france")), true},
		{"different entities under a many-valued predicate", many, of(quad.IRI("kg:location/belgium")), of(quad.IRI("kg:location/france")), false},
		{"different numbers under a many-valued predicate", many, count("1", ""), count("2", ""), false},
		{"different words", one, of(quad.String("six months")), of(quad.String("half a year")), true},
		{"true and false", one, of(quad.Bool(true)), of(quad.Bool(false)), true},

		{"a number that is not given conflicts with none", one, of(graph.SomeValue), count("25", ""), false},
		{"nor does a number that is withheld", one, of(graph.Withheld), count("25", ""), false},
		{"none and some", one, of(graph.NoValue), count("25", ""), true},
		{"none and zero are the same", one, of(graph.NoValue), count("0", ""), false},
		{"none and at most five", one, of(graph.NoValue), count("5", graph.AtMost), false},
		{"none and none", one, of(graph.NoValue), of(graph.NoValue), false},
		{"none and a date", one, of(graph.NoValue), on("2020"), true},

		{"prices of different years", one, held(count("1500", ""), "2018", "2018"), held(count("2500", ""), "2020", ""), false},
		{"prices of one year", one, held(count("1500", ""), "2018", "2020"), held(count("2500", ""), "2020", ""), true},
		{"a price without a time and one with", one, count("1500", ""), held(count("2500", ""), "2020", ""), true},
		{"a deprecated claim", one, ranked(count("1", ""), graph.Deprecated), count("2", ""), false},
		{"a preferred claim conflicts as any", one, ranked(count("1", ""), graph.Preferred), count("2", ""), true},
		{"a printed conversion", one, converted(count("68000000", "")), count("71000000", ""), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.predicate.Conflict(tt.a, tt.b); got != tt.want {
				t.Errorf("conflict: %v, want %v", got, tt.want)
			}
			if got := tt.predicate.Conflict(tt.b, tt.a); got != tt.want {
				t.Errorf("the other way round: %v, want %v", got, tt.want)
			}
		})
	}
}

// A claim agrees with itself, and with the same claim less firmly put.
func TestHedgesOnlyWiden(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	p := &graph.Predicate{}
	for range 5000 {
		c := graph.Claim{Object: quad.Int(r.Int64N(1 << (1 + r.IntN(62))))}
		if p.Conflict(c, c) {
			t.Fatalf("%v conflicts with itself", c.Object)
		}
		for _, q := range []quad.IRI{graph.Approx, graph.Nearly, graph.AtLeast, graph.AtMost, graph.Estimated} {
			hedged := c
			hedged.Qualifier = q
			if p.Conflict(c, hedged) || p.Conflict(hedged, c) || p.Conflict(hedged, hedged) {
				t.Fatal(fmt.Sprint(c.Object, " conflicts with ", q, " ", c.Object))
			}
		}
	}
}
