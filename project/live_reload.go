package project

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/source"
)

// reload is one reading of the folder.
type reload struct {
	live     *Live
	was      *moment // nil at the first reading
	snapshot *snapshot
	options  Options
	vars     []schema.Field
	taken    string // a file that is gone for good, if it is gone; "": none

	good    map[string]published // what was good until now
	disk    *Project             // as it lies there
	is      *Project             // as it is to be used
	away    map[string]time.Time
	instead map[string][]byte // what is kept in the place of files
	before  *Project          // what an earlier process ran; nil until asked for
}

// maxRounds bounds how often the files that others need are put back, one layer at a time.
const maxRounds = 8

// run gives nil when nothing has changed.
func (r *reload) run() (*moment, Change) {
	r.disk = r.load(nil)
	r.good = r.live.kept
	if r.was != nil {
		r.good = r.was.good
	}
	r.findAway()
	read := r.snapshot.texts()
	if text, there := r.disk.Texts[SettingsFile]; there {
		read[SettingsFile] = text
	}
	unread := r.snapshot.unread()
	if r.unchanged(read, unread) {
		return nil, Change{Broken: r.was.broken, LookAgain: len(r.away) > 0}
	}
	r.choose()
	m := &moment{read: read, unread: unread, vars: r.vars, project: r.is, away: r.away, instead: r.instead, workflows: r.workflows()}
	m.broken = r.broken(m)
	m.good = r.published(m)
	return m, r.change(m)
}

func (r *reload) load(instead map[string][]byte) *Project {
	return load(r.live.o.Dir, r.snapshot.with(instead), r.options)
}

// findAway finds the good files that are not there to be read: those that are gone, perhaps only for a moment
// (at the first reading for good), and those that cannot be read.
func (r *reload) findAway() {
	r.away, r.instead = map[string]time.Time{}, map[string][]byte{}
	now := r.live.o.Now()
	for file, p := range r.good {
		if !r.snapshot.gone(file) {
			if r.snapshot.look(file).err != nil {
				r.instead[file] = p.Text
			}
			continue
		}
		if r.was == nil || file == r.taken {
			continue
		}
		since, known := r.was.away[file]
		if !known {
			since = now
		}
		if now.Sub(since) < Away {
			r.away[file], r.instead[file] = since, p.Text
		}
	}
}

func (r *reload) unchanged(read map[string][]byte, unread map[string]string) bool {
	return r.was != nil && maps.EqualFunc(read, r.was.read, bytes.Equal) && maps.Equal(unread, r.was.unread) && reflect.DeepEqual(r.vars, r.was.vars) &&
		maps.EqualFunc(r.away, r.was.away, time.Time.Equal)
}

// choose finds what is to be used: the files as they lie there, but for the broken ones, which are kept as
// they were, and those that would break others, which wait for them.
func (r *reload) choose() {
	r.is = r.disk
	if len(r.instead) > 0 {
		r.is = r.load(r.instead)
	}
	for range maxRounds {
		before := len(r.instead)
		for _, d := range r.is.Diagnostics() {
			if d.Severity == source.Error {
				r.keep(d.Pos.File)
			}
		}
		if len(r.instead) == before {
			return
		}
		r.is = r.load(r.instead)
	}
}

// keep puts the last good text in the place of a wrong file, or of those that an unchanged one uses.
func (r *reload) keep(file string) {
	if _, known := r.good[file]; known {
		if !r.putBack(file) {
			r.keepWhatItUses(file)
		}
		return
	}
	for other := range r.good { // a folder that cannot be read
		if strings.HasPrefix(other, file+"/") {
			r.putBack(other)
		}
	}
}

// putBack tells whether there was a change to take back.
func (r *reload) putBack(file string) bool {
	good, known := r.good[file]
	_, done := r.instead[file]
	it := r.snapshot.look(file)
	if !known || done || r.snapshot.gone(file) || it.err == nil && bytes.Equal(it.text, good.Text) {
		return false
	}
	r.instead[file] = good.Text
	return true
}

