package gizmo

import "github.com/dop251/goja"

func aggregateMethod(string) func(*pathObject, args) goja.Value { return nil }
