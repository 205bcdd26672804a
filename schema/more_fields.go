package schema

import (
	"strings"

	"gantry/source"
)

// moreFields reads the fields of which only name and type are said: a map of types and the names that
// have them, parted by white space.
//
//	more_fields:
//	  integer or null: chatlinkid emailcount
//	  date-time: created changed
//
// A format's name stands for text of that format. The fields of one entry share their type. known are
// the fields that the object has already; each name may stand only once.
func (p *parser) moreFields(n *source.Node, known []Field) []Field {
	if n.Kind != source.Map {
		source.WrongKind(p.ds, n, "more_fields", "a map of types and the names of fields that have them")
		return nil
	}
	taken := make(map[string]bool, len(known))
	for i := range known {
		taken[known[i].Name] = true
	}
	var fields []Field
	for _, e := range n.Entries {
		typ := p.shortOrFormat(e)
		text, ok := e.Value.Value.(string)
		if !ok {
			source.WrongKind(p.ds, e.Value, "more_fields, "+e.Key+",", "text: the names of fields, parted by white space")
			continue
		}
		for name, at := range wordsOf(text) {
			switch {
			case !isName(name):
				p.badName(e.Value.At(at), name)
			case taken[name]:
				d := p.ds.Errorf(e.Value.At(at), "twice", "the field %s stands twice", name)
				d.Hint = "a name may stand only once in fields and more_fields"
			default:
				fields = append(fields, Field{Name: name, Type: typ})
			}
			taken[name] = true
		}
	}
	return fields
}

// wordsOf goes through the words of a text, each with its place in bytes.
func wordsOf(text string) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		end := 0
		for word := range strings.FieldsSeq(text) {
			at := end + strings.Index(text[end:], word)
			end = at + len(word)
			if !yield(word, at) {
				return
			}
		}
	}
}

// shortOrFormat reads a key as a short type in which the names of formats are types as well.
func (p *parser) shortOrFormat(e source.Entry) *Type {
	inner := *p
	inner.known = func(name string) (*Type, bool) {
		if _, ok := formats[name]; ok {
			return &Type{Kind: KindString, Format: name}, true
		}
		if p.known == nil {
			return nil, false
		}
		return p.known(name)
	}
	return inner.short(&source.Node{Kind: source.String, Pos: e.KeyPos, Value: e.Key}, e.Key, 0)
}
