package flow

// layers is a map that never changes: with gives a new one that shares what it can. A run makes one per
// task execution, so copying whole maps would cost the square of a long loop.
type layers[V any] struct {
	below  *layers[V]
	values map[string]V
	depth  int
}

// flattenAt bounds how many maps a look-up walks through.
const flattenAt = 24

func (l *layers[V]) get(name string) (V, bool) {
	for at := l; at != nil; at = at.below {
		if v, ok := at.values[name]; ok {
			return v, true
		}
	}
	var zero V
	return zero, false
}

func (l *layers[V]) with(name string, v V) *layers[V] {
	if l == nil || l.depth < flattenAt {
		depth := 0
		if l != nil {
			depth = l.depth + 1
		}
		return &layers[V]{below: l, values: map[string]V{name: v}, depth: depth}
	}
	all := l.all()
	all[name] = v
	return &layers[V]{values: all}
}

// all gives a new plain map of everything.
func (l *layers[V]) all() map[string]V {
	out := map[string]V{}
	for at := l; at != nil; at = at.below {
		for name, v := range at.values {
			if _, newer := out[name]; !newer {
				out[name] = v
			}
		}
	}
	return out
}

func layersOf[V any](all map[string]V) *layers[V] {
	if len(all) == 0 {
		return nil
	}
	return &layers[V]{values: all}
}
