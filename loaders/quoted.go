package loaders

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// quotedText takes the text of a cell in quotes from b, whose opening quote stands before at, and from as
// many lines more as it takes. A quote inside is written twice, or behind a backslash. It returns what is
// left: the line on which the closing quote stands, and the place behind it.
func quotedText(b []byte, at int, quote []byte, backslash bool, line func() ([]byte, error), unclosed func(found string) error) (text string, rest []byte, end int, err error) {
	var cell strings.Builder
	for {
		n := bytes.Index(b[at:], quote)
		if backslash {
			n = unescaped(b[at:], quote)
		}
		switch {
		case n < 0:
			cell.Write(b[at:])
			cell.WriteByte('\n')
			if cell.Len() > MaxCell {
				return "", nil, 0, unclosed(fmt.Sprintf("none in %d bytes", MaxCell))
			}
			if b, err = line(); errors.Is(err, io.EOF) {
				return "", nil, 0, unclosed("the end of the file")
			} else if err != nil {
				return "", nil, 0, err
			}
			at = 0
		case !backslash && bytes.HasPrefix(b[at+n+len(quote):], quote):
			cell.Write(b[at : at+n+len(quote)])
			at += n + 2*len(quote)
		default:
			cell.Write(b[at : at+n])
			return cell.String(), b, at + n + len(quote), nil
		}
	}
}
