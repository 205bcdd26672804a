package workflow

import (
	"math"
	"strings"
	"time"

	"gantry/source"
)

// Bounds of a file, so that checking stays quick whatever is written.
const (
	maxFileTasks       = 1000
	maxFileTransitions = 5000
	maxFileTargets     = 10_000
)

// Parse reads a workflow file. The definition is nil only when the file is not readable YAML; otherwise
// it holds what could be read, so that Check can report the rest of the mistakes as well.
func Parse(id, file string, text []byte) (*Definition, source.Diagnostics) {
	root, ds := source.Parse(file, text)
	if root == nil || ds.HasErrors() {
		return nil, ds
	}
	def := &Definition{ID: id, File: file, Text: text, Root: root, MaxTasks: DefaultMaxTasks, Timeout: DefaultTimeout}
	p := &parser{def: def}
	p.ds.Add(ds...)
	p.workflow(root)
	p.ds.Sort()
	def.broken = p.ds.HasErrors()
	return def, p.ds
}

type parser struct {
	def *Definition
	ds  source.Diagnostics

	transitions, targets int
}

func (p *parser) workflow(root *source.Node) {
	def := p.def
	r, ok := read(root, &workflowKeys, "a workflow", &p.ds)
	if !ok {
		return
	}
	def.Title, def.Description = r.text("title"), r.text("description")
	for _, n := range r.texts("tags") {
		def.Tags = append(def.Tags, n.Value.(string))
	}
	def.TimeSaved = r.duration("time_saved", 0, 0, 365*24*time.Hour)
	def.Timeout = r.duration("timeout", DefaultTimeout, time.Millisecond, MaxTimeout)
	def.TimeoutExcludesWaiting = r.flag("timeout_excludes_waiting", false)
	def.MaxTasks = r.whole("max_tasks", DefaultMaxTasks, 1, math.MaxInt32)
	def.Concurrency = p.concurrency(r.value("concurrency"))
	def.Inputs = p.declarations(r, "inputs", "input")
	def.Vars = p.mapOf(r, "vars")
	if def.Vars != nil {
		for _, e := range def.Vars.Entries {
			checkName(e.Key, e.KeyPos, "variable", &p.ds)
		}
	}
	def.Outputs = p.named(p.mapOf(r, "outputs"), "output")
	p.tasks(r.value("tasks"))
	p.triggers(r.value("triggers"))
	p.onFailure(r.value("on_failure"))
}

// mapOf gives a key's map; a key without a value counts as absent.
func (p *parser) mapOf(r reader, key string) *source.Node {
	n := r.value(key)
	switch {
	case n == nil || n.Kind == source.Null:
		return nil
	case n.Kind != source.Map:
		d := source.WrongKind(&p.ds, n, key, "a map of names and values")
		if n.Kind == source.String {
			d.Hint = "write the names one by one: {name: \"${{ … }}\"}"
		}
		return nil
	}
	return n
}

// declarations gives a map of declarations whose names expressions can read.
func (p *parser) declarations(r reader, key, what string) *source.Node {
	n := p.mapOf(r, key)
	if n == nil {
		return nil
	}
	for _, e := range n.Entries {
		if identifier.MatchString(e.Key) || strings.Contains(e.Key, "-") { // the rest is refused by schema
			checkName(e.Key, e.KeyPos, what, &p.ds)
		}
	}
	return n
}

// named gives a map's entries in file order, those with a wrong name left out.
func (p *parser) named(n *source.Node, what string) []NamedNode {
	if n == nil {
		return nil
	}
	named := make([]NamedNode, 0, len(n.Entries))
	for _, e := range n.Entries {
		if checkName(e.Key, e.KeyPos, what, &p.ds) {
			named = append(named, NamedNode{Name: e.Key, Pos: e.KeyPos, Value: e.Value})
		}
	}
	return named
}

func (p *parser) onFailure(n *source.Node) {
	if n == nil {
		return
	}
	if n.Kind == source.String {
		p.def.OnFailure = &CallNode{Pos: n.Pos, Workflow: n}
		return
	}
	r, ok := read(n, &callKeys, "on_failure", &p.ds)
	if !ok {
		return
	}
	if name := r.textNode("workflow"); name != nil {
		p.def.OnFailure = &CallNode{Pos: n.Pos, Workflow: name, With: p.mapOf(r, "with")}
	}
}
