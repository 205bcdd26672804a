package orgs

import (
	"gantry/fault"
	"gantry/source"
)

type progress int

const (
	visiting progress = iota + 1
	placed
	refused
)

// applier plans what a file says.
type applier struct {
	*planner
	file     *File
	options  ApplyOptions
	secrets  map[string]string // by where they come from
	ds       source.Diagnostics
	declared map[string]*Declared // by slug
	progress map[string]progress  // by slug
	ids      map[*Declared]string
	declares map[string]*Declared // the reverse of ids
	pruned   []instanceRow
	mapped   map[[2]string]bool            // what the file maps, by organisation and integration
	remapped map[[2]string]DeclaredMapping // those of them that are not so yet
	restored []restoring
	order    []*Declared // those that have their place, each after its parent
}

// plan plans the organisations first, then what belongs to them, each kind after what it may refer to.
func (a *applier) plan() {
	for _, d := range a.file.Organisations {
		a.declared[d.slug()] = d
	}
	if !a.placeRoot() {
		return
	}
	for _, d := range a.file.Organisations {
		a.place(d)
	}
	if a.ds.HasErrors() {
		return
	}
	for _, each := range []func(*Declared, Organisation){a.clearVariables, a.setVariables, a.setInstances, a.setMappings} {
		for _, d := range a.order {
			each(d, a.byID[a.ids[d]].copy())
		}
	}
	if a.ds.HasErrors() {
		return
	}
	if a.options.Prune {
		a.prune()
		a.unmapPruned()
	}
	a.leaveOutRestored()
	a.checkShared()
}

// placeRoot finds the MSP that the file means, or makes it where there is none yet. One that only has a
// name so far becomes the file's.
func (a *applier) placeRoot() bool {
	slug := textOf(a.file.MSP)
	switch {
	case a.root == "" && slug == "":
		a.ds.Errorf(source.Pos{}, "missing-key", "the file does not say which organisation is the MSP").Hint = "add `msp: SLUG` at its top"
	case a.root == "":
		d := a.declared[slug]
		if d == nil {
			a.ds.Errorf(a.file.MSP.Pos, string(fault.Missing), "the MSP %q is not among the file's organisations", slug)
			break
		}
		org, err := a.create(NewOrganisation{Slug: slug, Name: textOf(d.Name), Tags: valueOr(d.Tags)})
		if err != nil {
			noteFault(&a.ds, d.at.Pos, err)
			break
		}
		a.ids[d], a.declares[org.ID] = org.ID, d
	case slug != "" && slug != a.byID[a.root].Slug:
		a.renameRoot(slug)
	}
	return !a.ds.HasErrors()
}

func (a *applier) renameRoot(slug string) {
	root := a.byID[a.root].copy()
	id, known := a.find(slug)
	untouched := len(a.byID) == 1 && len(a.variableNames(root.ID)) == 0 && len(a.instances[root.ID]) == 0 && len(a.mappings[root.ID]) == 0
	if known && id != root.ID || !known && !untouched {
		a.ds.Errorf(a.file.MSP.Pos, string(fault.Conflict), "this file is of the MSP %q; here the MSP is %s (%s)", slug, root.Name, root.Slug).
			Hint = "apply it to its own data directory, or correct `msp`"
		return
	}
	if _, err := a.update(root, Changes{Slug: &slug}); err != nil {
		noteFault(&a.ds, a.file.MSP.Pos, err)
	}
}

// place plans an organisation itself, after its parent.
func (a *applier) place(d *Declared) bool {
	switch a.progress[d.slug()] {
	case visiting:
		a.ds.Errorf(d.Parent.Pos, "circle", "the organisation %q stands below itself", d.slug()).Hint = "one of the parents on the way must be another"
		return false
	case placed:
		return true
	case refused:
		return false
	}
	a.progress[d.slug()] = visiting
	ok := a.placeBelow(d)
	a.progress[d.slug()] = refused
	if ok {
		a.progress[d.slug()] = placed
		a.order = append(a.order, d)
	}
	return ok
}

func (a *applier) placeBelow(d *Declared) bool {
	id, known := a.find(d.slug())
	if id == a.root && known {
		if d.Parent != nil {
			a.ds.Errorf(d.Parent.Pos, "contradiction", "%s is the MSP, which has nobody above it", d.slug()).Hint = "remove `parent`"
			return false
		}
		return a.settle(d, id)
	}
	parent, ok := a.parent(d)
	if !ok {
		return false
	}
	if !known {
		return a.add(d, parent)
	}
	org := a.byID[id].copy()
	back, err := a.restore(org)
	if err != nil {
		noteFault(&a.ds, d.Slug.Pos, err)
		return false
	}
	a.restored = append(a.restored, restoring{d, back})
	if d.Parent != nil {
		if err := a.move(a.byID[id].copy(), parent); err != nil {
			noteFault(&a.ds, d.Parent.Pos, err)
			return false
		}
	}
	return a.settle(d, id)
}

// parent finds the organisation that the file puts one below: the MSP where it names none.
func (a *applier) parent(d *Declared) (Organisation, bool) {
	if d.Parent == nil {
		return a.byID[a.root].copy(), true
	}
	slug := textOf(d.Parent)
	if above := a.declared[slug]; above != nil {
		if !a.place(above) {
			return Organisation{}, false
		}
		return a.byID[a.ids[above]].copy(), true
	}
	parent, err := a.slugged(slug)
	if err != nil {
		known := append(a.liveSlugs(), sortedKeys(a.declared)...)
		f := fault.From(err)
		diagnostic := a.ds.Errorf(d.Parent.Pos, string(f.Code), "%s", f.Message)
		diagnostic.Hint = hintOr(source.DidYouMean(slug, known), "the parent must be in the file or be there already")
		return parent, false
	}
	return parent, true
}

func (a *applier) add(d *Declared, parent Organisation) bool {
	if d.Name == nil {
		a.ds.Errorf(d.at.Pos, "missing-key", "the new organisation %q needs a name", d.slug())
		return false
	}
	org, err := a.create(NewOrganisation{Slug: d.slug(), Name: textOf(d.Name), Parent: parent.Slug, Tags: valueOr(d.Tags)})
	if err != nil {
		noteFault(&a.ds, d.Slug.Pos, err)
		return false
	}
	return a.settle(d, org.ID)
}

// settle plans the name, slug, tags and state that the file gives.
func (a *applier) settle(d *Declared, id string) bool {
	if other := a.declares[id]; other != nil && other != d {
		a.ds.Errorf(d.Slug.Pos, "duplicate", "%q and %q are slugs of one organisation", other.slug(), d.slug())
		return false
	}
	a.ids[d], a.declares[id] = id, d
	c := Changes{Slug: new(d.slug()), Tags: d.Tags, Enabled: d.Enabled}
	if d.Name != nil {
		c.Name = new(textOf(d.Name))
	}
	if _, err := a.update(a.byID[id].copy(), c); err != nil {
		noteFault(&a.ds, d.Slug.Pos, err)
		return false
	}
	return true
}

// prune plans the removal of organisations that the file neither has nor needs for those it has.
func (a *applier) prune() {
	kept := map[string]bool{a.root: true}
	for _, id := range a.ids {
		for _, above := range a.chain(id) {
			kept[above] = true
		}
	}
	for _, org := range a.walk() {
		if kept[org.ID] || a.byID[org.ID].DeletedAt != nil {
			continue
		}
		if _, err := a.remove(org); err != nil {
			noteFault(&a.ds, source.Pos{}, err)
		}
	}
}
