package history

import (
	"context"
	"slices"
	"sync"
)

// group is what many runs have in common. A group that is kept stays, with its number, when its runs are removed.
type group struct {
	ID           int64  `db:"id"`
	Organisation string `db:"organisation"`
	Workflow     string `db:"workflow"`
	TriggerType  string `db:"trigger_type"`
	TriggerName  string `db:"trigger_name"`
	Child        bool   `db:"child"`
}

// origin is what runs.origin is of the runs of a group.
func (g *group) origin() string {
	if g.Child {
		return g.TriggerType + "+"
	}
	return g.TriggerType
}

// groups holds the groups that have been read, so that only new ones are: they are some thousands.
type groups struct {
	mu     sync.Mutex
	all    []group
	words  map[string]string // each text once
	firsts []group           // the first of each origin
	kept   sync.Map          // of group without ID: those known to be on disk
}

// knownGroups gives all groups by their numbers, and the first of each origin.
func (h *History) knownGroups(ctx context.Context) (all, firsts []group, err error) {
	g := &h.groups
	g.mu.Lock()
	defer g.mu.Unlock()
	last := int64(0)
	if len(g.all) > 0 {
		last = g.all[len(g.all)-1].ID
	}
	var more []group
	if err := h.db.Read().SelectContext(ctx, &more, `SELECT id, organisation, workflow, trigger_type, trigger_name, child FROM run_groups WHERE id > ? ORDER BY id`, last); err != nil {
		return nil, nil, readFault(err)
	}
	if g.words == nil {
		g.words = map[string]string{}
	}
	for _, one := range more {
		for _, text := range []*string{&one.Organisation, &one.Workflow, &one.TriggerType, &one.TriggerName} {
			if same, ok := g.words[*text]; ok {
				*text = same
			} else {
				g.words[*text] = *text
			}
		}
		g.all = append(g.all, one)
		if !slices.ContainsFunc(g.firsts, func(f group) bool { return f.origin() == one.origin() }) {
			g.firsts = append(g.firsts, one)
		}
	}
	return g.all, g.firsts, nil // they are only ever appended to
}

const insertGroup = `INSERT INTO run_groups (organisation, workflow, trigger_type, trigger_name, child) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

// groupOf gives the group of a new run, without its number.
func groupOf(n *NewRun) group {
	return group{Organisation: n.Organisation, Workflow: n.Workflow, TriggerType: n.TriggerType, TriggerName: n.TriggerName, Child: n.Parent != ""}
}

func (g group) args() []any {
	child := int64(0)
	if g.Child {
		child = 1
	}
	return []any{g.Organisation, g.Workflow, g.TriggerType, g.TriggerName, child}
}

// newGroup is the row of the group of a new run, if it is not known to be there.
func (rows *entryRows) newGroup() [][]any {
	if !rows.fresh {
		return nil
	}
	return one(rows.group.args())
}

// keep notes the groups that came onto the disk with runs.
func (g *groups) keep(all []entryRows) {
	for i := range all {
		if all[i].fresh {
			g.kept.Store(*all[i].group, true)
		}
	}
}
