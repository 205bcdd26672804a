package workflow

import (
	"regexp"

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

var cursorWord = regexp.MustCompile(`\bcursor\b`)

func entityEvent(entity *schema.Type) []expr.Variable {
	return []expr.Variable{{Name: "entity", Type: entity}}
}

// fields types the event, and checks the fields that tell entities apart.
func (p *pollCheck) fields() {
	p.poll.Entity = p.entityType()
	p.event = entityEvent(p.poll.Entity)
	p.poll.Key = p.field("key", p.said("key", func(d *actions.Poll) string { return d.Key }))
	if p.poll.Key == "" && p.node.Settings.Lookup("key") == nil {
		p.poll.Key = p.field("key", "id")
	}
	updated := p.field("updated", p.said("updated", func(d *actions.Poll) string { return d.Updated }))
	p.poll.Cursor = p.field("cursor", p.said("cursor", func(d *actions.Poll) string { return d.Cursor }))
	on := p.said("on", func(d *actions.Poll) string { return d.On })
	if on == "new_or_updated" {
		p.onUpdate(updated)
	} else if updated != "" && p.poll.Cursor == updated {
		p.ds.Errorf(p.at("on"), "wrong-cursor", "with on: new, the cursor must not be %s, which changes with each update", updated).
			Hint = "take a field that never changes, such as when the entity was made, or write on: new_or_updated"
	}
	p.poll.Kind = p.kindOf(p.poll.Cursor)
}

// onUpdate settles the fields where updates count.
func (p *pollCheck) onUpdate(updated string) {
	p.poll.Updated = updated
	switch {
	case updated == "" && p.node.Settings.Lookup("updated") == nil:
		p.ds.Errorf(p.at("on"), "missing-key", "on: new_or_updated needs updated").Hint = "name the entity's field that changes with each update: updated: last_update"
	case updated == "":
	case p.poll.Cursor == "":
		if n := p.node.Settings.Lookup("with"); n != nil && mentionsCursor(n) {
			p.poll.Cursor = updated
		}
	case p.poll.Cursor != updated:
		p.ds.Errorf(p.at("cursor"), "wrong-cursor", "asked for by %s, an updated entity would not come again", p.poll.Cursor).Hint = "leave cursor out, or write cursor: " + updated
	}
}

// entityType is what the list holds.
func (p *pollCheck) entityType() *schema.Type {
	switch a := p.poll.Action; {
	case p.declared != nil && p.declared.Entity != nil:
		return p.declared.Entity
	case a.Result == nil || a.Result.Kind != schema.KindList:
		return schema.Any()
	default:
		return a.Result.Element()
	}
}

// field gives the name of a field that the entity has; "" for one that it has not, which is reported.
func (p *pollCheck) field(key, name string) string {
	entity := p.poll.Entity
	if name == "" || entity.Kind != schema.KindObject || entity.Open && len(entity.Fields) == 0 {
		return name
	}
	f, ok := entity.Field(name)
	if !ok {
		pos := p.pos
		if n := p.node.Settings.Lookup(key); n != nil {
			pos = n.Pos
		}
		p.ds.Errorf(pos, "unknown-field", "%s has no field %q", entity, name).Meant(name, entity.FieldNames())
		return ""
	}
	switch f.Type.AsPresent().Kind {
	case schema.KindString, schema.KindInteger, schema.KindNumber, schema.KindAny:
		return name
	}
	p.ds.Errorf(p.at(key), "wrong-type", "%s must be text or a number, and %s is %s", key, name, described(f.Type.AsPresent()))
	return ""
}

func (p *pollCheck) kindOf(name string) CursorKind {
	if p.poll.Entity.Kind != schema.KindObject {
		return CursorByValue
	}
	f, ok := p.poll.Entity.Field(name)
	if !ok {
		return CursorByValue
	}
	switch t := f.Type.AsPresent(); {
	case t.Kind == schema.KindString && (t.Format == "date-time" || t.Format == "date"):
		return CursorTime
	case t.Kind == schema.KindString:
		return CursorText
	case t.Kind == schema.KindInteger || t.Kind == schema.KindNumber:
		return CursorNumber
	}
	return CursorByValue
}

// mentionsCursor tells whether a text below n speaks of the cursor.
func mentionsCursor(n *source.Node) bool {
	if text, ok := n.Value.(string); ok {
		return cursorWord.MatchString(text)
	}
	for _, item := range n.Items {
		if mentionsCursor(item) {
			return true
		}
	}
	for _, e := range n.Entries {
		if mentionsCursor(e.Value) {
			return true
		}
	}
	return false
}
