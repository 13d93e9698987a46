package gizmo

import (
	"fmt"
	"slices"
)

// flat is a step with the labels that hold where it stands. Once flat, steps can be read backwards:
// nothing about one depends on those before it.
type flat struct {
	step   step
	labels *labelStep // nil: any label, or none
	claims bool
}

// flatten resolves label contexts, follow and back. Labels set within a followed path end with it,
// and those set outside do not reach into it, as in Cayley.
func flatten(p *path, claims bool) ([]flat, error) {
	var out []flat
	at := flat{claims: claims}
	for _, s := range p.list() {
		switch s := s.(type) {
		case labelStep:
			at.labels = &s
			if s.via == nil && len(s.tags) == 0 {
				at.labels = nil
			}
			continue
		case claimsStep:
			at.claims = true
			continue
		case followStep:
			inner, err := flatten(s.along, at.claims)
			if err != nil {
				return nil, err
			}
			if s.rev {
				if inner, err = reversed(inner); err != nil {
					return nil, err
				}
			}
			out = append(out, inner...)
			continue
		case backStep:
			i := lastTag(out, s.tag)
			if i < 0 {
				return nil, unknownTag(out, s.tag)
			}
			at.labels = out[i].labels
			if tail, err := reversed(out[i+1:]); err == nil && straight(tail) {
				out = append(slices.Clip(out[:i+1]), flat{step: joinStep{tail}})
				continue
			}
			out = append(out, flat{step: s})
			continue
		}
		at.step = s
		out = append(out, at)
	}
	return out, nil
}

// joinStep keeps the rows from whose node the steps lead anywhere, with the tags met on the way.
type joinStep struct{ steps []flat }

func (s joinStep) weight() int { return len(s.steps) }

// reversed turns steps around: the result leads from the end of the steps to their start.
func reversed(steps []flat) ([]flat, error) {
	out := make([]flat, 0, len(steps))
	for _, f := range slices.Backward(steps) {
		switch s := f.step.(type) {
		case hopStep:
			s.in, s.out = s.out, s.in
			f.step = s
		case recursiveStep:
			inner, err := flatten(s.along, f.claims)
			if err != nil {
				return nil, err
			}
			if inner, err = reversed(inner); err != nil {
				return nil, err
			}
			s.along = pathOf(inner)
			f.step = s
		case labelsStep:
			return nil, fmt.Errorf("labels() cannot be followed backwards")
		case predicatesStep:
			return nil, fmt.Errorf("inPredicates() and outPredicates() cannot be followed backwards")
		case backStep:
			return nil, fmt.Errorf("back() cannot be followed backwards here")
		}
		out = append(out, f)
	}
	return out, nil
}

// pathOf is the inverse of flatten.
func pathOf(steps []flat) *path {
	var p *path
	var labels *labelStep
	for _, f := range steps {
		if f.labels != labels {
			if labels = f.labels; labels != nil {
				p = p.then(*labels)
			} else {
				p = p.then(labelStep{})
			}
		}
		p = p.then(f.step)
	}
	return p
}

// straight reports whether the rows of steps are the same when they are walked the other way.
func straight(steps []flat) bool {
	for _, f := range steps {
		switch f.step.(type) {
		case hopStep, isStep, hasStep, tagStep, filterStep, andStep, exceptStep, saveStep, savePredStep, joinStep:
		default:
			return false
		}
	}
	return true
}

// lastTag finds the step that set a tag last.
func lastTag(steps []flat, tag string) int {
	for i, f := range slices.Backward(steps) {
		if t, ok := f.step.(tagStep); ok && slices.Contains(t.tags, tag) {
			return i
		}
	}
	return -1
}

func unknownTag(steps []flat, tag string) error {
	var known []string
	for _, f := range steps {
		if t, ok := f.step.(tagStep); ok {
			known = append(known, t.tags...)
		}
	}
	e := &Error{Want: "a tag set before with tag()", Found: fmt.Sprintf("%q", tag)}
	if len(known) > 0 {
		e.Hint = "tags so far: " + quoted(known)
	}
	return e
}
