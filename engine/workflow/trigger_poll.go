package workflow

import (
	"strings"
	"time"

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func pollTrigger() *triggerType {
	limit := schema.Integer()
	least, most := 1.0, float64(maxPollLimit)
	limit.Minimum, limit.Maximum = &least, &most
	return &triggerType{
		Name: "poll",
		Doc:  "Asks again and again for entities and starts a run for each that is new.",
		Settings: []schema.Field{
			setting("poll", "A poll that an integration declares, such as halo.new_ticket. It says the rest; what the trigger says itself counts first.", schema.String()),
			setting("action", "In place of poll: a reading action that gives a list.", schema.String()),
			setting("with", "The action's inputs, over org and cursor: the highest cursor seen so far less late, null at first. What comes out null is left out. Added to those of poll.", schema.MapOf(nil)),
			setting("every", "How often to ask, such as 1m; at least 5s.", formatted("duration")),
			setting("key", "The entity's field that tells one from another. Default: id.", schema.String()),
			setting("cursor", "The entity's field that grows from one to the next, by which new ones are asked for. With on: new it must never change.", schema.String()),
			setting("on", "What starts a run: an entity that is new, or one that is new or was updated. Default: new.", oneOf("new", "new_or_updated")),
			setting("updated", "The entity's field that changes with each update; with on: new_or_updated it is the cursor.", schema.String()),
			withDefault(setting("first", "Whether the first poll takes nothing of what is there already, or all.", oneOf("none", "all")), "none"),
			setting("late", "How long entities may come behind their cursor: so far back is asked again, those that are known are left out. For cursors that are times.", formatted("duration")),
			withDefault(setting("limit", "How many runs one poll may start; the rest comes with the next.", limit), int64(defaultPollLimit)),
		},
		Event: entityEvent(schema.Any()),
		check: (*triggerCheck).poll,
	}
}

// pollCheck is a poll trigger while it is checked.
type pollCheck struct {
	*triggerCheck
	poll     *Poll
	declared *actions.Poll // nil: the trigger names an action
	pos      source.Pos    // where the poll or the action is named
}

func (t *triggerCheck) poll() {
	p := &pollCheck{triggerCheck: t, poll: &Poll{}}
	if !p.find() {
		p.lengths()
		return
	}
	p.poll.Entity = schema.Any()
	p.fields()
	p.lengths()
	p.inputs()
	p.poll.All = p.text("first") == "all"
	if n, ok := p.settings["limit"].(int64); ok {
		p.poll.Limit = int(n)
	}
	delete(p.settings, "with")
	p.trigger.Poll = p.poll
}

// find finds the action, which a declared poll names or the trigger itself.
func (p *pollCheck) find() bool {
	settings := p.node.Settings
	poll, action := settings.Lookup("poll"), settings.Lookup("action")
	switch {
	case poll != nil && action != nil:
		p.ds.Errorf(action.Pos, "two-choices", "action cannot stand beside poll, which says what is called").Hint = "keep one of the two"
		return false
	case poll != nil:
		return p.findDeclared(poll)
	case action == nil:
		p.ds.Errorf(p.node.Pos, "missing-key", "a poll needs poll or action").Hint = "write poll: halo.new_ticket, or action: with an action that gives a list"
		return false
	case p.text("action") == "":
		return false // reported
	}
	id := p.text("action")
	a, ok := p.world.Catalogue.Action(id)
	if !ok {
		d := p.ds.Errorf(action.Pos, "unknown-action", "there is no action %q", id)
		d.Hint = actionHint(id, p.world.Catalogue.ActionIDs())
		offerActions(d, id, p.world.Catalogue.ActionIDs())
		return false
	}
	if a.Effect != actions.Read {
		p.ds.Errorf(action.Pos, "not-a-read", "%s changes something; a poll only reads", id)
		return false
	}
	if a.Result != nil && a.Result.Kind != schema.KindList && a.Result.Kind != schema.KindAny {
		p.ds.Errorf(action.Pos, "not-a-list", "%s does not give a list", a.ID).Hint = "choose an action that lists entities"
		return false
	}
	p.poll.Action, p.pos = a, action.Pos
	return true
}

func (p *pollCheck) findDeclared(n *source.Node) bool {
	id := p.text("poll")
	if id == "" {
		return false // reported
	}
	d, ok := p.world.Catalogue.Poll(id)
	if !ok {
		d := p.ds.Errorf(n.Pos, "unknown-poll", "no integration has a poll %q", id)
		d.Meant(id, pollIDs(p.world.Catalogue))
		d.Hint = knownHint(id, pollIDs(p.world.Catalogue))
		return false
	}
	p.declared, p.pos = d, n.Pos
	p.poll.ID, p.poll.Action = d.ID, d.Action
	return true
}

// said gives a setting: the trigger's own, else that of the declared poll.
func (p *pollCheck) said(key string, declared func(*actions.Poll) string) string {
	if own := p.text(key); own != "" || p.declared == nil {
		return own
	}
	return declared(p.declared)
}

func (p *pollCheck) lengths() {
	every := p.said("every", func(d *actions.Poll) string { return d.Every })
	switch d, err := schema.ParseDuration(every); {
	case every == "" && p.poll.Action == nil: // it might have said
	case every == "" && p.node.Settings.Lookup("every") == nil:
		p.ds.Errorf(p.node.Pos, "missing-key", "a poll needs every").Hint = "how often to ask: write every: 1m"
	case err != nil: // reported
	case d < minPollEvery || d > maxPollEvery:
		p.ds.Errorf(p.at("every"), "out-of-range", "every must be from %s to %s", schema.FormatDuration(minPollEvery), schema.FormatDuration(maxPollEvery))
	default:
		p.poll.Every = d
	}
	late := p.said("late", func(d *actions.Poll) string { return d.Late })
	d, err := schema.ParseDuration(late)
	if late == "" || err != nil {
		return
	}
	p.poll.Late = d
	if n := p.node.Settings.Lookup("late"); n != nil {
		p.checkLate(n, d)
	}
}

func (p *pollCheck) checkLate(n *source.Node, d time.Duration) {
	switch {
	case p.poll.Action == nil:
	case d > maxPollLate:
		p.ds.Errorf(n.Pos, "out-of-range", "late can be at most %s", schema.FormatDuration(maxPollLate))
	case p.poll.Cursor == "":
		p.ds.Errorf(n.Pos, "missing-key", "late needs cursor").Hint = "name the entity's field that tells when it came"
	case p.poll.Kind != CursorTime && p.poll.Kind != CursorByValue:
		p.ds.Errorf(n.Pos, "wrong-type", "late needs a cursor that is a time, and %s is none", p.poll.Cursor).Hint = "leave late out"
	}
}

// inputs compiles with and checks it against the action.
func (p *pollCheck) inputs() {
	with := p.node.Settings.Lookup("with")
	if with != nil && with.Kind != source.Map {
		return // reported
	}
	var narrow, newest *source.Node
	if d := p.declared; d != nil {
		if d.With != nil {
			with = merged(with, d.With.Entries, p.pos)
		}
		narrow, newest = d.Narrow, d.Newest
	}
	a := p.poll.Action
	env := pollEnv(p.org)
	p.poll.With, p.poll.Narrow, p.poll.Newest = p.see(env, with), p.see(env, narrow), p.see(env, newest)
	p.poll.ReadsMapping, p.poll.Narrows = readsMapping(p.poll.With, a.IntegrationID()), readsMapping(p.poll.Narrow, a.IntegrationID())
	p.checkGiven(given{to: a.ID, what: "input", key: "with", type_: a.InputType(), node: with, env: env, value: p.poll.With, pos: p.pos})
	p.noSecret(p.poll.With, "in a poll")
	if p.poll.With != nil || with == nil {
		p.checkCursorUse()
	}
}

// pollEnv is what a poll's with sees.
func pollEnv(org *schema.Type) *expr.Env {
	return expr.NewEnv(expr.Variable{Name: "org", Type: org}, expr.Variable{Name: "cursor", Type: schema.Any()})
}

// checkCursorUse finds cursors that are never asked for, and those that are never set.
func (p *pollCheck) checkCursorUse() {
	asked := false
	if p.poll.With != nil {
		for _, ref := range p.poll.With.References() {
			asked = asked || ref.Path[0] == "cursor"
		}
	}
	switch {
	case asked && p.poll.Cursor == "":
		p.ds.Errorf(p.at("with"), "never-set", "with reads cursor, and nothing says what that is").Hint = "name the entity's field that grows: cursor: NAME"
	case !asked && p.poll.Cursor != "" && p.declared == nil:
		p.ds.Warnf(p.at("cursor"), "reads-all", "with does not ask by cursor, so that each poll reads all entities").
			Hint = "write with: {" + exampleInput(p.poll.Action) + ": \"${{ cursor }}\"}"
	}
}

// exampleInput is an input that could take a cursor, by its name.
func exampleInput(a *actions.Action) string {
	for _, word := range []string{"since", "from", "after", "start"} {
		for _, f := range a.Inputs {
			if strings.Contains(f.Name, word) {
				return f.Name
			}
		}
	}
	return "INPUT"
}
