package orgs

import (
	"errors"
	"strings"

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
	if r.parent == "" || r.parent == im.msp {
		return im.byID[im.root].copy(), nil
	}
	above := im.bySlug[r.parent]
	if above == nil {
		org, err := im.slugged(r.parent)
		if err != nil {
			return org, im.noParent(r, err)
		}
		return org, nil
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

func (im *importer) noParent(r *importing, err error) error {
	f := fault.From(err)
	hint := hintOr(source.DidYouMean(r.parent, append(im.liveSlugs(), sortedKeys(im.bySlug)...)), "the column parent takes the slug of an organisation that is in the file or there already; leave it empty for the MSP")
	for _, org := range im.walk() {
		if strings.EqualFold(org.Name, r.parent) {
			hint = "the column parent takes the slug: " + org.Slug
		}
	}
	if foreignID.MatchString(r.parent) {
		hint = "ids of another system are not known here: write the parent's slug, or leave it empty for the MSP"
	}
	return fault.Wrap(err, f.Code, "The parent does not exist: %s", f.Message).WithHint("%s", hint)
}

// row creates or changes the organisation of a row.
func (im *importer) row(r *importing, parent Organisation) error {
	id, known, err := im.meant(r)
	if err != nil {
		return err
	}
	if known {
		r.org = im.byID[id].copy()
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
		if there && strings.EqualFold(im.byID[at].Name, r.name) {
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
	if r.parent != "" && r.org.ID != im.root {
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
			v.Local = own.Local
		}
		if err := im.setVariable(org, v, false); err != nil {
			return err
		}
	}
	return nil
}
