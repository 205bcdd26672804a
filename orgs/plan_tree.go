package orgs

import (
	"fmt"
	"slices"
	"strings"

	"gantry/fault"
	"gantry/store"
)

// create plans a new organisation.
func (p *planner) create(wanted NewOrganisation) (Organisation, error) {
	if p.taken(wanted.Slug) {
		return Organisation{}, p.takenFault(wanted.Slug)
	}
	org, depth, err := p.s.newOrganisation(p.tree, wanted)
	if err != nil {
		return org, err
	}
	p.replace(org)
	p.did(Change{ActionCreate, OfOrganisation, org.Slug, "", org.Name}, func() { p.drop(org) },
		func(tx *store.Tx) error { return insert(tx, org, depth) })
	return org, nil
}

func (p *planner) takenFault(slug string) error {
	id, now := p.bySlug[slug]
	switch {
	case !now:
		return formerFault(slug)
	case p.byID[id].DeletedAt != nil:
		return fault.New(fault.Exists, "The slug %q belongs to an organisation that was removed.", slug).
			WithHint("restore that one, or choose another slug")
	}
	return fault.New(fault.Exists, "There is an organisation %q already.", slug).WithHint("choose another slug")
}

// put plans that the organisation becomes what it is given as; detail says what changes, in words.
func (p *planner) put(org Organisation, action, detail string, write func(*store.Tx) error) {
	before := p.byID[org.ID]
	p.replace(org)
	p.did(Change{action, OfOrganisation, org.Slug, "", detail}, func() { p.replace(before) }, write)
}

// update plans other names, tags or state for an organisation.
func (p *planner) update(org Organisation, c Changes) (Organisation, error) {
	before, formerly := org, org.Slug
	var said []string
	if c.Slug != nil && *c.Slug != org.Slug {
		slug, err := p.freeSlug(*c.Slug, org)
		if err != nil {
			return before, err
		}
		said = append(said, "slug "+org.Slug+" → "+slug)
		org.Slug = slug
	}
	if c.Name != nil {
		name, err := tidyName("name of an organisation", *c.Name, maxName)
		if err != nil {
			return before, err
		}
		if name != org.Name {
			said = append(said, fmt.Sprintf("name %q → %q", org.Name, name))
			org.Name = name
		}
	}
	if c.Tags != nil {
		tags, err := tidyTags(*c.Tags)
		if err != nil {
			return before, err
		}
		if !slices.Equal(tags, org.Tags) {
			said = append(said, fmt.Sprintf("tags %s → %s", shownTags(org.Tags), shownTags(tags)))
			org.Tags = tags
		}
	}
	if c.Enabled != nil && *c.Enabled != org.Enabled {
		if org.ParentID == "" && !*c.Enabled {
			return before, fault.New(fault.Conflict, "%s is the root organisation and cannot be disabled.", org.Name).
				WithHint("disable those below it, or stop the server")
		}
		org.Enabled = *c.Enabled
		said = append(said, map[bool]string{true: "enabled", false: "disabled"}[org.Enabled])
	}
	if len(said) == 0 {
		return org, nil
	}
	p.putNamed(org, formerly, strings.Join(said, ", "))
	return org, nil
}

// putNamed plans an organisation's own row, and keeps the slug that it had.
func (p *planner) putNamed(org Organisation, formerly, detail string) {
	p.put(org, ActionChange, detail, func(tx *store.Tx) error { return p.s.writeNamed(tx, org, formerly) })
	if org.Slug == formerly {
		return
	}
	former, was := p.former[org.Slug]
	delete(p.former, org.Slug)
	p.former[formerly] = org.ID
	last := &p.steps[len(p.steps)-1]
	undo := last.undo
	last.undo = func() {
		undo()
		delete(p.former, formerly)
		if was {
			p.former[org.Slug] = former
		}
	}
}

func (s *Service) writeNamed(tx *store.Tx, org Organisation, formerly string) error {
	tags, err := encodeTags(org.Tags)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE organisations SET slug = ?, name = ?, tags = ?, enabled = ? WHERE id = ?", org.Slug, org.Name, tags, org.Enabled, org.ID)
	if err != nil || org.Slug == formerly {
		return err
	}
	if _, err := tx.Exec("DELETE FROM former_slugs WHERE slug = ?", org.Slug); err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO former_slugs (slug, organisation_id, since) VALUES (?, ?, ?)", formerly, org.ID, s.now())
	return err
}

// freeSlug checks a slug that an organisation is to have instead of its own; it may take back an old one.
func (p *planner) freeSlug(text string, org Organisation) (string, error) {
	slug, err := parseNewSlug(text)
	if err != nil {
		return "", err
	}
	if p.taken(string(slug)) && p.former[string(slug)] != org.ID {
		return "", p.takenFault(string(slug))
	}
	return string(slug), nil
}

func shownTags(tags []string) string {
	if len(tags) == 0 {
		return "none"
	}
	return strings.Join(tags, ", ")
}
