package graph

import (
	"context"
	"errors"
	"fmt"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/writer"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// ErrNotEditable says that a store of this kind is only built, never changed.
var ErrNotEditable = errors.New("store cannot be changed")

// ErrNoNode says that a value is not in the graph.
var ErrNoNode = errors.New("no such node")

// Changes are what an edit does to a graph. A quad that is added and is there already, or is taken away
// and is not there, is no error.
type Changes struct {
	Add    []quad.Quad
	Remove []quad.Quad
	Node   quad.Value // all quads that have this value go; one that is not there is [ErrNoNode]
}

// Editable says whether the store at an address can be changed by [Edit]; if not, the error says what
// can.
func Editable(a Address) error {
	if a.Scheme == snapshot.Name && a.Path != "" {
		return nil
	}
	return &Problem{
		At: Position{File: a.String()}, Want: "a snapshot, which can be changed", Found: "another kind of store",
		Hint: "make one with kg build --store snapshot:FILE", Err: ErrNotEditable,
	}
}

// Edit changes the store at an address through Cayley's writer: all of it, or nothing on an error. What
// it makes is a new file in place of the old one, so whoever reads the old one goes on undisturbed, and
// the cost is that of copying it. Two edits at a time wait for each other. Nothing is checked against
// the schema, and nothing is concluded from what is new: the store holds what it held, and the changes.
func Edit(ctx context.Context, a Address, c Changes) (err error) {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err := Editable(a); err != nil {
		return err
	}
	if _, err := ReadManifest(a); err != nil {
		return err
	}
	RegisterSnapshot()
	qs, err := cayley.NewQuadStore(snapshot.Name, a.Path, nil)
	if err != nil {
		return explainRead(a, err)
	}
	defer func() { err = errors.Join(err, qs.Close()) }()
	w, err := writer.NewSingle(qs, cayley.IgnoreOpts{IgnoreDup: true, IgnoreMissing: true})
	if err != nil {
		return fmt.Errorf("changing %s: %w", a, err)
	}
	t := cayley.NewTransactionN(len(c.Add) + len(c.Remove))
	for _, q := range c.Remove {
		t.RemoveQuad(q)
	}
	if c.Node != nil {
		if err := removeNode(ctx, qs, c.Node, t); err != nil {
			return err
		}
	}
	for _, q := range c.Add {
		t.AddQuad(q)
	}
	if err := w.ApplyTransaction(t); err != nil {
		return explainWrite(a, err)
	}
	return nil
}

// removeNode adds to a transaction what takes away all quads with a value.
func removeNode(ctx context.Context, qs cayley.QuadStore, v quad.Value, t *cayley.Transaction) error {
	ref := qs.ValueOf(v)
	if ref == nil {
		return fmt.Errorf("%w: %v", ErrNoNode, v)
	}
	for _, d := range quad.Directions {
		quads := qs.QuadIterator(d, ref)
		for quads.Next(ctx) {
			t.RemoveQuad(qs.Quad(quads.Result()))
		}
		if err := errors.Join(quads.Err(), quads.Close()); err != nil {
			return fmt.Errorf("reading the quads of %v: %w", v, err)
		}
	}
	return context.Cause(ctx)
}
