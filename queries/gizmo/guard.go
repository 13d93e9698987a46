package gizmo

func (s *session) guard() {}

func (s *session) watch() func() { return func() {} }
