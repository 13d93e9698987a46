package answers

import (
	"context"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// SumMeasure is the measure that a word means: "money" is cash.
func SumMeasure(word string) string {
	if word == "money" {
		return "cash"
	}
	return word
}

// SumKey is the key of a breakdown that a word means, as the filters call it: "place" is the location,
// "item" the substance.
func SumKey(word string) string {
	switch word {
	case "place":
		return "location"
	case "item":
		return "substance"
	}
	return word
}

// SumFilters are the entities that a sum is narrowed down to, in words; "" is any.
type SumFilters struct{ Platform, Agency, Operation, Place, Item string }

// Narrow looks up the entities of the filters for a sum.
func (r *Reader) Narrow(ctx context.Context, to *queries.SumRequest, f SumFilters) error {
	for _, filter := range []struct {
		text, class string
		to          *quad.IRI
	}{
		{f.Platform, "Platform", &to.Platform},
		{f.Agency, "Agency", &to.Agency},
		{f.Operation, "Operation", &to.Operation},
		{f.Place, "Location", &to.Place},
		{f.Item, "Item", &to.Item},
	} {
		if filter.text == "" {
			continue
		}
		id, err := r.Store.Find(ctx, filter.text, quad.IRI("kg:"+filter.class))
		if err != nil {
			return err
		}
		*filter.to = id
	}
	return nil
}

// Sum adds up, and tells the parameters as they were understood.
func (r *Reader) Sum(ctx context.Context, request queries.SumRequest) (queries.Table, error) {
	t, err := queries.SumUp(ctx, r.Store, request)
	if err != nil {
		return t, err
	}
	t.Params = map[string]any{"measure": request.Measure, "by": request.By}
	if request.By == nil {
		t.Params["by"] = []string{}
	}
	for name, id := range map[string]quad.IRI{
		"platform": request.Platform, "agency": request.Agency, "operation": request.Operation, "place": request.Place, "item": request.Item,
	} {
		if id == "" {
			continue
		}
		if t.Params[name], err = r.Value(ctx, id); err != nil {
			return t, err
		}
	}
	for name, d := range map[string]graph.Date{"from": request.From, "to": request.To} {
		if !d.IsZero() {
			t.Params[name] = d.String()
		}
	}
	return t, nil
}
