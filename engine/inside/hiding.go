package inside

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
)

// masked stands where something is kept secret.
const masked = "********"

// hiding knows what of a run is not to be shown: secrets, and what the workflow redacts, also where an expression has
// carried it on into a published name or another task's input.
type hiding struct {
	redactor actions.Redactor
	values   int
	paths    [][]string            // what expressions call it: [tasks x result token], [ctx token]
	own      map[string][][]string // likewise, by the task in which alone it is called so: [result token], [item]
}

// Bounds of what is looked for by its value: shorter text, or part of a number, would take away what has nothing to do
// with it. What an expression hands on is hidden whatever it is.
const (
	leastWhole = 4    // of a value that is itself redacted
	leastPart  = 8    // of one that stands somewhere in what is redacted, and of organisations' secrets
	mostValues = 2000 // of one run
)

// secretsOf hides the secrets of organisations; those of one that is gone are gone as well.
func (h *hiding) secretsOf(ctx context.Context, o *orgs.Service, ids ...string) error {
	for _, id := range ids {
		values, err := o.SecretValues(ctx, id)
		if err != nil && fault.From(err).Code != fault.Missing {
			return err
		}
		for _, v := range values {
			if len(v) >= leastPart {
				h.redactor.Add(v)
			}
		}
	}
	return nil
}

// opened hides values that were redacted.
func (h *hiding) opened(values []any) {
	for _, v := range values {
		h.add(v, leastWhole)
	}
}

func (h *hiding) add(v any, least int) {
	switch v := v.(type) {
	case string:
		h.addText(v, least)
	case int64, float64:
		h.addText(fmt.Sprint(v), least)
	case []any:
		for _, item := range v {
			h.add(item, leastPart)
		}
	case map[string]any:
		for _, item := range v {
			h.add(item, leastPart)
		}
	}
}

func (h *hiding) addText(text string, least int) {
	if len(text) >= least && h.values < mostValues {
		h.values++
		h.redactor.Add(text)
	}
}

// reads finds out by which names a workflow's expressions get at what it redacts.
func (h *hiding) reads(wf *workflow.Workflow) {
	if h.own == nil {
		h.own = map[string][][]string{}
	}
	for _, task := range wf.Tasks {
		for _, path := range task.Redact {
			below := strings.Split(path, ".")
			if below[0] != "result" {
				continue
			}
			if task.ForEach != nil { // the result is a list of what the path is about
				below = below[:1]
			}
			h.paths = append(h.paths, append([]string{"tasks", task.Name}, below...))
			h.own[task.Name] = append(h.own[task.Name], below)
		}
	}
	for len(h.paths) > 0 && h.spread(wf) {
	}
}

// spread follows what is redacted one step further; false: there is nothing new.
func (h *hiding) spread(wf *workflow.Workflow) (more bool) {
	for _, task := range wf.Tasks {
		if each := task.ForEach; each != nil && h.touches(task.Name, each.Items) && !h.knows(h.own[task.Name], each.As) {
			h.own[task.Name], more = append(h.own[task.Name], []string{each.As}), true
		}
		for _, t := range task.Next {
			for _, p := range t.Publish {
				if h.touches(task.Name, p.Value) && !h.knows(h.paths, "ctx", p.Name) {
					h.paths, more = append(h.paths, []string{"ctx", p.Name}), true
				}
			}
		}
	}
	return more
}

func (h *hiding) knows(paths [][]string, path ...string) bool {
	return slices.ContainsFunc(paths, func(known []string) bool { return slices.Equal(known, path) })
}

// touches tells whether a value of a task is made of what is redacted.
func (h *hiding) touches(task string, t *expr.Template) bool {
	if t == nil || len(h.paths) == 0 {
		return false
	}
	return slices.ContainsFunc(t.References(), func(ref expr.Reference) bool {
		meets := func(path []string) bool { return overlap(ref.Path, path) }
		return slices.ContainsFunc(h.paths, meets) || slices.ContainsFunc(h.own[task], meets)
	})
}

// overlap tells whether one of two names lies in the other. The place in a list says nothing of what lies there.
func overlap(read, secret []string) bool {
	for i := range min(len(read), len(secret)) {
		if read[i] == secret[i] {
			continue
		}
		return strings.Trim(read[i], "0123456789") == ""
	}
	return true
}

// shown gives a value of a task as it may be shown: what is made of redacted values is masked as finely as the value
// is written.
func (h *hiding) shown(task string, t *expr.Template, v any) any {
	return h.redactor.Data(h.written(task, t, expr.Masked(v)))
}

func (h *hiding) written(task string, t *expr.Template, v any) any {
	if !h.touches(task, t) {
		return v
	}
	if m, ok := v.(map[string]any); ok && len(t.Names()) > 0 {
		out := maps.Clone(m)
		for _, name := range t.Names() {
			if value, there := m[name]; there {
				out[name] = h.written(task, t.Field(name), value)
			}
		}
		return out
	}
	if list, ok := v.([]any); ok && len(t.Items()) == len(list) && len(list) > 0 {
		out := make([]any, len(list))
		for i, item := range list {
			out[i] = h.written(task, t.Items()[i], item)
		}
		return out
	}
	if v == nil {
		return nil
	}
	return masked
}

// maskAt masks what stands at a path; lists on the way are gone through.
func maskAt(v any, path []string) any {
	if list, ok := v.([]any); ok && len(path) > 0 {
		out := make([]any, len(list))
		for i, item := range list {
			out[i] = maskAt(item, path)
		}
		return out
	}
	if v == nil {
		return nil
	}
	if len(path) == 0 {
		return masked
	}
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	inner, ok := m[path[0]]
	if !ok {
		return v
	}
	out := maps.Clone(m)
	out[path[0]] = maskAt(inner, path[1:])
	return out
}
