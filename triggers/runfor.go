package triggers

import (
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/orgs"
)

// covers tells whether run_for includes an organisation. Workflows belong to the MSP, the root: it is
// `this`, and all others are managed. named gives the id of an organisation by its slug of now or before.
func covers(f workflow.RunFor, org orgs.Organisation, named func(slug string) string) bool {
	if slices.ContainsFunc(f.Organisations, func(slug string) bool { return slug == org.Slug || named(slug) == org.ID }) {
		return true
	}
	if org.ParentID == "" {
		return f.This
	}
	return f.AllManaged || slices.ContainsFunc(f.Tags, func(tag string) bool { return slices.Contains(org.Tags, tag) })
}

// onlyThis tells whether run_for names the MSP and nobody else.
func onlyThis(f workflow.RunFor) bool {
	return f.This && !f.AllManaged && len(f.Organisations) == 0 && len(f.Tags) == 0
}

// coverage is the enabled, live organisations that a run_for covers. Triggers with the same run_for share one.
type coverage struct {
	organisations []orgs.Organisation // by slug
	at            map[string]int      // index by id
}

func (c *coverage) organisation(id string) (orgs.Organisation, bool) {
	i, ok := c.at[id]
	if !ok {
		return orgs.Organisation{}, false
	}
	return c.organisations[i], true
}

// cover finds who is covered among the organisations, which are by slug.
func cover(f workflow.RunFor, all []orgs.Organisation, named func(string) string) *coverage {
	c := &coverage{at: map[string]int{}}
	for _, org := range all {
		if org.Enabled && org.DeletedAt == nil && covers(f, org, named) {
			c.at[org.ID] = len(c.organisations)
			c.organisations = append(c.organisations, org)
		}
	}
	return c
}

// runForKey is the same for two run_for that mean the same written in the same order.
func runForKey(f workflow.RunFor) string {
	var b strings.Builder
	for _, on := range []bool{f.This, f.AllManaged} {
		if on {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	for _, names := range [][]string{f.Organisations, f.Tags} {
		b.WriteByte('\x01')
		b.WriteString(strings.Join(names, "\x00"))
	}
	return b.String()
}
