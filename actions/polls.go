package actions

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// Poll is a way to watch for new entities that an integration declares, so that a trigger names it and needs
// not know the other system: `polls` of its YAML.
type Poll struct {
	ID, Name, Title, Description string
	Action                       *Action // a read that gives a list
	// With are the action's inputs as they are written, a map of templates over org and cursor; nil: none.
	With *source.Node
	// Narrow are the inputs that leave only what belongs to the entity that an organisation is mapped to. They
	// go along where the instance is not the organisation's own; nil: then it cannot be asked for it.
	Narrow *source.Node
	// Newest are inputs by which the newest entity comes first, so that a first poll need not read all; nil: none.
	Newest *source.Node

	Key     string // the entity's field that tells one from another
	Cursor  string // the field that grows from entity to entity; "": none
	Updated string // the field that changes with each update; "": none tells
	On      string // what is an event unless the trigger says: new or new_or_updated
	Every   string // how often to ask, unless the trigger says: a duration, or ""
	Late    string // how long entities may come behind their cursor, unless the trigger says: a duration, or ""
	Entity  *schema.Type
	Pos     source.Pos
}

// Poll gives the declared poll of an id such as "halo.new_ticket".
func (c *Catalogue) Poll(id string) (*Poll, bool) { return named(c.polls, id) }

// Polls gives all declared polls in the order of their ids.
func (c *Catalogue) Polls() []*Poll { return inOrder(c.polls) }

// readPolls gives the polls of a file.
func (f *folder) readPolls(one *file) (polls []*Poll) {
	for _, e := range f.section(one, "polls", "a map of names and polls") {
		if there, taken := f.catalogue.Poll(f.id + "." + e.Key); taken {
			f.ds.Errorf(e.KeyPos, "exists", "poll %s is there already (%s) and is not replaced", there.ID, there.Pos).Hint = "choose another name"
		}
		if p := f.readPoll(e); p != nil {
			polls = append(polls, p)
		}
	}
	return polls
}

func (f *folder) readPoll(e source.Entry) *Poll {
	f.checkID(e, "poll")
	b := source.ReadFields(e.Value, "poll "+e.Key, f.ds)
	if !b.Ok() {
		return nil
	}
	p := &Poll{ID: f.id + "." + e.Key, Name: e.Key, Pos: e.KeyPos, Key: "id", On: "new"}
	b.Required("title")
	p.Title, p.Description = b.Text("title"), b.Text("description")
	p.With, p.Narrow, p.Newest = b.Node("with"), b.Node("narrow"), b.Node("newest")
	if b.Has("key") {
		p.Key = b.Text("key")
	}
	p.Cursor, p.Updated = b.Text("cursor"), b.Text("updated")
	if b.Has("on") {
		p.On = f.oneOf(b, "on", "new", "new_or_updated")
	}
	p.Every, p.Late = f.lengthOfTime(b.TextNode("every")), f.lengthOfTime(b.TextNode("late"))
	if n := b.Node("entity"); n != nil {
		p.Entity = schema.ParseType(n, f.types.lookup, f.ds)
	}
	action := b.Required("action")
	b.Close()
	if action != nil {
		f.checkPoll(p, action)
	}
	return p
}

func (f *folder) lengthOfTime(n *source.Node) string {
	if n == nil {
		return ""
	}
	text := n.Value.(string)
	if d, err := schema.ParseDuration(text); err != nil || d <= 0 {
		f.ds.Errorf(n.Pos, "bad-duration", "%q is not a length of time", text).Hint = "write 30s, 5m or 1h"
	}
	return text
}

// checkPoll proves that the action gives entities with the fields that are named, and takes the inputs.
func (f *folder) checkPoll(p *Poll, action *source.Node) {
	id, _ := action.Value.(string)
	a := f.reference(id, action.Pos)
	if a == nil {
		return
	}
	p.Action = a
	if a.Effect != Read {
		f.ds.Errorf(action.Pos, "not-a-read", "%s changes something; a poll only reads", id)
	}
	if a.Result == nil || a.Result.Kind != schema.KindList && a.Result.Kind != schema.KindAny {
		f.ds.Errorf(action.Pos, "not-a-list", "%s does not give a list of entities", id)
		return
	}
	if p.Entity == nil {
		p.Entity = a.Result.Element()
	}
	f.entityField(p, "key", p.Key)
	f.entityField(p, "cursor", p.Cursor)
	f.entityField(p, "updated", p.Updated)
	for key, n := range map[string]*source.Node{"with": p.With, "narrow": p.Narrow, "newest": p.Newest} {
		f.checkPollInputs(a, key, n)
	}
	if p.On == "new_or_updated" && p.Updated == "" {
		f.ds.Errorf(p.Pos, "missing-key", "on: new_or_updated needs updated: the field that changes with each update")
	}
	if p.Late != "" && p.Cursor == "" {
		f.ds.Errorf(p.Pos, "missing-key", "late needs cursor: the field that tells when an entity came")
	}
}

func (f *folder) entityField(p *Poll, key, name string) {
	if name == "" || p.Entity == nil || p.Entity.Kind != schema.KindObject {
		return
	}
	if _, ok := p.Entity.Field(name); !ok {
		f.ds.Errorf(p.Pos, "unknown-field", "%s: %s has no field %q", key, p.Entity, name).Hint = source.DidYouMean(name, p.Entity.FieldNames())
	}
}

// checkPollInputs checks names and expressions; which values fit is known where a trigger uses the poll.
func (f *folder) checkPollInputs(a *Action, key string, n *source.Node) {
	if n == nil {
		return
	}
	if n.Kind != source.Map {
		source.WrongKind(f.ds, n, key, "a map of inputs")
		return
	}
	for _, e := range n.Entries {
		if _, ok := a.InputType().Field(e.Key); !ok {
			f.ds.Errorf(e.KeyPos, "unknown-input", "%s: %s has no input %q", key, a.ID, e.Key).Hint = source.DidYouMean(e.Key, a.InputType().FieldNames())
		}
	}
	f.compile(expr.NewEnv(expr.Variable{Name: "org", Type: schema.Any()}, expr.Variable{Name: "cursor", Type: schema.Any()}), n)
}

// section gives the entries of one of a file's maps.
func (f *folder) section(one *file, key, what string) []source.Entry {
	n := f.body(one).Node(key)
	if n == nil {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(f.ds, n, key, what)
		return nil
	}
	return n.Entries
}

func (f *folder) checkID(e source.Entry, what string) {
	if !idPattern.MatchString(e.Key) {
		f.ds.Errorf(e.KeyPos, "bad-name", "%q cannot be the name of a %s", e.Key, what).Hint =
			"use small letters, digits and single underscores, beginning with a letter"
	}
}

// LimitInput is the input that bounds how many entries a list gives, and how many one page holds; "" when
// the action has none.
func (a *Action) LimitInput() (name string, page int64) {
	p := a.operation().paginate
	if p == nil {
		if f, ok := a.inputType.Field("limit"); ok && f.Type.Kind == schema.KindInteger {
			return "limit", defaultPageSize
		}
		return "", 0
	}
	if _, ok := a.inputType.Field(p.limit); !ok {
		return "", p.PageSize
	}
	return p.limit, p.PageSize
}
