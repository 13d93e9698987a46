package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"kg/data"
	"kg/queries"
)

func newVersion(a *app) *cobra.Command {
	var f tableFlags
	c := &cobra.Command{
		Use:   "version",
		Short: "Show the version of the program, its store engine and its facts",
		Long: `version shows what a report of a fault should name: the version and revision of the
program, the versions of Go and Cayley that it was built with, and the digest of the
facts that were embedded in it.`,
		Example: `  kg version
  kg version --json`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.printVersion(cmd, f)
		},
	}
	f.add(c)
	return c
}

func (a *app) printVersion(cmd *cobra.Command, f tableFlags) error {
	e, err := a.encoding(cmd)
	if err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo()
	return a.answer(e, f, versionTable(info))
}

func versionTable(info *debug.BuildInfo) queries.Table {
	t := queries.Table{Question: "version", Columns: textColumns("what", "version")}
	add := func(what, version string) {
		if version != "" {
			t.Rows = append(t.Rows, textRow(what, version))
		}
	}
	if info != nil {
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		revision := settings["vcs.revision"]
		if revision != "" && settings["vcs.modified"] == "true" {
			revision += " with local changes"
		}
		add("kg", info.Main.Version)
		add("revision", revision)
		add("committed", settings["vcs.time"])
	}
	add("go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
	if info != nil {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/cayleygraph/cayley":
				add("cayley", m.Version)
			case "github.com/cayleygraph/quad":
				add("quad", m.Version)
			}
		}
	}
	add("embedded facts", digest(data.Facts))
	add("embedded schema", digest(data.Schema))
	return t
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}
