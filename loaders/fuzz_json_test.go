package loaders_test

import "testing"

func FuzzJSONLD(f *testing.F) { fuzzFormat(f, "jsonld") }

func FuzzFTM(f *testing.F) { fuzzFormat(f, "ftm") }

func FuzzCayleyJSON(f *testing.F) { fuzzFormat(f, "cayley-json") }

func FuzzPQuads(f *testing.F) { fuzzFormat(f, "pquads") }

func FuzzJSONL(f *testing.F) { fuzzFormat(f, "jsonl") }
