package languages

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/graphql"
	"github.com/cayleygraph/cayley/query/mql"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/jsonld"

	"kg/graph"
	"kg/queries"
	"kg/queries/gizmo"
)

// Names lists the languages, as addresses name them.
func Names() []string { return []string{"gizmo", "graphql", "mql"} }

// ErrNoShape says that a language has no drawing of its texts.
var ErrNoShape = errors.New("no shape can be drawn of texts in this language")

// A Request is one text with what bounds its answer.
type Request struct {
	Language string
	Text     string
	Limit    int  // rows; the rest is left out
	Bytes    int  // of the answer; more is an error
	Linked   bool // values as JSON-LD
	Gizmo    gizmo.Options
	Programs *gizmo.Programs // texts in Gizmo that were compiled before; nil for none
}

// An Answer is what a text answers, in the form that Cayley's interface gives it.
type Answer struct {
	Body      []byte
	Truncated bool // there are more rows than the limit
}

// Run answers a text. A mistake in it is a *[gizmo.Error] or a *[TextError].
func Run(ctx context.Context, store *graph.Store, r Request) (a Answer, err error) {
	defer recovered(r.Language, &err)
	switch r.Language {
	case "gizmo":
		return runGizmo(ctx, store, r)
	case "graphql":
		return runGraphQL(ctx, store, r)
	case "mql":
		return runMQL(ctx, store, r)
	default:
		return Answer{}, unknown(r.Language)
	}
}

// Shape describes a text by nodes and links, as JSON.
func Shape(ctx context.Context, store *graph.Store, r Request) (a Answer, err error) {
	defer recovered(r.Language, &err)
	shape := any(nil)
	switch r.Language {
	case "gizmo":
		shape, err = gizmo.Outline(ctx, named(store), r.Text, r.Gizmo)
	case "mql":
		shape, err = mql.NewSession(named(store)).ShapeOf(r.Text)
		if err != nil {
			err = &TextError{Language: r.Language, Err: err}
		}
	case "graphql":
		err = &TextError{Language: r.Language, Err: ErrNoShape}
	default:
		err = unknown(r.Language)
	}
	if err != nil {
		return Answer{}, err
	}
	a.Body, err = json.Marshal(shape)
	return a, err
}

// A TextError is a mistake in a text that is not Gizmo.
type TextError struct {
	Language string
	Err      error
}

// Error says what is wrong.
func (e *TextError) Error() string { return e.Language + ": " + e.Err.Error() }

// Unwrap returns what the language said.
func (e *TextError) Unwrap() error { return e.Err }

func unknown(name string) error {
	message := fmt.Sprintf("unknown query language %q; want %s", shortened(name), strings.Join(Names(), ", "))
	return &TextError{Language: "query", Err: errors.New(message)}
}

