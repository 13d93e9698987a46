package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// facts reads quads in a shorthand: "agency/nca ledBy … label", where words without a colon stand in
// kg:, a label without a slash is a claim, "gazetteer" is that graph, and "_" is no label.
func facts(t testing.TB, lines string) []quad.Quad {
	t.Helper()
	iri := func(s string) quad.Value {
		if strings.Contains(s, ":") {
			return quad.IRI(s)
		}
		return quad.IRI("kg:" + s)
	}
	var qs []quad.Quad
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 4 {
			t.Fatalf("want four words: %q", line)
		}
		q := quad.Quad{Subject: iri(words[0]), Predicate: iri(words[1]), Object: iri(words[2])}
		if strings.HasPrefix(words[0], "_:") {
			q.Subject = quad.BNode(words[0][2:])
		}
		switch label := words[3]; {
		case label == "_":
		case label == "gazetteer":
			q.Label = graph.Gazetteer
		case strings.Contains(label, "/"):
			q.Label = iri(label)
		default:
			q.Label = iri("claim/" + label)
		}
		qs = append(qs, q)
	}
	return qs
}

// derived prints what follows from the facts, with what supports it: "agency/x cracked platform/y: a b".
func derived(t testing.TB, quads []quad.Quad) []string {
	t.Helper()
	name := func(v quad.Value) string {
		return strings.TrimPrefix(strings.TrimPrefix(string(v.(quad.IRI)), "kg:"), "claim/")
	}
	supports := map[quad.Value][]string{}
	for _, q := range quads {
		if q.Predicate == quad.Value(graph.DerivedFrom) {
			supports[q.Subject] = append(supports[q.Subject], name(q.Object))
		}
	}
	var lines []string
	for _, q := range quads {
		if label, _ := q.Label.(quad.IRI); graph.IsDerivation(label) {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s: %s", name(q.Subject), name(q.Predicate), name(q.Object), strings.Join(supports[q.Label], " "))))
		}
	}
	return lines
}

// report is a model of what the report tells of Sky ECC and EncroChat.
const report = `
	agency/belgian-federal-police gainedAccessTo platform/sky-ecc S4
	event/sky-ecc-decryption carriedOutBy agency/belgian-federal-police S22
	event/sky-ecc-decryption targeted platform/sky-ecc S23
	event/sky-ecc-decryption kind kind/decryption gazetteer
	event/sky-ecc-investigation targeted platform/sky-ecc S26
	event/sky-ecc-investigation kind kind/investigation gazetteer
	event/sky-ecc-investigation ledBy agency/belgian-federal-police S27
	seizure/antwerp-cocaine-2021 fromPlatform platform/sky-ecc S8
	seizure/antwerp-cocaine-2021 place location/port-of-antwerp S6

	event/encrochat-infiltration carriedOutBy agency/french-agencies S29
	event/encrochat-infiltration carriedOutBy agency/dutch-agencies S30
	event/encrochat-infiltration targeted platform/encrochat S31
	event/encrochat-infiltration kind kind/infiltration gazetteer
	agency/french-agencies infiltrated platform/encrochat S32
	agency/french-agencies kind kind/unnamed-group gazetteer
	event/encrochat-infiltration sharedDataVia agency/europol S34
	agency/nca receivedDataFrom event/encrochat-infiltration S35

	operation/venetic ledBy agency/nca S42
	operation/venetic targeted platform/encrochat S43
	operation/venetic kind kind/enforcement gazetteer
	operation/venetic supportedBy agency/europol S44
	operation/venetic participant location/united-kingdom S45
	seizure/venetic-cash duringOperation operation/venetic S49
	event/venetic-news duringOperation operation/venetic S50

	operation/trojan-shield ledBy agency/fbi T1
	operation/trojan-shield targeted platform/anom T2
	operation/trojan-shield kind kind/undercover-platform gazetteer
	operation/trojan-shield coordinatedBy agency/europol T3
	company/phantom-secure-inc ran platform/phantom-secure T4
	agency/fbi shutDown platform/phantom-secure T5
	event/phantom-secure-takedown carriedOutBy agency/fbi T6
	event/phantom-secure-takedown targeted platform/phantom-secure T7
	event/phantom-secure-takedown kind kind/takedown gazetteer

	location/port-of-antwerp within location/antwerp gazetteer
	location/antwerp within location/belgium gazetteer
	location/belgium within location/europe gazetteer
	location/united-kingdom within location/eu U1
	claim/U1 validUntil location/united-kingdom graph/provenance
	item/cocaine skos:broader item/drugs gazetteer
`