// keepWhatItUses takes back the changes of what an unchanged file relies on: it checked before them. A file of
// actions relies on its folder; where nobody knows what a file uses, on everything.
func (r *reload) keepWhatItUses(file string) {
	uses := func(string) bool { return true }
	if parts := strings.SplitN(file, "/", 3); len(parts) == 3 && parts[0] == ActionsFolder {
		uses = func(other string) bool { return strings.HasPrefix(other, parts[0]+"/"+parts[1]+"/") }
	} else if w := r.compiled(r.good[file].Workflow); w != nil {
		uses = r.uses(w)
	}
	for other := range r.good {
		if other != file && uses(other) {
			r.putBack(other)
		}
	}
}

// compiled gives the version of a workflow that ran until now, nil where there is none. At the first reading
// that is what a process before this one ran.
func (r *reload) compiled(id string) *workflow.Workflow {
	if r.was != nil {
		return r.was.workflows[id]
	}
	if r.before == nil {
		texts := map[string][]byte{}
		for file, p := range r.good {
			texts[file] = p.Text
		}
		r.before = load(r.live.o.Dir, newSnapshot(nothing{}).with(texts), r.options)
	}
	w, _ := r.before.Workflow(id)
	return w
}

// uses tells which files a workflow relies on: those that it calls or
// waits for, also by others, and its actions.
func (r *reload) uses(w *workflow.Workflow) func(file string) bool {
	called, integrations := map[string]bool{}, map[string]bool{}
	var follow func(w *workflow.Workflow)
	follow = func(w *workflow.Workflow) {
		if w == nil || called[w.File] {
			return
		}
		called[w.File] = true
		for _, t := range w.Tasks {
			if t.SubWorkflow != "" {
				follow(r.compiled(t.SubWorkflow))
			}
			if t.Action != nil {
				integrations[t.Action.IntegrationID()] = true
			}
		}
		if w.OnFailure != nil {
			follow(r.compiled(w.OnFailure.Workflow))
		}
		for _, t := range w.Triggers {
			if t.Poll != nil {
				integrations[t.Poll.Action.IntegrationID()] = true
			}
			if of, ok := t.Settings["workflow"].(string); ok && of != "" {
				follow(r.compiled(of))
			}
		}
	}
	follow(w)
	return func(file string) bool {
		parts := strings.Split(file, "/")
		switch {
		case called[file]:
			return true
		case len(parts) > 2 && parts[0] == ActionsFolder:
			return integrations[parts[1]]
		}
		return len(parts) == 3 && parts[0] == CratesFolder && strings.HasPrefix(w.File, parts[0]+"/"+parts[1]+"/")
	}
}

// workflows gives what runs: what checks, and in the place of a workflow that no longer does, because
// something else went away, the version that ran until now.
func (r *reload) workflows() map[string]*workflow.Workflow {
	all := map[string]*workflow.Workflow{}
	for _, w := range r.is.Checked() {
		all[w.ID] = w
	}
	for _, id := range r.is.IDs() {
		if all[id] != nil {
			continue
		}
		if w := r.compiled(id); w != nil {
			all[id] = w
		}
	}
	return all
}

// change compares what runs with what ran.
func (r *reload) change(m *moment) Change {
	c := Change{Broken: m.broken, LookAgain: len(r.away) > 0}
	var ran map[string]*workflow.Workflow
	if r.was != nil {
		ran = r.was.workflows
	}
	for id, w := range m.workflows {
		if old := ran[id]; old == nil || old.Version != w.Version {
			c.Published = append(c.Published, id)
		}
	}
	for id := range ran {
		if m.workflows[id] == nil {
			c.Removed = append(c.Removed, id)
		}
	}
	slices.Sort(c.Published)
	slices.Sort(c.Removed)
	return c
}