// shortened keeps a stranger's word to one line.
func shortened(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// recovered turns a fault of a language into an error: Cayley's panic on what they do not expect.
func recovered(language string, err *error) {
	if fault := recover(); fault != nil {
		*err = &TextError{Language: language, Err: fmt.Errorf("a fault of the language: %v", fault)}
	}
}

// errEnough ends a run at its limit of rows.
var errEnough = errors.New("enough rows")

// errTooLong is the end of an answer that grew too long.
func errTooLong(bytes int) error {
	return fmt.Errorf("%w: the answer is longer than %d bytes; ask for fewer rows", gizmo.ErrSize, bytes)
}

func runGizmo(ctx context.Context, store *graph.Store, r Request) (Answer, error) {
	var b bytes.Buffer
	b.WriteString(`{"result":`)
	rows := 0
	a := Answer{}
	r.Gizmo.Result = func(v any) {
		if rows == 0 { // a text that ends in a count or an array answers with it
			if text, err := json.Marshal(plain(v, r.Linked)); err == nil {
				b.WriteString("[")
				b.Write(text)
				rows++
			}
		}
	}
	err := r.Programs.Run(ctx, store.Cayley(), r.Text, r.Gizmo, func(row gizmo.Row) error {
		if r.Limit > 0 && rows >= r.Limit {
			a.Truncated = true
			return errEnough
		}
		if rows == 0 {
			b.WriteByte('[')
		} else {
			b.WriteByte(',')
		}
		rows++
		if err := writeRow(&b, row, r.Linked); err != nil {
			return err
		}
		if b.Len() > r.Bytes {
			return errTooLong(r.Bytes)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return Answer{}, err
	}
	if rows == 0 {
		b.WriteString("null")
	} else {
		b.WriteByte(']')
	}
	if a.Truncated {
		b.WriteString(`,"truncated":true`)
	}
	b.WriteString("}\n")
	a.Body = b.Bytes()
	return a, nil
}

// writeRow writes a row as Cayley does: an object with the node as id and the tags, its keys sorted.
func writeRow(b *bytes.Buffer, row gizmo.Row, linked bool) error {
	if row.Value == nil && len(row.Tags) == 0 {
		text, err := json.Marshal(plain(row.Emitted, linked))
		b.Write(text)
		return err
	}
	b.WriteByte('{')
	first := true
	member := func(name string, v quad.Value) error {
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.Write(queries.AppendText(b.AvailableBuffer(), name))
		b.WriteByte(':')
		value := native(v, linked)
		if text, ok := value.(string); ok {
			b.Write(queries.AppendText(b.AvailableBuffer(), text))
			return nil
		}
		text, err := json.Marshal(value)
		b.Write(text)
		return err
	}
	id := row.Value != nil
	for _, t := range row.Tags {
		if t.Name == "id" && row.Value != nil {
			continue // the node itself goes by that name
		}
		if id && t.Name > "id" {
			id = false
			if err := member("id", row.Value); err != nil {
				return err
			}
		}
		if err := member(t.Name, t.Value); err != nil {
			return err
		}
	}
	if id {
		if err := member("id", row.Value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// native is a value as Cayley's JSON has it: numbers and booleans as such, IRIs in brackets, texts bare.
func native(v quad.Value, linked bool) any {
	if linked {
		return jsonld.FromValue(v)
	}
	switch v := v.(type) {
	case nil:
		return nil
	case quad.String:
		return string(v)
	case quad.LangString:
		return string(v.Value)
	case quad.Int, quad.Float, quad.Bool, quad.Time:
		return v.Native()
	default:
		return quad.StringOf(v)
	}
}

// plain replaces the values in what a text emitted.
func plain(x any, linked bool) any {
	switch x := x.(type) {
	case quad.Value:
		return native(x, linked)
	case []any:
		list := make([]any, len(x))
		for i := range x {
			list[i] = plain(x[i], linked)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(x))
		for k := range x {
			object[k] = plain(x[k], linked)
		}
		return object
	}
	return x
}

// runGraphQL has Cayley answer: {"data": …}.
func runGraphQL(ctx context.Context, store *graph.Store, r Request) (Answer, error) {
	q, err := graphql.Parse(strings.NewReader(r.Text))
	if err != nil {
		return Answer{}, &TextError{Language: r.Language, Err: err}
	}
	data, err := q.Execute(ctx, named(store))
	if err != nil {
		return Answer{}, textError(ctx, r.Language, err)
	}
	if ctx.Err() != nil {
		return Answer{}, gizmo.ErrTimeout // Cayley gives what it has
	}
	body, err := json.Marshal(map[string]any{"data": data})
	if err == nil && len(body) > r.Bytes {
		err = errTooLong(r.Bytes)
	}
	return Answer{Body: append(body, '\n')}, err
}

// runMQL has Cayley answer.
func runMQL(ctx context.Context, store *graph.Store, r Request) (Answer, error) {
	it, err := mql.NewSession(named(store)).Execute(ctx, r.Text, query.Options{Collation: query.JSON})
	if err != nil {
		return Answer{}, &TextError{Language: r.Language, Err: err}
	}
	defer it.Close() //nolint:errcheck // its errors are those of Err
	a, list, size := Answer{}, []any{}, 0
	for it.Next(ctx) {
		if r.Limit > 0 && len(list) >= r.Limit {
			a.Truncated = true
			break
		}
		text, err := json.Marshal(it.Result())
		if err != nil {
			return Answer{}, err
		}
		if size += len(text); size > r.Bytes {
			return Answer{}, errTooLong(r.Bytes)
		}
		list = append(list, json.RawMessage(text))
	}
	if err := it.Err(); err != nil {
		return Answer{}, textError(ctx, r.Language, err)
	}
	if ctx.Err() != nil {
		return Answer{}, gizmo.ErrTimeout
	}
	body := map[string]any{"result": list}
	if a.Truncated {
		body["truncated"] = true
	}
	a.Body, err = json.Marshal(body)
	a.Body = append(a.Body, '\n')
	return a, err
}

func textError(ctx context.Context, language string, err error) error {
	if ctx.Err() != nil {
		return gizmo.ErrTimeout
	}
	return &TextError{Language: language, Err: err}
}
