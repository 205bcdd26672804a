package flow

// Seen gives the published values as an execution sees them: what its way had come through when it came up. ok is
// false where there is no such execution yet. The values belong to the state: read only.
func (s *State) Seen(exec int) (values map[string]any, ok bool) {
	if exec < 0 || exec >= len(s.execs) {
		return nil, false
	}
	return s.execs[exec].scope.values(), true
}

// SeenAtEnd gives the published values of all branches that have ended so far, merged as outputs see them.
func (s *State) SeenAtEnd() map[string]any {
	ends := s.allEnds()
	if len(ends) == 0 {
		return map[string]any{}
	}
	return merge(ends).values()
}

func (sc *scope) values() map[string]any {
	all := sc.ctx.all()
	values := make(map[string]any, len(all))
	for name, b := range all {
		values[name] = b.value
	}
	return values
}