func TestDeriveFromTheReport(t *testing.T) {
	want := []string{
		"agency/belgian-federal-police cracked platform/sky-ecc: S22 S23 S4",
		"agency/dutch-agencies cracked platform/encrochat: S30 S31",
		"agency/europol coordinated platform/anom: T2 T3",
		"agency/europol passedOnData platform/encrochat: S31 S34",
		"agency/europol supported platform/encrochat: S43 S44",
		"agency/fbi operated platform/anom: T1 T2",
		"agency/fbi tookDown platform/phantom-secure: T5 T6 T7",
		"agency/french-agencies cracked platform/encrochat: S29 S31 S32",
		"agency/nca exploitedDataOf platform/encrochat: S42 S43",
		"agency/nca receivedData platform/encrochat: S31 S35",
		"item/cocaine skos:broaderTransitive item/drugs: graph/gazetteer",
		"location/antwerp liesIn location/belgium: graph/gazetteer",
		"location/antwerp liesIn location/europe: graph/gazetteer",
		"location/belgium liesIn location/europe: graph/gazetteer",
		"location/port-of-antwerp liesIn location/antwerp: graph/gazetteer",
		"location/port-of-antwerp liesIn location/belgium: graph/gazetteer",
		"location/port-of-antwerp liesIn location/europe: graph/gazetteer",
		"seizure/venetic-cash fromPlatform platform/encrochat: S43 S49",
	}
	if diff := cmp.Diff(want, derived(t, graph.Derive(dataSchema(t), facts(t, report)))); diff != "" {
		t.Errorf("derived (-want +got):\n%s", diff)
	}
}

