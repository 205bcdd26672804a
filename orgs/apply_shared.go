package orgs

import (
	"slices"
	"strconv"
)

// restoring is what a declared organisation brings back: itself and those that were removed with it.
type restoring struct {
	by   *Declared
	back []Organisation
}

func (a *applier) declareMapping(org Organisation, m DeclaredMapping, to MappingTo) error {
	at := [2]string{org.ID, m.Integration}
	before := len(a.steps)
	if err := a.setMapping(org, to); err != nil {
		return err
	}
	a.mapped[at] = true
	back := slices.ContainsFunc(a.restored, func(r restoring) bool {
		return slices.ContainsFunc(r.back, func(o Organisation) bool { return o.ID == org.ID })
	})
	if back || len(a.steps) > before {
		a.remapped[at] = m
	}
	return nil
}

// leaveOutRestored does for what the file restores as Restore does, but for mappings that it declares.
func (a *applier) leaveOutRestored() {
	declared := func(orgID, integration string) bool { return a.mapped[[2]string{orgID, integration}] }
	for _, r := range a.restored {
		for _, left := range a.leaveOut(r.back, declared) {
			m := left.Mapping
			a.ds.Warnf(r.by.Slug.Pos, "mapping", "%s was %s in %s, which is %s (%s) by now, so it comes back without that mapping",
				left.Organisation.Name, shownMapping(m), m.Integration, left.Holder.Name, left.Holder.Slug).
				Hint = "if both are meant, write it among its mappings: `" + m.Integration + ": {id: " + strconv.Quote(m.ExternalID) + ", shared: true}`"
		}
	}
}

// checkShared refuses mappings that would make two organisations one in another system, unless the file says
// so with one of the two.
func (a *applier) checkShared() {
	if len(a.remapped) == 0 {
		return
	}
	holders := a.holders()
	for _, d := range a.order {
		org := a.byID[a.ids[d]]
		for _, declared := range valueOr(d.Mappings) {
			m, changed := a.remapped[[2]string{org.ID, declared.Integration}]
			to := a.mappings[org.ID][declared.Integration]
			if !changed || to.Shared {
				continue
			}
			var others []string
			for _, other := range holders[a.entityOf(to)] {
				if other.ID != org.ID && !a.saysShared(other.ID, m.Integration) {
					others = append(others, other.Name+" ("+other.Slug+")")
				}
			}
			if len(others) > 0 {
				noteFault(&a.ds, m.pos, takenEntity(org, to, others).
					WithHint("an entity belongs to one organisation; if several are meant, say so: `%s: {id: %q, shared: true}`", m.Integration, m.ID))
			}
		}
	}
}

// saysShared tells whether the file says of an organisation's mapping that it is shared.
func (a *applier) saysShared(orgID, integration string) bool {
	d := a.declares[orgID]
	return d != nil && slices.ContainsFunc(valueOr(d.Mappings), func(m DeclaredMapping) bool { return m.Integration == integration && m.Shared })
}
