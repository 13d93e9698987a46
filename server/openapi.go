package server

import (
	_ "embed" // the description
	"encoding/json"
	"fmt"
	"net/http"

	"go.yaml.in/yaml/v3"
)

//go:embed openapi.yaml
var openapiText []byte

// description is openapi.yaml as JSON.
func description() ([]byte, error) {
	var tree any
	if err := yaml.Unmarshal(openapiText, &tree); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return json.Marshal(tree)
}

func (s *Server) openapi(_ *http.Request, _ *held) (*reply, error) {
	return &reply{kind: kindJSON, body: s.api}, nil
}
