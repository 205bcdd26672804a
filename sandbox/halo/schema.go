package halo

import (
	_ "embed"
	"strings"
	"sync"
)

// kind is the JSON type of a field, as Halo's description names it.
type kind uint8

const (
	kindInt kind = iota
	kindNum
	kindBool
	kindText
	kindDate
	kindGUID
	kindList
	kindObject
	kindAny
)

var kindNames = map[string]kind{
	"int": kindInt, "num": kindNum, "bool": kindBool, "str": kindText, "date": kindDate,
	"guid": kindGUID, "list": kindList, "obj": kindObject, "any": kindAny,
}

// field is one field of an entity: its type, and in which of the two schemas it stands.
type field struct {
	name           string
	kind           kind
	inFull, inList bool
	order          int // place in answers
}

// schema is the fields of one kind of entity: as a single (full) and as a row of a list.
type schema struct {
	name   string
	fields map[string]field // by lower-case name: Halo reads names in any case
}

func (s *schema) field(name string) (field, bool) {
	f, ok := s.fields[name]
	if !ok {
		f, ok = s.fields[strings.ToLower(name)]
	}
	return f, ok
}

//go:embed fields.txt
var fieldsText string

//go:embed fields_webhooks.txt
var webhookFieldsText string

// schemas holds every schema of fields.txt by the name of its full form.
var schemas = sync.OnceValue(func() map[string]*schema { return parseSchemas(fieldsText + webhookFieldsText) })

func parseSchemas(text string) map[string]*schema {
	all := map[string]*schema{}
	var at *schema
	var of kind
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == ";":
			continue
		case words[0] == "#":
			at = &schema{name: words[1], fields: map[string]field{}}
			all[at.name] = at
			continue
		}
		if name, isKind := strings.CutSuffix(words[0], ":"); isKind {
			of, words = kindNames[name], words[1:]
		}
		for _, word := range words {
			at.add(word, of)
		}
	}
	return all
}

// add reads one word of fields.txt: a name, with "-" behind it when only in the full form, "+" when only in lists.
func (s *schema) add(word string, of kind) {
	f := field{name: word, kind: of, inFull: true, inList: true, order: len(s.fields)}
	if name, ok := strings.CutSuffix(word, "-"); ok {
		f.name, f.inList = name, false
	} else if name, ok := strings.CutSuffix(word, "+"); ok {
		f.name, f.inFull = name, false
	}
	s.fields[strings.ToLower(f.name)] = f
}
