package exporters

import (
	"encoding/xml"
	"strings"
)

// xmlText escapes text for XML, attributes included. What XML 1.0 has no way to write becomes U+FFFD.
func xmlText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
