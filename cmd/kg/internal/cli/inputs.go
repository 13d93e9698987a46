package cli

import (
	"context"
	"os"
	"strings"

	"kg/graph"
	"kg/loaders"
)

// expand turns what the user named into inputs: folders, archives and patterns into files. A folder of
// curated tables, or one with a project, stays as it is.
func (a *app) expand(ctx context.Context, o buildOptions) ([]string, error) {
	if len(o.files) == 1 && isFolder(o.files[0]) && !o.csvw {
		if _, err := projectAt(o.files[0]); err == nil || loaders.IsCurated(os.DirFS(o.files[0]), ".") {
			return o.files, nil
		}
	}
	files, notes, err := loaders.Expand(ctx, o.files, o.csvw)
	for _, note := range notes {
		a.note("%s", note)
	}
	return files, err
}

// loadEach reads tables through their metadata where the user asked for it, and all else by format.
func loadEach(csvw bool) loadFunc {
	if !csvw {
		return loaders.Load
	}
	return func(ctx context.Context, input string, o loaders.Options, sink graph.Sink) error {
		lower := strings.ToLower(input)
		if o.Metadata != "" || loaders.IsTable(input) || strings.HasSuffix(lower, ".json") {
			return loaders.LoadTable(ctx, input, o, sink)
		}
		return loaders.Load(ctx, input, o, sink)
	}
}

// watched lists the files behind inputs whose change makes a store old. What can be read only once, a
// pipe, cannot be watched.
func watched(inputs []string, o buildOptions) []string {
	var files []string
	seen := map[string]bool{}
	add := func(file string) {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && !seen[file] {
			seen[file] = true
			files = append(files, file)
		}
	}
	for _, input := range inputs {
		add(loaders.FileOf(input))
		if o.csvw && o.metadata == "" {
			if file, err := loaders.FindMetadata(input); err == nil {
				add(file)
			}
		}
	}
	if o.metadata != "" {
		add(o.metadata)
	}
	return files
}

// canReadAgain says whether all inputs can be read a second time: standard input and pipes cannot.
func canReadAgain(inputs []string) bool {
	for _, input := range inputs {
		if graph.IsStore(input) {
			continue
		}
		info, err := os.Stat(loaders.FileOf(input))
		if err != nil || !info.Mode().IsRegular() && !info.IsDir() {
			return false
		}
	}
	return true
}
