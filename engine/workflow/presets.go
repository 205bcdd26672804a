package workflow

import (
	"fmt"

	"gantry/actions"
	"gantry/expr"
	"gantry/source"
)

// withPreset takes what an integration knows of a webhook into a trigger that names it: settings that the
// trigger has not, and the condition that tells its events from others, beside which the trigger's own stands.
func (t *triggerCheck) withPreset() {
	n := t.node.Settings.Lookup("preset")
	if n == nil || t.node.Type.Name != "webhook" {
		return
	}
	id, _ := n.Value.(string)
	p, ok := t.world.Catalogue.WebhookPreset(id)
	if !ok {
		if id != "" { // what is no text is reported with the other settings
			d := t.ds.Errorf(n.Pos, "unknown-preset", "no integration has a webhook %q", id)
			d.Meant(id, presetIDs(t.world.Catalogue))
			d.Hint = knownHint(id, presetIDs(t.world.Catalogue))
		}
		t.presetBroken = true
		return
	}
	node := *t.node
	node.Settings = merged(t.node.Settings, p.Settings, n.Pos)
	t.node, t.presetWhen = &node, p.When
}

// condition compiles a trigger's when. Beside a preset's both have to hold.
func (t *triggerCheck) condition(env *expr.Env) *expr.Program {
	own := t.seeCondition(env, t.node.When)
	if t.presetWhen == nil {
		return own
	}
	preset := t.seeCondition(env, t.presetWhen)
	if preset == nil || own == nil {
		return preset
	}
	both := &source.Node{Kind: source.String, Pos: t.node.When.Pos, Value: fmt.Sprintf("(%s) && (%s)", preset.Source(), own.Source())}
	return t.seeCondition(env, both)
}

// merged is a map with the further entries of whose names it has none. What is said about those is said at pos.
func merged(n *source.Node, more []source.Entry, pos source.Pos) *source.Node {
	if n == nil {
		n = &source.Node{Kind: source.Map, Pos: pos}
	}
	all := *n
	all.Entries = append([]source.Entry{}, n.Entries...)
	for _, e := range more {
		if n.Lookup(e.Key) == nil {
			all.Entries = append(all.Entries, source.Entry{Key: e.Key, KeyPos: pos, Value: placed(e.Value, pos)})
		}
	}
	return &all
}

// placed is the value with another place, for what stands in another file than the one that is checked.
func placed(n *source.Node, pos source.Pos) *source.Node {
	there := *n
	there.Pos = pos
	there.Entries, there.Items = nil, nil
	for _, e := range n.Entries {
		there.Entries = append(there.Entries, source.Entry{Key: e.Key, KeyPos: pos, Value: placed(e.Value, pos)})
	}
	for _, item := range n.Items {
		there.Items = append(there.Items, placed(item, pos))
	}
	return &there
}

func presetIDs(c *actions.Catalogue) (ids []string) {
	for _, p := range c.WebhookPresets() {
		ids = append(ids, p.ID)
	}
	return ids
}

func pollIDs(c *actions.Catalogue) (ids []string) {
	for _, p := range c.Polls() {
		ids = append(ids, p.ID)
	}
	return ids
}

// knownHint guesses what was meant, or lists what there is.
func knownHint(id string, known []string) string {
	if hint := source.DidYouMean(id, known); hint != "" || len(known) == 0 {
		return hint
	}
	return "known here: " + orList(known)
}
