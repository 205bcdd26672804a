package orgs

import (
	"errors"

	"gantry/fault"
	"gantry/source"
)

// place imports a row, after the row of its parent.
func (im *importer) place(r *importing) {
	if r.done {
		return
	}
	if r.problem == nil {
		r.visiting = true
		parent, err := im.parentOf(r)
		r.visiting = false
		if r.done { // a circle ended it meanwhile
			return
		}
		if err == nil {
			err = im.attempt(func() error { return im.row(r, parent) })
		}
		r.problem = err
	}
	r.done = true
	switch {
	case errors.Is(r.problem, errSkipped):
		r.status = RowSkipped
		r.problem = fault.New(fault.Exists, "There is an organisation %q already.", r.org.Slug)
	case r.problem != nil:
		r.status, r.org = RowFailed, Organisation{}
	}
}

// parentOf finds the organisation that a row goes below.
func (im *importer) parentOf(r *importing) (Organisation, error) {
	if id, known := im.find(r.parent); r.parent == "" || r.parent == im.msp || known && id == im.root {
		return im.byID[im.root].copy(), nil
	}
	above := im.bySlug[r.parent]
	if above == nil {
		id, known := im.find(r.parent)
		if !known {
			return Organisation{}, im.noParent(r)
		}
		return im.liveByID(id)
	}
	if above.visiting {
		return Organisation{}, fault.New(fault.Conflict, "The organisation stands below itself: its parent %q (line %d) leads back to it.", r.parent, above.line).
			WithHint("one of the parents on the way must be another")
	}
	im.place(above)
	if above.status == RowFailed {
		return Organisation{}, fault.New(fault.Missing, "Its parent %q (line %d) was not imported.", r.parent, above.line).
			WithHint("mend that row first")
	}
	return im.byID[above.org.ID].copy(), nil
}

func (im *importer) noParent(r *importing) error {
	hint, known := im.hints[r.parent]
	if !known {
		hint = im.parentHint(r.parent)
		im.hints[r.parent] = hint
	}
	return fault.New(fault.Missing, "The parent does not exist: There is no organisation %q.", shortened(r.parent)).WithHint("%s", hint)
}

// maxLikened is for how many wrong parents a like slug is looked for: each look goes through all slugs.
const maxLikened = 50

// parentHint says what to write instead of a parent that there is not.
func (im *importer) parentHint(parent string) string {
	if foreignID.MatchString(parent) {
		return "ids of another system are not known here: write the parent's slug, or leave it empty for the MSP"
	}
	if im.slugs == nil {
		im.slugs = make(map[string]string, len(im.byID))
		for _, org := range im.walk() {
			im.slugs[foldedName(org.Name)] = org.Slug
		}
	}
	if slug, ok := im.slugs[foldedName(parent)]; ok {
		return "the column parent takes the slug: " + slug
	}
	like := ""
	if len(im.hints) < maxLikened {
		like = source.DidYouMean(parent, append(im.liveSlugs(), sortedKeys(im.bySlug)...))
	}
	return hintOr(like, "the column parent takes the slug of an organisation that is in the file or there already; leave it empty for the MSP")
}

// row creates or changes the organisation of a row.
func (im *importer) row(r *importing, parent Organisation) error {
	id, known, err := im.meant(r)
	if err != nil {
		return err
	}
	if known {
		r.org = im.byID[id].copy()
		if id == im.root {
			return fault.New(fault.InvalidInput, "%s is the MSP; a table is of those below it.", r.org.Name).
				WithHint("remove the row; `gantry orgs rename` and `gantry vars set` change the MSP")
		}
		if r.org.DeletedAt != nil {
			return removedFault(r.org)
		}
		if !im.options.Update {
			return errSkipped
		}
		return im.updateRow(r, parent)
	}
	name := r.name
	if name == "" {
		name = r.slug
	}
	org, err := im.create(NewOrganisation{Slug: r.slug, Name: name, Parent: parent.Slug, Tags: valueOr(r.tags)})
	if err != nil {
		return err
	}
	r.status, r.org = RowImported, org
	return im.belongings(r, Changes{Enabled: r.enabled})
}

// meant finds the organisation that a row speaks of, and gives a row without slug the one of its name.
func (im *importer) meant(r *importing) (id string, known bool, err error) {
	if r.slug != "" {
		id, known = im.find(r.slug)
		return id, known, nil
	}
	r.slug = ProposeSlug(r.name, func(slug string) bool {
		if id != "" {
			return false
		}
		at, there := im.find(slug)
		if there && foldedName(im.byID[at].Name) == foldedName(r.name) {
			id = at
			return false
		}
		return im.taken(slug)
	})
	if r.slug == "" {
		return "", false, invalid("No slug can be made of the name %q.", shortened(r.name)).WithHint("give the row one in a column slug: letters a to z, digits and hyphens")
	}
	return id, id != "", nil
}

func (im *importer) updateRow(r *importing, parent Organisation) error {
	before := len(im.steps)
	if r.givesParent {
		if err := im.move(r.org, parent); err != nil {
			return err
		}
	}
	c := Changes{Enabled: r.enabled, Tags: r.tags}
	if r.name != "" {
		c.Name = &r.name
	}
	if err := im.belongings(r, c); err != nil {
		return err
	}
	r.status = RowUpdated
	if len(im.steps) == before {
		r.status = RowUnchanged
	}
	return nil
}

func (im *importer) belongings(r *importing, c Changes) error {
	org, err := im.update(im.byID[r.org.ID].copy(), c)
	if err != nil {
		return err
	}
	r.org = org
	for _, v := range r.variables {
		if own, ok := im.variables[v.Name][org.ID]; ok {
			if own.Type != v.Type {
				return otherColumnType(org, v, own.Type)
			}
			v.Local = own.Local
		}
		if err := im.setVariable(org, v, false); err != nil {
			return err
		}
	}
	return nil
}

// otherColumnType refuses what would change the type of a variable: a table has no way to say that this is meant.
func otherColumnType(org Organisation, v Variable, its string) error {
	f := fault.New(fault.Conflict, "%s has the variable %s as %s, not as %s.", org.Name, v.Name, its, v.Type)
	if its == TypeSecret {
		return f.WithHint("secrets do not belong in a table: leave the cell empty; `gantry vars set %s --secret --org %s` sets it", v.Name, org.Slug)
	}
	return f.WithHint("workflows may rely on that: call the column var:%s:%s, or change the type on purpose with `gantry vars set %s VALUE --type %s --retype --org %s`",
		v.Name, its, v.Name, v.Type, org.Slug)
}
