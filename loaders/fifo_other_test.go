//go:build !unix

package loaders_test

import "testing"

func makeFIFO(t *testing.T, _ string) {
	t.Helper()
	t.Skip("no named pipes here")
}
