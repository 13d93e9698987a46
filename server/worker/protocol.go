package worker

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// The kinds of answers.
const (
	KindTable  = "table"  // as the command line prints rows, as JSON
	KindCayley = "cayley" // as Cayley's interface answers
	KindShape  = "shape"  // what Cayley draws of a text
)

// A Job is one text with everything that decides its answer.
type Job struct {
	Kind     string         `json:"kind"`
	Language string         `json:"language"`
	Text     string         `json:"text"`
	Params   map[string]any `json:"params,omitempty"`
	Claims   bool           `json:"claims,omitempty"`
	Linked   bool           `json:"linked,omitempty"` // values as JSON-LD
	Limit    int            `json:"limit"`            // rows; the rest is left out, and said
	Bytes    int            `json:"bytes"`            // of the answer; more is an error
	Memory   int64          `json:"memory"`           // bytes, counted by the engine
	Timeout  time.Duration  `json:"timeout"`
}

// A Result is what a text answered.
type Result struct {
	Body      []byte `json:"-"`
	Truncated bool   `json:"truncated,omitempty"`
	Ready     bool   `json:"ready,omitempty"` // the first message of a process
	Spent     bool   `json:"spent,omitempty"` // the process has too little memory left for another text
	Fault     *Fault `json:"fault,omitempty"`
}

// A message is two lengths, a head as JSON and a body. frameMost bounds both: a process whose memory is
// damaged must not have this one read without end.
const frameMost = 64 << 20

var errFrame = errors.New("not a message")

// writeFrame writes a message in one piece.
func writeFrame(w io.Writer, head any, body []byte) error {
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	b := make([]byte, 8, 8+len(text)+len(body))
	binary.LittleEndian.PutUint32(b, uint32(len(text)))
	binary.LittleEndian.PutUint32(b[4:], uint32(len(body)))
	_, err = w.Write(append(append(b, text...), body...))
	return err
}

// readFrame reads a message.
func readFrame(r io.Reader, head any) (body []byte, err error) {
	var lengths [8]byte
	if _, err := io.ReadFull(r, lengths[:]); err != nil {
		return nil, err
	}
	n, m := binary.LittleEndian.Uint32(lengths[:]), binary.LittleEndian.Uint32(lengths[4:])
	if n > frameMost || m > frameMost {
		return nil, fmt.Errorf("%w: %d and %d bytes", errFrame, n, m)
	}
	b := make([]byte, int(n)+int(m))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	if string(b[:n]) != "{}" { // as most answers begin
		if err := json.Unmarshal(b[:n], head); err != nil {
			return nil, fmt.Errorf("%w: %w", errFrame, err)
		}
	}
	return b[n:], nil
}
