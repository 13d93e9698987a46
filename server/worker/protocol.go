package worker

import (
	"bytes"
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
	Text     string         `json:"-"` // the body of the message
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
func readFrame(r io.Reader) (head, body []byte, err error) {
	var lengths [8]byte
	if _, err := io.ReadFull(r, lengths[:]); err != nil {
		return nil, nil, err
	}
	n, m := binary.LittleEndian.Uint32(lengths[:]), binary.LittleEndian.Uint32(lengths[4:])
	if n > frameMost || m > frameMost {
		return nil, nil, fmt.Errorf("%w: %d and %d bytes", errFrame, n, m)
	}
	b := make([]byte, int(n)+int(m))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, nil, err
	}
	return b[:n], b[n:], nil
}

// readResult reads what a process says.
func readResult(r io.Reader) (result Result, err error) {
	head, body, err := readFrame(r)
	if err != nil {
		return result, err
	}
	result.Body = body
	if string(head) == "{}" { // as most answers begin
		return result, nil
	}
	return result, parse(head, &result)
}

// orders reads jobs. Most differ from the one before in the text alone.
type orders struct {
	r        io.Reader
	head     []byte // of the job before
	expected Job    // and what it says
}

func (o *orders) next() (Job, error) {
	head, text, err := readFrame(o.r)
	if err != nil {
		return Job{}, err
	}
	j := o.expected
	if !bytes.Equal(head, o.head) {
		j = Job{}
		if err := parse(head, &j); err != nil {
			return Job{}, err
		}
		o.head, o.expected = nil, Job{}
		if len(j.Params) == 0 { // what a text may change is not kept
			o.head, o.expected = head, j
		}
	}
	j.Text = string(text)
	return j, nil
}

func parse(head []byte, into any) error {
	if err := json.Unmarshal(head, into); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	return nil
}
