package flow

import (
	"strings"

	"gantry/expr"
)

// linkSecret stands before a task's name in the name of the secret that is its address: no variable has dots in
// its name.
const linkSecret = "run.links."

// links are the addresses of the tasks that wait for somebody outside. Whoever knows one can answer, so expressions
// have them as secrets: they are handed on and never kept.
func (s *State) links() map[string]any {
	links := map[string]any{}
	organisation, _ := s.start.Org["id"].(string)
	for _, t := range s.wf.Tasks {
		if t.Waits() != "" {
			links[t.Name] = expr.Secret{Organisation: organisation, Name: linkSecret + t.Name}
		}
	}
	return links
}

// LinkOf gives the task whose address a secret is; ok is false where it is another secret.
func LinkOf(s expr.Secret) (task string, ok bool) { return strings.CutPrefix(s.Name, linkSecret) }
