package workflow

import (
	"slices"

	"gantry/expr"
)

// readsMapping tells whether what is handed to an action of an integration holds what the organisation is
// mapped to there.
func readsMapping(with *expr.Template, integration string) bool {
	found := false
	if with == nil || integration == "" {
		return false
	}
	with.Each(func(p *expr.Program) {
		for _, ref := range p.References() {
			found = found || slices.Equal(ref.Path[:min(3, len(ref.Path))], []string{"org", "integrations", integration})
		}
	})
	return found
}
