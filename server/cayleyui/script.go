package cayleyui

import _ "embed" // the script

// Script is what kg adds to Cayley's pages.
//
//go:embed kg.js
var Script []byte
