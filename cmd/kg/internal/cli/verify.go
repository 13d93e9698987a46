package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/cmd/kg/internal/evidence"
	"kg/data"
	"kg/graph"
	"kg/queries"
)

type verifyOptions struct {
	tableFlags
	texts, text, lock, lockFile, passageFile string
	passages                                 []string
	claims, dryRun                           bool
}

func newVerify(a *app) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify [DOCUMENT…]",
		Short: "Prove that the words behind claims still stand in the documents",
		Long: `verify compares the texts of documents with data/evidence.lock, which says where in a
text the evidence of each claim stands, with the SHA-256 of that passage. The texts
belong to others and are not part of the project: keep them in a folder of your own and
name it with --texts. A text is found by its name (the document's id, any extension) or
by its content. --text FILE is the text of the one DOCUMENT named.

A claim is verified when each of its passages stands in the text, at its place or at
another one (which is told), and the figure in the document's words stands in them.
What the editors concluded is never verified by itself: it is "inferred", and rests on
other claims. A claim without a passage is unlocked. Without texts only the coverage is
printed. The exit code is 1 when a passage is gone.

--lock ID --text FILE adds a document, or brings its passages up to date. Passages are
proposed for claims whose words stand in the text letter by letter; all others are
listed, and you give them by hand: --passage CLAIM=FROM-TO in bytes, or --passage
'CLAIM=words of the text'. Read the proposals: that words occur is no proof yet.`,
		Example: `  kg verify
  kg verify --claims
  kg verify --texts .
  kg verify --texts . --require-complete`,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeEntities(cmd, "kg:Source", typed)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if err := o.check(cmd, args); err != nil {
				return err
			}
			v, err := a.verifier(cmd.Context(), o)
			if err != nil {
				return err
			}
			if o.lock != "" {
				return a.lockText(cmd.Context(), e, v, o)
			}
			return a.verify(cmd.Context(), e, v, o, args)
		},
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&o.texts, "texts", "", "folder with texts of documents")
	f.StringVar(&o.text, "text", "", "file with the text of the one document")
	f.StringVar(&o.lock, "lock", "", "lock the evidence in the text of the document of this `ID`")
	f.StringVar(&o.lockFile, "lock-file", "", "the lock (default evidence.lock in the data folder)")
	f.StringArrayVar(&o.passages, "passage", nil, "with --lock, a passage by hand: `CLAIM=FROM-TO` or CLAIM=words")
	f.StringVar(&o.passageFile, "passages", "", "with --lock, a `FILE` with one CLAIM=… a line, as --passage takes it")
	f.BoolVar(&o.claims, "claims", false, "print one row a claim instead of one a document")
	f.BoolVar(&o.dryRun, "dry-run", false, "with --lock, show the passages and write nothing")
	complete(c, "lock", func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return a.completeEntities(cmd, "kg:Source", typed)
	})
	return c
}

func (o *verifyOptions) check(cmd *cobra.Command, args []string) error {
	path := cmd.CommandPath()
	switch {
	case o.lock != "" && (o.text == "" || o.texts != "" || len(args) > 0):
		return usagef(path, "kg verify --lock ID --text FILE", "--lock: want one text, named by --text")
	case o.lock == "" && o.text != "" && len(args) != 1:
		return usagef(path, "kg verify ID --text FILE", "--text: want the one document that it is the text of, found %s", quoted(args))
	case o.lock == "" && (len(o.passages) > 0 || o.passageFile != "" || o.dryRun):
		return usagef(path, "kg verify --lock ID --text FILE", "--passage, --passages and --dry-run go with --lock")
	case o.text != "" && o.texts != "":
		return usagef(path, "give one of them", "--text is one file, --texts a folder")
	}
	return nil
}

// A verifier knows the lock and the claims that it is about.
type verifier struct {
	file   string // the lock; "" where there is none to write to
	lock   evidence.Lock
	s      *session
	claims map[string][]graph.Claim // by document
	state  map[quad.IRI]claimState
}

// A claimState is what is known of the evidence for a claim.
type claimState struct {
	word string // verified, inferred, unlocked, locked, gone
	note string
	at   []string
}

