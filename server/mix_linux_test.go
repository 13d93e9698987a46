package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// mixSize is how many requests a mix has before it begins again.
const mixSize = 2000

// mix is what people ask: of a hundred requests seventy are saved questions about one platform, out of
// all platforms, twenty are searches for a name, one in three of them misspelt, and ten ask for all
// about one thing. The same seed makes the same mix.
func mix(t testing.TB, seed uint64) []string {
	t.Helper()
	s, err := open(t.Context(), store(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var platforms, things, names []string
	for q, err := range s.Match(t.Context(), graph.Pattern{Predicate: graph.Name}) {
		if err != nil {
			t.Fatal(err)
		}
		id, _ := q.Subject.(quad.IRI)
		name, ok := q.Object.(quad.String)
		if !ok {
			continue
		}
		things, names = append(things, string(id)), append(names, string(name))
		if strings.HasPrefix(string(id), "kg:platform/") {
			platforms = append(platforms, string(id))
		}
	}
	catalog, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	all, err := catalog.Questions()
	if err != nil {
		t.Fatal(err)
	}
	var questions []string // with an "=" at the end, for the platform
	for _, q := range all {
		for _, p := range q.Params {
			if p.Type == "Platform" {
				questions = append(questions, "/api/kg/questions/"+q.Name+"/answer?"+p.Name+"=")
				break
			}
		}
	}
	if len(platforms) < 10 || len(questions) < 3 {
		t.Fatalf("want a dataset to ask, found %d platforms and %d questions about one", len(platforms), len(questions))
	}
	for _, list := range [][]string{platforms, things, names, questions} {
		slices.Sort(list)
	}
	random := rand.New(rand.NewPCG(seed, 8))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	paths := make([]string, 0, mixSize)
	for i := range mixSize {
		switch {
		case i%10 < 7:
			paths = append(paths, pick(questions)+url.QueryEscape(pick(platforms)))
		case i%10 < 9:
			name := []rune(pick(names))
			if at := random.IntN(len(name)); i%3 == 0 && len(name) > 4 {
				name = slices.Delete(name, at, at+1)
			}
			paths = append(paths, "/api/kg/search?q="+url.QueryEscape(string(name)))
		default:
			paths = append(paths, "/api/kg/entity?id="+url.QueryEscape(pick(things)))
		}
	}
	random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	return paths
}

// The mix is asked without a single error, and has the shares that it promises.
func TestTheMixIsWhatItPromises(t *testing.T) {
	paths := mix(t, 1)
	count := map[string]int{}
	for _, p := range paths {
		count[strings.SplitN(p, "/", 5)[3][:6]]++
	}
	if got := fmt.Sprint(count); got != "map[entity:200 questi:1400 search:400]" {
		t.Errorf("found %s", got)
	}
	if !slices.Equal(paths, mix(t, 1)) || slices.Equal(paths, mix(t, 2)) {
		t.Error("want the seed alone to decide")
	}
	s := serve(t)
	for _, p := range paths[:200] {
		if a := s.get(p); a.status != 200 {
			t.Errorf("%s: found %d: %.200s", p, a.status, a.body)
		}
	}
}
