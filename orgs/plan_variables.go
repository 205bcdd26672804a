package orgs

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gantry/store"
)

// setVariable plans a variable of an organisation; a value that it has already is no change. retype lets
// its own type change.
func (p *planner) setVariable(org Organisation, v Variable, retype bool) error {
	text, err := v.encode()
	if err != nil {
		return err
	}
	if err := checkOneType(p.tree, org, v, p.ofOtherType(v.Name, v.Type), retype); err != nil {
		return err
	}
	row := variableRow{OrganisationID: org.ID, Name: v.Name, Type: v.Type, Local: v.Local}
	if encoded, ok := text.(string); ok {
		row.Value = sql.NullString{String: encoded, Valid: true}
	}
	before, known := p.variables[v.Name][org.ID]
	if !known {
		before, known = p.retyped[[2]string{org.ID, v.Name}]
	}
	at := place{org.ID, kindVariable, "", v.Name}
	if known && before.same(row) && (v.Type != TypeSecret || p.opensTo(at, v.Value)) {
		return nil
	}
	box, hadSecret := p.sealed[at]
	p.putVariable(row)
	c := Change{ActionCreate, kindOfVariable(v.Type), org.Slug, v.Name, shownVariable(row)}
	if known {
		c.Action, c.Detail = ActionChange, changedVariable(before, row)
	}
	p.did(c, func() {
		p.dropVariable(org.ID, v.Name)
		if known {
			p.putVariable(before)
		}
		if hadSecret {
			p.sealed[at] = box
		}
	}, func(tx *store.Tx) error { return p.s.putVariable(tx, org, v, text) })
	return nil
}

// same tells whether two rows say one thing: 14 and 14.0 are one number.
func (r variableRow) same(other variableRow) bool {
	if r.Type == TypeNumber && r.Value != other.Value {
		a, err := decodeData(r.Name, r.Value.String)
		b, err2 := decodeData(other.Name, other.Value.String)
		if err == nil && err2 == nil && sameData(plainNumber(a), plainNumber(b)) {
			r.Value = other.Value
		}
	}
	return r == other
}

// opensTo tells whether the sealed value at a place is the clear one. What does not open is another one.
func (p *planner) opensTo(at place, clear any) bool {
	box, ok := p.sealed[at]
	if !ok {
		return false
	}
	opened, err := p.s.ring.open(at, box)
	return err == nil && opened == clear
}

// unsetVariable plans that an organisation's own variable goes.
func (p *planner) unsetVariable(org Organisation, name string) {
	before := p.variables[name][org.ID]
	p.dropVariable(org.ID, name)
	p.did(Change{ActionRemove, kindOfVariable(before.Type), org.Slug, name, shownVariable(before)},
		func() { p.putVariable(before) }, func(tx *store.Tx) error { return deleteVariable(tx, org, name) })
}

func kindOfVariable(kind string) string {
	if kind == TypeSecret {
		return OfSecret
	}
	return OfVariable
}

// shownVariable is a value in a plan, short; secrets are never shown.
func shownVariable(row variableRow) string {
	text := row.Value.String
	if row.Type == TypeNumber {
		text = strings.TrimSuffix(text, ".0")
	}
	if row.Type == TypeSecret {
		text = "********"
	}
	if row.Local {
		return shortened(text) + " (local)"
	}
	return shortened(text)
}

func changedVariable(before, after variableRow) string {
	switch {
	case after.Type == TypeSecret && before.Type != TypeSecret: // it may be the secret itself
		return before.Type + " ******** → secret ********"
	case before.Type != after.Type:
		return fmt.Sprintf("%s %s → %s %s", before.Type, shownVariable(before), after.Type, shownVariable(after))
	case after.Type == TypeSecret && before.Local == after.Local:
		return "another value"
	}
	return shownVariable(before) + " → " + shownVariable(after)
}

// retyping takes a variable out of the picture that is about to get another type, so that those above and
// below it that change theirs as well do not stand in each other's way.
func (p *planner) retyping(orgID, name, kind string) {
	before, known := p.variables[name][orgID]
	if !known || before.Type == kind {
		return
	}
	p.dropVariable(orgID, name)
	if p.retyped == nil {
		p.retyped = make(map[[2]string]variableRow)
	}
	p.retyped[[2]string{orgID, name}] = before
}

// knownType tells whether there is such a type of variables.
func knownType(kind string) bool { return slices.Contains(Types(), kind) }
