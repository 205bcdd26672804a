package schema

import (
	"slices"
	"strings"

	"gantry/source"
)

// Lookup finds a named type, such as "halo.Ticket".
type Lookup func(name string) (*Type, bool)

// ParseType reads a type's declaration: short (`integer`, `list of string`, `map of number`,
// `halo.Ticket`, `string or null`, `[halo.Ticket]` for a list) or long, a map with `type` and more:
//
//	type, title, description, nullable, enum, default, examples    of every type
//	items                                                          of lists and maps
//	fields, more_fields, open                                      of objects
//	format, pattern, min_length, max_length, max_mib, secret       of text
//	minimum, maximum                                               of numbers
//	max_items                                                      of lists
//
// more_fields has the names of fields by type, for those of which nothing else is said:
// `{integer or null: a b c, date-time: d}`. `type` may be left out where fields, items or enum say it. Problems go to ds with their places; what
// cannot be read is any, so that one mistake does not cause others. A nil known knows no names.
func ParseType(n *source.Node, known Lookup, ds *source.Diagnostics) *Type {
	p := parser{known: known, ds: ds}
	return p.parse(n, "the type")
}

// ParseFields reads a map of names and their types, which may also have `required` and `deprecated`.
func ParseFields(n *source.Node, known Lookup, ds *source.Diagnostics) []Field {
	p := parser{known: known, ds: ds}
	return p.fields(n, "fields")
}

type parser struct {
	known Lookup
	ds    *source.Diagnostics
}

func (p *parser) fields(n *source.Node, what string) []Field {
	if n == nil || n.Kind == source.Null {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(p.ds, n, what, "a map of names and their types")
		return nil
	}
	fields := make([]Field, 0, len(n.Entries))
	for _, e := range n.Entries {
		if !isName(e.Key) {
			p.badName(e.KeyPos, e.Key)
		}
		fields = append(fields, p.field(e))
	}
	return fields
}

func (p *parser) badName(at source.Pos, name string) {
	p.ds.Errorf(at, "bad-name", "%q cannot be a field's name", name).Hint = "use letters, digits, _ and -, beginning with a letter or _"
}

func (p *parser) field(e source.Entry) Field {
	what := "field " + e.Key
	if e.Value.Kind != source.Map {
		return Field{Name: e.Key, Type: p.parse(e.Value, what)}
	}
	f := source.ReadFields(e.Value, what, p.ds)
	field := Field{Name: e.Key, Required: f.Bool("required", false), Deprecated: p.deprecated(f)}
	field.Type = p.long(e.Value, f, what)
	if field.Required && field.Type.HasDefault {
		d := p.ds.Warnf(f.Node("default").Pos, "needless-default", "%s is required and has a default", what)
		d.Hint = "a field with a default is never missing: remove required"
	}
	return field
}

func (p *parser) deprecated(f *source.Fields) string {
	n := f.Node("deprecated")
	if n != nil && n.Value == true {
		return "no longer in use"
	}
	if n != nil && n.Value == false {
		return ""
	}
	return f.Text("deprecated")
}

func (p *parser) parse(n *source.Node, what string) *Type {
	if n == nil {
		return Any()
	}
	switch n.Kind {
	case source.String:
		return p.short(n, n.Value.(string), 0)
	case source.Map:
		return p.long(n, source.ReadFields(n, what, p.ds), what)
	case source.List:
		if len(n.Items) == 1 {
			return ListOf(p.parse(n.Items[0], what))
		}
	case source.Null:
		d := p.ds.Errorf(n.Pos, "missing-type", "%s has no type", what)
		d.Hint = "write null in quotes for the type of null, else one of " + strings.Join(typeNames, ", ")
		return Any()
	}
	source.WrongKind(p.ds, n, what, "a type such as integer, list of string or {type: string, …}")
	return Any()
}

func (p *parser) long(n *source.Node, f *source.Fields, what string) *Type {
	t := p.base(n, f, what)
	t.Title, t.Description = or(f.Text("title"), t.Title), or(f.Text("description"), t.Description)
	if f.Bool("nullable", t.Nullable) && t.Kind != KindAny && t.Kind != KindNull {
		t.Nullable = true
	}
	p.textLimits(t, f)
	p.numberLimits(t, f)
	p.values(t, f, what)
	f.Close()
	return t
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// base reads what kind of type it is; the type is the caller's own to add to.
func (p *parser) base(n *source.Node, f *source.Fields, what string) *Type {
	var t Type
	typ, items, enum := f.Node("type"), f.Node("items"), f.Node("enum")
	fields, more := f.Node("fields"), f.Node("more_fields")
	switch {
	case typ != nil:
		t = *p.parse(typ, what)
	case fields != nil || more != nil:
		t.Kind = KindObject
	case items != nil:
		t.Kind = KindList
	case enum != nil:
		t.Kind = kindOfAll(enum)
	case f.Ok():
		d := p.ds.Errorf(n.Pos, "missing-type", "%s needs a type", what)
		d.Hint = "one of " + strings.Join(typeNames, ", ") + ", list of …, map of …"
		t.Kind = KindAny
	}
	if f.Bool("secret", false) {
		if t.Kind != KindString && t.Kind != KindSecret {
			p.ds.Errorf(f.Node("secret").Pos, "wrong-limit", "only text can be secret, not %s", t.withArticle())
		} else {
			t.Kind = KindSecret
		}
	}
	if items != nil && p.fits(&t, items, "items", KindList, KindMap) {
		t.Items = p.parse(items, "items of "+what)
	}
	if fields != nil && p.fits(&t, fields, "fields", KindObject) {
		t.Fields = p.fields(fields, "fields of "+what)
	}
	if more != nil && p.fits(&t, more, "more_fields", KindObject) {
		t.Fields = slices.Concat(t.Fields, p.moreFields(more, t.Fields))
	}
	t.index = indexOf(t.Fields)
	if open := f.Node("open"); open != nil && p.fits(&t, open, "open", KindObject) {
		t.Open = f.Bool("open", false)
	}
	if t.Kind == KindObject && len(t.Fields) == 0 && t.Name == "" && f.Node("open") == nil {
		t.Open = true // an object of which nothing is said can hold anything
	}
	return &t
}

// kindOfAll is the kind that all entries of an enum have.
func kindOfAll(enum *source.Node) Kind {
	var t *Type
	for _, item := range enum.Items {
		t = Join(t, &Type{Kind: kindOf(item.Data())})
	}
	if t == nil {
		return KindString
	}
	return t.Kind
}

// fits reports a key that says nothing about this kind of type.
func (p *parser) fits(t *Type, n *source.Node, key string, kinds ...Kind) bool {
	for _, k := range kinds {
		if t.Kind == k {
			return true
		}
	}
	if t.Kind != KindAny { // any may come from a mistake that is reported already
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = words[k]
		}
		p.ds.Errorf(n.Pos, "wrong-limit", "%s is for %s, not for %s", key, strings.Join(names, " and "), t.withArticle())
	}
	return false
}
