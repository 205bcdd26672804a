package schema

// Size is about how many bytes data takes as JSON, up to most: a larger value gives a number above most
// without being walked through to its end.
func Size(v any, most int) int {
	s := sizer{left: most}
	s.value(v)
	return most - s.left
}

type sizer struct{ left int }

func (s *sizer) value(v any) {
	if s.left < 0 {
		return
	}
	switch v := v.(type) {
	case string:
		s.left -= len(v) + 2
	case []any:
		s.left -= len(v) + 2
		for _, item := range v {
			s.value(item)
		}
	case map[string]any:
		s.left -= 2
		for key, item := range v {
			s.left -= len(key) + 4
			s.value(item)
		}
	default:
		s.left -= 5
	}
}