func TestDerive(t *testing.T) {
	tests := []struct {
		name, facts string
		want        []string
	}{
		{"nothing follows from nothing", "", nil},
		{"each way of gaining access is cracking", `
			agency/a gainedAccessTo platform/p A
			agency/b infiltrated platform/p B
			agency/c intercepted platform/p C
			agency/d decrypted platform/p D`, []string{
			"agency/a cracked platform/p: A", "agency/b cracked platform/p: B", "agency/c cracked platform/p: C", "agency/d cracked platform/p: D",
		}},
		{"leading an interception is cracking", `
			event/e ledBy agency/a A
			event/e targeted platform/p B
			event/e kind kind/interception gazetteer`, []string{"agency/a cracked platform/p: A B"}},
		{"taking part in an infiltration is not", `
			event/e participant agency/a A
			event/e targeted platform/p B
			event/e kind kind/infiltration gazetteer`, nil},
		{"leading an investigation is not", `
			operation/o ledBy agency/a A
			operation/o targeted platform/p B
			operation/o kind kind/investigation gazetteer`, nil},
		{"an event without a kind says nothing", `
			event/e carriedOutBy agency/a A
			event/e targeted platform/p B`, nil},
		{"claims on the kind support too", `
			event/e carriedOutBy agency/a A
			event/e targeted platform/p B
			event/e kind kind/decryption K1
			event/e kind kind/infiltration K2
			event/e kind kind/disclosure K3`, []string{"agency/a cracked platform/p: A B K1 K2"}},
		{"all claims on one fact support it", `
			agency/a decrypted platform/p A1
			agency/a decrypted platform/p A2
			agency/a infiltrated platform/p A3`, []string{"agency/a cracked platform/p: A1 A2 A3"}},
		{"a company does not crack", "company/c decrypted platform/p A", nil},
		{"a company is not cracked", `
			event/e carriedOutBy agency/a A
			event/e targeted company/c B
			event/e kind kind/infiltration gazetteer`, nil},
		{"a country does not take part as an agency", `
			operation/o participant location/l A
			operation/o targeted platform/p B
			operation/o kind kind/enforcement gazetteer`, nil},
		{"taking part in enforcement uses the data", `
			operation/o participant agency/a A
			operation/o targeted platform/p B
			operation/o kind kind/enforcement gazetteer`, []string{"agency/a exploitedDataOf platform/p: A B"}},
		{"so does enforcement that used a platform's data", `
			operation/o ledBy agency/a A
			operation/o usedDataOf platform/p B
			operation/o kind kind/enforcement gazetteer`, []string{"agency/a exploitedDataOf platform/p: A B"}},
		{"data used in so many words", "agency/a usedDataOf platform/p A", []string{"agency/a exploitedDataOf platform/p: A"}},
		{"using data does not make a target", `
			operation/o ledBy agency/a A
			operation/o usedDataOf platform/p B
			operation/o kind kind/takedown gazetteer`, nil},
		{"a company that ran its platform is no agency that did", `
			company/c ran platform/p A
			agency/a ran platform/p B`, []string{"agency/a operated platform/p: B"}},
		{"support needs no kind", `
			event/e supportedBy agency/a A
			event/e coordinatedBy agency/b B
			event/e targeted platform/p T`, []string{"agency/a supported platform/p: A T", "agency/b coordinated platform/p: B T"}},
		{"data received from an agency is of no platform", `
			agency/a receivedDataFrom agency/b A
			agency/b infiltrated platform/p B`, []string{"agency/b cracked platform/p: B"}},
		{"a deprecated claim supports nothing", `
			agency/a decrypted platform/p A
			agency/b decrypted platform/p B
			claim/A rank deprecated graph/provenance`, []string{"agency/b cracked platform/p: B"}},
		{"nor does a link of the chain that is deprecated", `
			event/e carriedOutBy agency/a A
			event/e targeted platform/p B
			event/e kind kind/decryption gazetteer
			claim/B rank deprecated graph/provenance`, nil},
		{"a preferred claim supports as any", `
			agency/a decrypted platform/p A
			claim/A rank preferred graph/provenance`, []string{"agency/a cracked platform/p: A"}},
		{"a rank of no claim deprecates nothing", `
			_:b rank deprecated graph/provenance
			graph/gazetteer rank deprecated graph/provenance
			agency/a decrypted platform/p _
			location/a within location/b gazetteer`, []string{"agency/a cracked platform/p:", "location/a liesIn location/b: graph/gazetteer"}},
		{"what was derived before supports nothing", `
			agency/a decrypted platform/p derivation/x
			location/a within location/b graph/schema
			location/a within location/c graph/provenance`, nil},
		{"an end of validity of no claim ends nothing", `
			_:b validUntil location/a graph/provenance
			location/a within location/b _`, []string{"location/a liesIn location/b:"}},
		{"what is no longer within does not lie in it", `
			location/london within location/uk gazetteer
			location/uk within location/eu A
			location/uk within location/europe gazetteer
			claim/A validUntil location/uk graph/provenance`, []string{
			"location/london liesIn location/europe: graph/gazetteer", "location/london liesIn location/uk: graph/gazetteer", "location/uk liesIn location/europe: graph/gazetteer",
		}},
		{"a step with another claim that still holds is taken", `
			location/a within location/b A
			location/a within location/b B
			claim/A validUntil location/a graph/provenance`, []string{"location/a liesIn location/b: B"}},
		{"the shortest way supports", `
			location/a within location/b A
			location/b within location/c B
			location/c within location/d C
			location/a within location/d D`, []string{
			"location/a liesIn location/b: A", "location/a liesIn location/c: A B", "location/a liesIn location/d: D",
			"location/b liesIn location/c: B", "location/b liesIn location/d: B C", "location/c liesIn location/d: C",
		}},
		{"of two ways of one length the first in the alphabet", `
			location/a within location/c A
			location/a within location/b B
			location/b within location/d C
			location/c within location/d D`, []string{
			"location/a liesIn location/b: B", "location/a liesIn location/c: A", "location/a liesIn location/d: B C",
			"location/b liesIn location/d: C", "location/c liesIn location/d: D",
		}},
		{"places that lie in each other, and one in itself", `
			location/a within location/b A
			location/b within location/a B
			location/c within location/c C`, []string{"location/a liesIn location/b: A", "location/b liesIn location/a: B"}},
		{"a stated platform is not derived again", `
			seizure/s duringOperation operation/o A
			seizure/s fromPlatform platform/p B
			operation/o targeted platform/q C`, nil},
		{"a deprecated platform is no stated one", `
			seizure/s duringOperation operation/o A
			seizure/s fromPlatform platform/p B
			operation/o targeted platform/q C
			claim/B rank deprecated graph/provenance`, []string{"seizure/s fromPlatform platform/q: A C"}},
		{"an operation with two platforms gives none", `
			seizure/s duringOperation operation/o A
			operation/o targeted platform/p B
			operation/o targeted platform/q C`, nil},
		{"a company beside the platform does not matter", `
			seizure/s duringOperation operation/o A
			operation/o targeted platform/p B
			operation/o targeted company/c C`, []string{"seizure/s fromPlatform platform/p: A B"}},
		{"two operations against one platform", `
			figure/f duringOperation operation/o A
			figure/f duringOperation operation/u B
			operation/o targeted platform/p C
			operation/u targeted platform/p D`, []string{"figure/f fromPlatform platform/p: A B C D"}},
		{"two operations against different platforms", `
			figure/f duringOperation operation/o A
			figure/f duringOperation operation/u B
			operation/o targeted platform/p C
			operation/u targeted platform/q D`, nil},
		{"an event during an operation is no figure", `
			event/e duringOperation operation/o A
			operation/o targeted platform/p B`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := derived(t, graph.Derive(dataSchema(t), facts(t, tt.facts)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("derived (-want +got):\n%s", diff)
			}
		})
	}
}

