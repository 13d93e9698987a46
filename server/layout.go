package server

import (
	"cmp"
	"fmt"
	"slices"

	"kg/exporters"
)

// arranged gives nodes the places that they have in the pictures that exports draw of the same nodes and
// edges: the order in which these came moves nothing.
func arranged(nodes []*nodeJSON, edges []edgeJSON) error {
	if len(nodes) > maxNodes {
		return bad(fmt.Sprintf("layout: want %d things at most, found %d; ask for fewer at once", maxNodes, len(nodes)))
	}
	slices.SortFunc(nodes, func(a, b *nodeJSON) int { return cmp.Compare(a.ID, b.ID) })
	index := map[string]int{}
	named := make([]exporters.Named, len(nodes))
	for i, n := range nodes {
		index[n.ID], named[i] = i, exporters.Named{Label: n.Name, Class: n.Class}
	}
	var pairs [][2]int
	for _, e := range edges {
		from, ok1 := index[e.From]
		to, ok2 := index[e.To]
		if ok1 && ok2 {
			pairs = append(pairs, [2]int{from, to})
		}
	}
	for i, p := range exporters.Arrange(named, pairs) {
		nodes[i].X, nodes[i].Y = &p.X, &p.Y
	}
	return nil
}

// pointers are those of the elements of a list.
func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}