func (a *app) verifier(ctx context.Context, o verifyOptions) (*verifier, error) {
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	v := &verifier{s: s, file: o.lockFile, claims: map[string][]graph.Claim{}, state: map[quad.IRI]claimState{}}
	switch {
	case v.file != "":
	case !s.project.embedded():
		v.file = filepath.Join(s.project.dir, "evidence.lock")
	default:
		if v.lock, err = evidence.Parse("data/evidence.lock", []byte(data.Evidence)); err != nil {
			return nil, err
		}
	}
	if v.file != "" {
		text, err := os.ReadFile(v.file)
		switch {
		case errors.Is(err, fs.ErrNotExist) && o.lockFile == "":
		case errors.Is(err, fs.ErrNotExist) && o.lock != "":
		case err != nil:
			return nil, unreadable(v.file, "a lock", err)
		default:
			if v.lock, err = evidence.Parse(v.file, text); err != nil {
				return nil, err
			}
		}
	}
	claims, err := s.store.Claims(ctx, "", "", nil)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(claims, func(a, b graph.Claim) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range claims {
		id := strings.TrimPrefix(string(c.Source), "kg:source/")
		v.claims[id] = append(v.claims[id], c)
	}
	return v, nil
}

// documentID finds a document by what the user calls it.
func (v *verifier) documentID(ctx context.Context, text string) (string, error) {
	iri, err := v.s.store.Find(ctx, text, "kg:Source")
	return strings.TrimPrefix(string(iri), "kg:source/"), err
}

// A verdict is what became of a document.
type verdict struct {
	id, text                                           string
	claims, verified, gone, locked, inferred, unlocked int
}

func (a *app) verify(ctx context.Context, e encoding, v *verifier, o verifyOptions, names []string) error {
	ids := slices.Sorted(maps.Keys(v.claims))
	for _, d := range v.lock.Documents {
		if _, ok := v.claims[d.ID]; !ok {
			ids = append(ids, d.ID)
		}
	}
	if len(names) > 0 {
		ids = nil
		for _, name := range names {
			id, err := v.documentID(ctx, name)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
	}
	var verdicts []verdict
	var problems []string
	for _, id := range ids {
		d, told, err := v.judge(ctx, id, o)
		if err != nil {
			return err
		}
		verdicts = append(verdicts, d)
		problems = append(problems, told...)
	}
	t, err := v.table(ctx, verdicts, o.claims)
	if err != nil {
		return err
	}
	if err := a.answer(e, o.tableFlags, t); err != nil {
		return err
	}
	return a.verdict(verdicts, problems, o)
}

// verdict tells what a reader must know, and turns it into the exit code.
func (a *app) verdict(verdicts []verdict, problems []string, o verifyOptions) error {
	for _, p := range problems {
		a.note("%s", p)
	}
	var sum verdict
	covered, missing := 0, 0
	for _, d := range verdicts {
		sum.claims += d.claims
		sum.verified += d.verified
		sum.gone += d.gone
		sum.locked += d.locked
		sum.inferred += d.inferred
		sum.unlocked += d.unlocked
		if d.text != "" {
			covered++
		}
		if d.text == "missing" {
			missing++
		}
	}
	a.note("%d of %s locked, in %d of %s; %d inferred, %d unlocked", sum.verified+sum.gone+sum.locked,
		countOf(sum.claims, "claim", "claims"), covered, countOf(len(verdicts), "document", "documents"), sum.inferred, sum.unlocked)
	switch {
	case o.texts == "" && o.text == "":
		a.note("no text was looked at, so nothing is verified; --texts names a folder with texts")
	default:
		a.note("%s verified, %d gone", countOf(sum.verified, "claim", "claims"), sum.gone)
	}
	switch {
	case sum.gone > 0 || slices.ContainsFunc(verdicts, func(d verdict) bool { return d.text == "claims gone" }):
		return errCheck
	case missing > 0 && o.requireComplete:
		return fmt.Errorf("%w: %s missing", errIncomplete, countOf(missing, "text is", "texts are"))
	}
	return nil
}

// judge looks at one document.
func (v *verifier) judge(ctx context.Context, id string, o verifyOptions) (verdict, []string, error) {
	out := verdict{id: id, claims: len(v.claims[id])}
	d, locked := v.lock.Document(id)
	var text []byte
	var told []string
	if locked {
		var err error
		if text, err = findText(d, o); err != nil {
			return out, nil, err
		}
		switch {
		case text == nil && o.texts == "" && o.text == "":
			out.text = "not looked at"
		case text == nil:
			out.text = "missing"
			told = append(told, fmt.Sprintf("%s: its text is missing in %s", id, o.texts))
		case evidence.Sum(text) == d.SHA256:
			out.text = "unchanged"
		default:
			out.text = "changed"
			told = append(told, fmt.Sprintf("%s: the text has changed since it was locked", id))
		}
	} else if o.text != "" {
		told = append(told, fmt.Sprintf("%s: nothing is locked; kg verify --lock %s --text %s adds it", id, id, o.text))
	}
	found := map[string][]evidence.Finding{}
	if text != nil {
		findings, err := evidence.Check(ctx, d, text)
		if err != nil {
			return out, nil, err
		}
		for _, f := range findings {
			found[f.Claim] = append(found[f.Claim], f)
		}
	}
	known := map[string]bool{}
	for _, c := range v.claims[id] {
		key := shortID(c.ID)
		known[key] = true
		st := v.claimState(c, d, text, found[key])
		v.state[c.ID] = st
		switch st.word {
		case "verified":
			out.verified++
		case "gone":
			out.gone++
			told = append(told, fmt.Sprintf("%s: %s: %s", id, key, st.note))
		case "locked":
			out.locked++
		case "inferred":
			out.inferred++
		default:
			out.unlocked++
		}
		if st.word == "verified" && st.note != "" {
			told = append(told, fmt.Sprintf("%s: %s: %s", id, key, st.note))
		}
	}
	for _, claim := range lockedClaims(d) {
		if !known[claim] {
			out.text = "claims gone"
			told = append(told, fmt.Sprintf("%s: the lock has a passage for %s, which is no claim of this document", id, claim))
		}
	}
	return out, told, nil
}

func lockedClaims(d evidence.Document) []string {
	var ids []string
	for _, p := range d.Passages {
		ids = append(ids, p.Claim)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// claimState judges one claim.
func (v *verifier) claimState(c graph.Claim, d evidence.Document, text []byte, found []evidence.Finding) claimState {
	key := shortID(c.ID)
	var st claimState
	for _, p := range d.Passages {
		if p.Claim == key {
			st.at = append(st.at, fmt.Sprintf("%d-%d", p.From, p.To))
		}
	}
	switch {
	case c.Basis == graph.Inferred:
		st.word = "inferred"
		return st
	case len(st.at) == 0:
		st.word = "unlocked"
		return st
	case text == nil:
		st.word = "locked"
		return st
	}
	st.word, st.at = "verified", nil
	var now []evidence.Passage
	var moved []string
	for _, f := range found {
		switch f.State {
		case evidence.Changed:
			st.word, st.note = "gone", fmt.Sprintf("the passage at %d-%d does not stand in the text", f.From, f.To)
			return st
		case evidence.Moved:
			moved = append(moved, fmt.Sprintf("%d-%d stands at %d-%d now", f.From, f.To, f.Now.From, f.Now.To))
		case evidence.Same:
		}
		now = append(now, f.Now)
		st.at = append(st.at, fmt.Sprintf("%d-%d", f.Now.From, f.Now.To))
	}
	if !evidence.Holds(text, now, c.ReportedAs) {
		st.word, st.note = "gone", fmt.Sprintf("its words %q do not stand in its passages", c.ReportedAs)
		return st
	}
	if len(moved) > 0 {
		st.note = "moved: " + strings.Join(moved, ", ")
	}
	return st
}

// table lists the documents, those with a lock first, or the claims.
func (v *verifier) table(ctx context.Context, verdicts []verdict, claims bool) (queries.Table, error) {
	t := queries.Table{Question: "verify"}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(len(b.text), 0) - cmp.Compare(len(a.text), 0) })
	if claims {
		t.Columns = []queries.Column{
			column("claim", queries.TypeClaim), column("document", queries.TypeEntity), column("evidence", queries.TypeText),
			column("at", queries.TypeText), column("note", queries.TypeText),
		}
	} else {
		t.Columns = []queries.Column{column("document", queries.TypeEntity), column("text", queries.TypeText)}
		for _, name := range []string{"claims", "verified", "locked", "gone", "inferred", "unlocked"} {
			t.Columns = append(t.Columns, column(name, queries.TypeInteger))
		}
	}
	for _, d := range verdicts {
		document, err := v.s.cell(ctx, quad.IRI("kg:source/"+d.id))
		if err != nil {
			return t, err
		}
		if !claims {
			t.Rows = append(t.Rows, []queries.Cell{
				document, textCell(d.text), intCell(d.claims), intCell(d.verified), intCell(d.locked), intCell(d.gone), intCell(d.inferred), intCell(d.unlocked),
			})
			continue
		}
		for _, c := range v.claims[d.id] {
			st := v.state[c.ID]
			claim, err := v.s.cell(ctx, c.ID)
			if err != nil {
				return t, err
			}
			t.Rows = append(t.Rows, []queries.Cell{claim, document, textCell(st.word), textCell(strings.Join(st.at, ", ")), textCell(v.noted(c, st))})
		}
	}
	return t, nil
}

// noted is the note on a claim; of a conclusion, how the claims that it rests on stand.
func (v *verifier) noted(c graph.Claim, st claimState) string {
	if st.word != "inferred" {
		return st.note
	}
	var rests []string
	for _, from := range c.DerivedFrom {
		text := shortID(from)
		if of, ok := v.state[from]; ok {
			text += " (" + of.word + ")"
		}
		rests = append(rests, text)
	}
	return "rests on " + strings.Join(rests, ", ")
}

// findText finds the text of a document: the file that was named, the one in the folder that has its id
// for a name, or the one with its content. Nil where there is none.
func findText(d evidence.Document, o verifyOptions) ([]byte, error) {
	if o.text != "" {
		text, err := os.ReadFile(o.text)
		if err != nil {
			return nil, unreadable(o.text, "the text of "+d.ID, err)
		}
		return notNil(text), nil
	}
	if o.texts == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(o.texts)
	if err != nil {
		return nil, unreadable(o.texts, "a folder with texts", err)
	}
	var byContent []byte
	for _, entry := range entries {
		name := entry.Name()
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		named := strings.TrimSuffix(name, filepath.Ext(name)) == d.ID || name == d.ID
		if !named && (byContent != nil || info.Size() != int64(d.Bytes)) {
			continue
		}
		path := filepath.Join(o.texts, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, unreadable(path, "a text", err)
		}
		switch {
		case named:
			return notNil(text), nil
		case evidence.Sum(text) == d.SHA256:
			byContent = notNil(text)
		}
	}
	return byContent, nil
}

// notNil makes an empty text one that is there.
func notNil(text []byte) []byte {
	if text == nil {
		return []byte{}
	}
	return text
}
