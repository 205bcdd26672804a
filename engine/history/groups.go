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

// groups holds the groups that have been read, so that only new ones are: they are some ten thousands.
type groups struct {
	mu    sync.Mutex
	known known
	words map[string]word // each text once
	kept  sync.Map        // of group without ID: those known to be on disk
}

// word is the number of a text that groups have: numbers are compared much quicker than texts.
type word int32

const (
	anyWord word = -1 // where a filter does not narrow
	noWord  word = -2 // of a text that no group has
)

// known are the groups that were there at one time, in the order of their numbers.
type known struct {
	all    []group
	keys   []groupKey // theirs
	firsts []groupKey // the first of each origin
	words  []string   // by number
}

// groupKey is a group in numbers.
type groupKey struct {
	id                                                       int64
	organisation, workflow, triggerType, triggerName, origin word
	child                                                    bool
}

// knownGroups gives all groups there are.
func (h *History) knownGroups(ctx context.Context) (known, error) {
	h.groups.mu.Lock()
	defer h.groups.mu.Unlock()
	err := h.readGroups(ctx)
	return h.groups.known, err // what it has is only ever appended to
}

// readGroups reads the groups that came since. Whoever calls it holds the lock.
func (h *History) readGroups(ctx context.Context) error {
	g := &h.groups
	last := int64(0)
	if n := len(g.known.all); n > 0 {
		last = g.known.all[n-1].ID
	}
	var more []group
	if err := h.db.Read().SelectContext(ctx, &more, `SELECT id, organisation, workflow, trigger_type, trigger_name, child FROM run_groups WHERE id > ? ORDER BY id`, last); err != nil {
		return readFault(err)
	}
	for _, one := range more {
		g.add(one)
	}
	return nil
}

func (g *groups) add(one group) {
	key := groupKey{id: one.ID, child: one.Child, organisation: g.note(&one.Organisation), workflow: g.note(&one.Workflow),
		triggerType: g.note(&one.TriggerType), triggerName: g.note(&one.TriggerName)}
	origin := one.origin()
	key.origin = g.note(&origin)
	g.known.all = append(g.known.all, one)
	g.known.keys = append(g.known.keys, key)
	if !slices.ContainsFunc(g.known.firsts, func(f groupKey) bool { return f.origin == key.origin }) {
		g.known.firsts = append(g.known.firsts, key)
	}
}

// note gives a text's number, and makes the text the one that others share.
func (g *groups) note(text *string) word {
	number, ok := g.words[*text]
	if !ok {
		if g.words == nil {
			g.words = map[string]word{}
		}
		number = word(len(g.known.words))
		g.words[*text] = number
		g.known.words = append(g.known.words, *text)
	}
	*text = g.known.words[number]
	return number
}

// wordOf gives the number of what a filter says. Whoever calls it holds the lock.
func (g *groups) wordOf(text string) word {
	if text == "" {
		return anyWord
	}
	if number, ok := g.words[text]; ok {
		return number
	}
	return noWord
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
