package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A reference is a page that shows the help of everything of one kind, in the program's order. What
// kg completes is what there is, so nothing can be left out; TestTranscripts fills in what it prints.
type reference struct {
	document string
	intro    string
	first    string   // shown before the rest
	words    []string // completed to find what there is
	help     func(name string) string
}

// questionsIntro begins the page of questions with those that the data must be able to defend; the
// transcripts are filled in by TestTranscripts.
const questionsIntro = "# Questions\n\n" +
	"First eight questions that the data must be able to answer, each as a command with what it prints; then every saved\n" +
	"question with its parameters. Written by `make docs`. `--claims` adds the claims behind each row, `kg why` their\n" +
	"documents, `--left-out` what a sum did not count, and why.\n" +
	"\n## Which agencies cracked each platform?\n\n" +
	"Cracked means gained access to content. Platforms that do not stand here were cracked by nobody, as far as the documents say.\n" +
	"\n```console\n$ kg query agencies-by-platform --role cracked --full --quiet\n```\n" +
	"\n## And who only helped?\n" +
	"\n```console\n$ kg query agencies-by-platform --role supported --full --quiet\n```\n" +
	"\n## How much cocaine is tied to each platform, without counting twice?\n\n" +
	"What documents tie to no platform stands in the last row, as far as it cannot be the same.\n" +
	"\n```console\n$ kg sum mass --item cocaine --by platform --naive --quiet\n```\n" +
	"\n## Which platforms did both the FBI and the AFP work on?\n" +
	"\n```console\n$ kg query platforms-of-both --agency FBI --other AFP --quiet\n```\n" +
	"\n## What was known about EncroChat's users on 3 July 2020, and what is known today?\n" +
	"\n```console\n$ kg query platform-figures --platform EncroChat --counts users --known-at 2020-07-03\n$ kg query platform-figures --platform EncroChat --counts users --quiet\n```\n" +
	"\n## Where do sources disagree most, and by how much?\n" +
	"\n```console\n$ kg conflicts --limit 10\n```\n" +
	"\n## Which operations led to which others?\n" +
	"\n```console\n$ kg query follow-up-operations --quiet\n```\n" +
	"\n## Which agencies worked together most often?\n" +
	"\n```console\n$ kg query agencies-together --limit 10 --full\n```\n" +
	"\n## What was seized in Belgium, including its ports?\n" +
	"\n```console\n$ kg query seizures-by-location --location Belgium --quiet\n```\n" +
	"\n## All saved questions\n"

func references() []reference {
	return []reference{
		{
			document: "docs/commands.md",
			intro:    "# Commands\n\nThe help of every command and topic, as `kg` prints it. Written by `make docs`.\n",
			first:    "kg --help",
			help:     func(name string) string { return "kg help " + name },
		},
		{
			document: "docs/questions.md",
			intro:    questionsIntro,
			first:    "kg query",
			words:    []string{"query"},
			help:     func(name string) string { return "kg query " + name + " --help" },
		},
	}
}

func TestReferencesAreComplete(t *testing.T) {
	kg := filepath.Join(program(t), "kg")
	for _, r := range references() {
		t.Run(r.document, func(t *testing.T) {
			names := completed(t, kg, r.words)
			if len(names) == 0 {
				t.Fatal("kg completes nothing")
			}
			want := append(commandsOf(r.intro), r.first)
			for _, name := range names {
				want = append(want, r.help(name))
			}
			file := filepath.Join(root, filepath.FromSlash(r.document))
			if *update {
				if err := os.WriteFile(file, []byte(page(r, names)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			replay(read(t, r.document), func(s step) string {
				got = append(got, s.command)
				return s.output
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("\"make docs\" rewrites the page (-there is +shown):\n%s", diff)
			}
		})
	}
}

// commandsOf lists the commands of a page's transcripts.
func commandsOf(text string) []string {
	var list []string
	replay(text, func(s step) string {
		list = append(list, s.command)
		return s.output
	})
	return list
}

// page is a reference without what the commands print.
func page(r reference, names []string) string {
	var b strings.Builder
	b.WriteString(r.intro)
	block := func(command string) { b.WriteString("\n" + opening + prompt + command + "\n" + closing) }
	block(r.first)
	for _, name := range names {
		b.WriteString("\n## " + name + "\n")
		block(r.help(name))
	}
	return b.String()
}

// completed asks kg, as a shell would, what may stand after the words.
func completed(t *testing.T, kg string, words []string) []string {
	t.Helper()
	cmd := exec.Command(kg, slices.Concat([]string{"__complete"}, words, []string{""})...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "KG_STORE=", "KG_DATA=", "KG_QUERIES=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kg __complete: %v", err)
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if name != "" && !strings.HasPrefix(name, ":") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
