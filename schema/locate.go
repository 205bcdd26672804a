package schema

import (
	"strconv"
	"strings"

	"gantry/source"
)

// Locate finds where in a YAML value a problem of it stands: the node at the problem's path, or the
// nearest one above it that exists.
func Locate(n *source.Node, problem Problem) source.Pos { return locate(n, problem.Path) }

func locate(n *source.Node, path string) source.Pos {
	for path != "" {
		name, rest, isIndex, ok := cutPath(path)
		if !ok {
			break
		}
		next := child(n, name, isIndex)
		if next == nil {
			break
		}
		n, path = next, rest
	}
	if n == nil {
		return source.Pos{}
	}
	return n.Pos
}

func child(n *source.Node, name string, isIndex bool) *source.Node {
	if !isIndex {
		return n.Lookup(name)
	}
	i, err := strconv.Atoi(name)
	if err != nil || i < 0 || i >= len(n.Items) {
		return nil
	}
	return n.Items[i]
}

// cutPath takes the first step off a problem's path: `a`, `[0]` or `["odd name"]`.
func cutPath(path string) (name, rest string, isIndex, ok bool) {
	path = strings.TrimPrefix(path, ".")
	if !strings.HasPrefix(path, "[") {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			return path, "", false, true
		}
		return path[:end], path[end:], false, true
	}
	if quoted, err := strconv.QuotedPrefix(path[1:]); err == nil {
		name, err := strconv.Unquote(quoted)
		rest, closed := strings.CutPrefix(path[1+len(quoted):], "]")
		return name, rest, false, closed && err == nil
	}
	index, rest, closed := strings.Cut(path[1:], "]")
	return index, rest, true, closed
}