// A literal where an entity should be, and a schema without the classes, change nothing.
func TestDeriveTakesWhatItIsGiven(t *testing.T) {
	odd := []quad.Quad{
		{Subject: quad.IRI("kg:agency/a"), Predicate: quad.IRI("kg:decrypted"), Object: quad.String("p")},
		{Subject: quad.String("a"), Predicate: quad.IRI("kg:decrypted"), Object: quad.IRI("kg:platform/p")},
		{Subject: quad.IRI("kg:agency/a"), Predicate: quad.BNode("b"), Object: quad.IRI("kg:platform/p")},
		{},
	}
	if got := graph.Derive(dataSchema(t), odd); len(got) > 0 {
		t.Errorf("derived %v", got)
	}
	empty, err := graph.ParseSchema("s.yaml", []byte("version: 1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range derived(t, graph.Derive(empty, facts(t, report))) {
		if !strings.Contains(line, "liesIn") && !strings.Contains(line, "broaderTransitive") {
			t.Errorf("derived without classes: %s", line)
		}
	}
}

func TestDerivedQuads(t *testing.T) {
	s, given := dataSchema(t), facts(t, report)
	quads := graph.Derive(s, given)
	labels := map[quad.Value]bool{}
	for _, q := range given {
		labels[q.Label] = true
	}
	seen, of, rules, supports := map[quad.Quad]bool{}, map[quad.Value]quad.Quad{}, map[quad.Value]int{}, map[quad.Value]int{}
	for _, q := range quads {
		if seen[q] {
			t.Errorf("%v is derived twice", q)
		}
		seen[q] = true
		if p := s.Check(q); p != nil {
			t.Errorf("%v: %v", q, p)
		}
		switch {
		case q.Label != quad.Value(graph.Provenance):
			if other, again := of[q.Label]; again {
				t.Errorf("%v labels %v and %v", q.Label, q, other)
			}
			of[q.Label] = q
		case q.Predicate == quad.Value(graph.Rule):
			rules[q.Subject]++
		case q.Predicate == quad.Value(graph.DerivedFrom):
			supports[q.Subject]++
			if !labels[q.Object] {
				t.Errorf("%v supports %v and labels no fact", q.Object, q.Subject)
			}
		}
	}
	for label, q := range of {
		if rules[label] != 1 || supports[label] == 0 {
			t.Errorf("%v has %d rules and %d supports", q, rules[label], supports[label])
		}
	}
	if len(of) != len(rules) || len(of) != len(supports) {
		t.Errorf("%d derivations, %d with a rule, %d with supports", len(of), len(rules), len(supports))
	}
}

func TestOrderOfFactsDoesNotMatter(t *testing.T) {
	s, given := dataSchema(t), facts(t, report)
	want := graph.Derive(s, given)
	r := rand.New(rand.NewPCG(9, 10))
	for range 20 {
		shuffled := append(slices.Clone(given), given[r.IntN(len(given))]) // and one of them twice
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, graph.Derive(s, shuffled)); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}
	}
	if again := graph.Derive(s, append(slices.Clone(given), want...)); cmp.Diff(want, again) != "" {
		t.Error("deriving from what was derived gives something else")
	}
}

// manyFacts is a graph of n facts like the report's: seizures of operations against platforms, in
// places that lie in each other.
func manyFacts(n int) []quad.Quad {
	var qs []quad.Quad
	add := func(subject, predicate, object, label string, i int) {
		if label == "" {
			label = fmt.Sprintf("kg:claim/%d-%d", i, len(qs))
		}
		qs = append(qs, quad.Quad{Subject: quad.IRI(subject), Predicate: quad.IRI(predicate), Object: quad.IRI(object), Label: quad.IRI(label)})
	}
	for i := 0; len(qs) < n; i++ {
		operation, seizure := fmt.Sprintf("kg:operation/o%d", i/10), fmt.Sprintf("kg:seizure/s%d", i)
		if i%10 == 0 {
			add(operation, "kg:targeted", fmt.Sprintf("kg:platform/p%d", i/500), "", i)
			add(operation, "kg:ledBy", fmt.Sprintf("kg:agency/a%d", i%700), "", i)
			add(operation, "kg:supportedBy", fmt.Sprintf("kg:agency/a%d", i%300), "", i)
			add(operation, "kg:kind", "kg:kind/enforcement", string(graph.Gazetteer), i)
		}
		add(seizure, "kg:duringOperation", operation, "", i)
		add(seizure, "kg:item", fmt.Sprintf("kg:item/i%d", i%100), "", i)
		add(seizure, "kg:place", fmt.Sprintf("kg:location/l%d", i), "", i)
		add(fmt.Sprintf("kg:location/l%d", i), "kg:within", fmt.Sprintf("kg:location/l%d", i/8), string(graph.Gazetteer), i)
	}
	return qs[:n]
}

func BenchmarkDerive(b *testing.B) {
	s := dataSchema(b)
	for _, n := range []int{1000, 10000, 100000} {
		qs := manyFacts(n)
		b.Run(fmt.Sprintf("%d facts", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				graph.Derive(s, qs)
			}
		})
	}
}
