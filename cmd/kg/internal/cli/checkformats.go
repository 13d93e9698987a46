package cli

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"kg/graph/audit"
)

// githubFindings prints the commands by which a workflow marks lines of a change.
func githubFindings(w *bufio.Writer, findings []audit.Finding) {
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range findings {
		command := map[audit.Level]string{audit.Error: "error", audit.Warning: "warning", audit.Note: "notice"}[f.Level]
		var properties []string
		add := func(name, value string) { properties = append(properties, name+"="+property.Replace(value)) }
		if at := f.Problem.At; at.File != "" {
			add("file", filepath.ToSlash(at.File))
			if at.Line > 0 {
				add("line", fmt.Sprint(at.Line))
			}
			if at.Column > 0 {
				add("col", fmt.Sprint(at.Column))
			}
		}
		add("title", f.Rule)
		m := findingText(f)
		if f.Problem.Hint != "" {
			m += "; " + f.Problem.Hint
		}
		fmt.Fprintf(w, "::%s %s::%s\n", command, strings.Join(properties, ","), text.Replace(m))
	}
}

// The parts of SARIF 2.1.0 that findings need; names are those of the standard.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string      `json:"id"`
		ShortDescription sarifText   `json:"shortDescription"`
		Help             sarifText   `json:"help"`
		Configuration    sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// sarifFindings prints a log of the Static Analysis Results Interchange Format, version 2.1.0. A
// fingerprint is of the rule and what the finding is about, so that it outlives a line that moves.
func sarifFindings(w *bufio.Writer, findings []audit.Finding) {
	rules := audit.Rules()
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "kg", Version: programVersion()}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	for _, r := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: r.ID, ShortDescription: sarifText{r.Summary}, Help: sarifText{r.Advice}, Configuration: sarifConfig{r.Level.String()},
		})
	}
	for _, f := range findings {
		text := findingText(f)
		if f.Problem.Hint != "" {
			text += "; " + f.Problem.Hint
		}
		result := sarifResult{
			RuleID: f.Rule, Level: f.Level.String(), Message: sarifText{text},
			RuleIndex:    slices.IndexFunc(rules, func(r audit.Rule) bool { return r.ID == f.Rule }),
			Fingerprints: map[string]string{"kg/v1": fingerprint(f)},
		}
		if at := f.Problem.At; at.File != "" {
			location := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{fileURI(at.File)}}}
			if at.Line > 0 {
				location.Physical.Region = &sarifRegion{at.Line, at.Column}
			}
			result.Locations = []sarifLocation{location}
		}
		run.Results = append(run.Results, result)
	}
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(log); err == nil { // strings and numbers always encode
		w.Write(b.Bytes())
	}
}

// fingerprint tells a finding apart from all others of the same rule.
func fingerprint(f audit.Finding) string {
	text := f.Rule + "\n" + string(f.About)
	if f.About == "" {
		text += findingText(f)
	}
	if f.Rule == audit.RulePerson {
		text += f.Problem.Found // a text may name several
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// fileURI is a path as a relative reference: slashes, and what a URI may not hold escaped.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return u.String()
}
