package workflow

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

const secretHint = "secrets may stand only in `with` of tasks that call an action, which sends them on and keeps them out of history"

// noSecret refuses secrets in a value that would be stored or shown; where says where that is.
func (c *checker) noSecret(t *expr.Template, where string) {
	if t == nil {
		return
	}
	t.Each(func(p *expr.Program) { c.noSecretIn(p, where) })
}

func (c *checker) noSecretIn(p *expr.Program, where string) {
	if p == nil {
		return
	}
	reported := false
	for _, ref := range p.References() {
		if c.holdsLinks(ref.Path) {
			c.refuseSecret(ref.Pos, where)
			reported = true
		}
		if ref.Path[0] == "org" && (len(ref.Path) == 1 || ref.Path[1] == "vars") && c.isSecretVar(ref.Path[min(2, len(ref.Path)):]) {
			c.refuseSecret(ref.Pos, where)
			reported = true
		}
	}
	if !reported && p.Type() != nil && p.Type().Kind == schema.KindSecret {
		c.refuseSecret(p.Pos(), where)
	}
}

func (c *checker) refuseSecret(pos source.Pos, where string) {
	c.ds.Errorf(pos, "secret-used", "a secret cannot be used %s", where).Hint = secretHint
}

// isSecretVar tells whether the path below org.vars is a secret, or the whole that holds one.
func (c *checker) isSecretVar(path []string) bool {
	for _, f := range c.world.OrgVars {
		if f.Type.Kind == schema.KindSecret && (len(path) == 0 || path[0] == f.Name) {
			return true
		}
	}
	return false
}

// checkOrgVars warns, where the variables of organisations are not known, of those that the file relies on.
func (c *checker) checkOrgVars() {
	if c.world.OrgVarsKnown {
		return
	}
	known := map[string]bool{}
	for _, f := range c.world.OrgVars {
		known[f.Name] = true
	}
	seen := map[string]bool{}
	c.eachProgram(func(p *expr.Program) {
		for _, ref := range p.References() {
			if len(ref.Path) < 3 || ref.Path[0] != "org" || ref.Path[1] != "vars" || known[ref.Path[2]] || seen[ref.Path[2]] {
				continue
			}
			if ref.OptionalFrom > 0 && ref.OptionalFrom <= 2 {
				continue
			}
			seen[ref.Path[2]] = true
			c.ds.Warnf(ref.Pos, "org-variable", "whether every organisation has the variable %s is not known here", ref.Path[2]).
				Hint = "check in the project that has the data directory, or write org.vars.?" + ref.Path[2] + ".orValue(…)"
		}
	})
}
