package actions

import (
	"regexp"
	"strings"

	"gantry/schema"
	"gantry/source"
)

var typeNamePattern = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

// typeTable reads the entity types of a folder. A type may use one that stands in another file or further
// down, so each is read when it is first asked for.
type typeTable struct {
	folder  *folder
	nodes   map[string]source.Entry // by full name
	done    map[string]*schema.Type
	reading map[string]bool
	broken  map[string]bool // files with errors found while reading a type on another's behalf
}

func newTypeTable(f *folder) *typeTable {
	t := &typeTable{folder: f, nodes: map[string]source.Entry{}, done: map[string]*schema.Type{},
		reading: map[string]bool{}, broken: map[string]bool{}}
	for _, one := range f.files {
		types := one.root.Lookup("types")
		if types == nil || types.Kind != source.Map {
			continue // readFile reports it
		}
		for _, e := range types.Entries {
			full := f.id + "." + e.Key
			if first, twice := t.nodes[full]; twice {
				f.ds.Errorf(e.KeyPos, "exists", "type %s is declared already at %s", e.Key, first.KeyPos)
				t.broken[one.name] = true
				continue
			}
			t.nodes[full] = e
		}
	}
	return t
}

// lookup gives the type of a full name, of this folder or of the catalogue.
func (t *typeTable) lookup(name string) (*schema.Type, bool) {
	if done, ok := t.done[name]; ok {
		return done, true
	}
	entry, ok := t.nodes[name]
	if !ok {
		return t.folder.catalogue.Type(name)
	}
	if t.reading[name] {
		t.folder.ds.Errorf(entry.KeyPos, "circle", "type %s contains itself", name).Hint =
			"declare the inner field as an object with open: true"
		t.broken[entry.KeyPos.File] = true
		return schema.Any(), true
	}
	t.reading[name] = true
	defer delete(t.reading, name)
	before := t.folder.ds.Errors()
	if _, taken := t.folder.catalogue.types[name]; taken {
		t.folder.ds.Errorf(entry.KeyPos, "exists", "type %s is there already and is not replaced", name)
	}
	read := t.read(name, entry)
	if t.folder.ds.Errors() > before {
		t.broken[entry.KeyPos.File] = true
	}
	t.done[name] = read
	return read, true
}

func (t *typeTable) read(name string, entry source.Entry) *schema.Type {
	ds := t.folder.ds
	if short := strings.TrimPrefix(name, t.folder.id+"."); !typeNamePattern.MatchString(short) {
		ds.Errorf(entry.KeyPos, "bad-name", "%q cannot be a type's name", short).Hint = "write it like Ticket or TicketType"
	}
	got := schema.ParseType(entry.Value, t.lookup, ds)
	if got == nil {
		return schema.Any()
	}
	named := *got
	named.Name = name
	return &named
}

// readFile gives the types that the file declares.
func (t *typeTable) readFile(one *file) map[string]*schema.Type {
	node := t.folder.body(one).Node("types")
	if node == nil {
		return nil
	}
	if node.Kind != source.Map {
		source.WrongKind(t.folder.ds, node, "types", "a map of names and types")
		return nil
	}
	types := map[string]*schema.Type{}
	for _, e := range node.Entries {
		name := t.folder.id + "." + e.Key
		if got, ok := t.lookup(name); ok {
			types[name] = got
		}
	}
	return types
}
