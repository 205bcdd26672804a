package project

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"time"

	"gantry/crates"
	"gantry/source"
)

// broken lists the files that are not used as they lie there.
func (r *reload) broken(m *moment) []Broken {
	files := map[string]source.Diagnostics{}
	for _, d := range r.is.Diagnostics() {
		if d.Severity == source.Error {
			files[d.Pos.File] = append(files[d.Pos.File], d)
		}
	}
	for file := range r.instead {
		if _, away := r.away[file]; !away {
			files[file] = r.whyNot(file)
		}
	}
	all := make([]Broken, 0, len(files))
	for _, file := range slices.Sorted(maps.Keys(files)) {
		b := Broken{File: file, Workflow: r.workflowIn(file), Diagnostics: files[file], Since: r.since(file)}
		if w := m.workflows[b.Workflow]; w != nil {
			b.Version = w.Version
		}
		all = append(all, b)
	}
	return all
}

// whyNot gives what is wrong with a file as it lies there. One without a mistake of its own waits for others.
func (r *reload) whyNot(file string) source.Diagnostics {
	var own source.Diagnostics
	others := map[string]bool{}
	for _, d := range r.disk.Diagnostics() {
		switch {
		case d.Severity != source.Error:
		case d.Pos.File == file || strings.HasPrefix(file, d.Pos.File+"/"):
			own = append(own, d)
		default:
			others[d.Pos.File] = true
		}
	}
	if err := r.snapshot.look(file).err; err != nil && len(own) == 0 {
		own.Errorf(source.Pos{File: file}, "unreadable", "the file cannot be read: %s", crates.Reason(err))
	}
	if len(own) == 0 {
		own.Errorf(source.Pos{File: file}, "held-back", "this change is not in use yet: with it, these would not check: %s", strings.Join(slices.Sorted(maps.Keys(others)), ", ")).Hint =
			"change them, too; `gantry check` shows what is wrong there"
	}
	return own
}

func (r *reload) since(file string) time.Time {
	if r.was != nil {
		if at := slices.IndexFunc(r.was.broken, func(b Broken) bool { return b.File == file }); at >= 0 {
			return r.was.broken[at].Since
		}
	}
	if since := r.good[file].BrokenSince; !since.IsZero() {
		return since
	}
	return r.live.o.Now()
}

func (r *reload) workflowIn(file string) string {
	for id, f := range r.is.files {
		if f.Name == file {
			return id
		}
	}
	return r.good[file].Workflow
}

// published gives the last good text of each file after this reload.
func (r *reload) published(m *moment) map[string]published {
	broken := map[string]time.Time{}
	for _, b := range m.broken {
		broken[b.File] = b.Since
	}
	ids := map[string]string{}
	for id, f := range r.is.files {
		ids[f.Name] = id
	}
	all := map[string]published{}
	for file, text := range m.read {
		if _, wrong := broken[file]; wrong || file == SettingsFile || !belongs(file) {
			continue
		}
		p := published{Workflow: ids[file], Text: slices.Concat([]byte{}, text), At: r.live.o.Now()}
		if w := m.workflows[p.Workflow]; w != nil {
			p.Version = w.Version
		}
		if old, known := r.good[file]; known && bytes.Equal(old.Text, text) {
			p.At = old.At
		}
		all[file] = p
	}
	for file, old := range r.good {
		_, away := r.away[file]
		since, wrong := broken[file]
		if wrong && (!r.snapshot.gone(file) || away) || away {
			old.BrokenSince = since
			all[file] = old
		}
	}
	return all
}

// belongs tells the files of a project from others that were looked at: shipped crates, go.mod.
func belongs(file string) bool {
	top, _, _ := strings.Cut(file, "/")
	return top == WorkflowsFolder || top == CratesFolder || top == ActionsFolder
}

// report logs what a reload changed.
func (r *reload) report(is *moment) {
	log, first := r.live.o.Log, r.was == nil
	if c := r.change(is); !first && len(c.Published)+len(c.Removed) > 0 {
		log.Info("workflows changed", "published", c.Published, "removed", c.Removed)
	}
	for _, b := range is.broken {
		if !first && slices.ContainsFunc(r.was.broken, func(old Broken) bool {
			return old.File == b.File && old.Diagnostics.Error() == b.Diagnostics.Error()
		}) {
			continue
		}
		runs := "nothing"
		if b.Version != "" {
			runs = "version " + b.Version
		}
		log.Warn("a file is broken", "file", b.File, "workflow", b.Workflow, "runs", runs, "errors", b.Diagnostics.Errors(), "first", b.Diagnostics[0].Error())
	}
	if first {
		return
	}
	for _, old := range r.was.broken {
		if !slices.ContainsFunc(is.broken, func(b Broken) bool { return b.File == old.File }) {
			log.Info("a file is mended", "file", old.File)
		}
	}
	if keys := changedKeys(r.was.read[SettingsFile], is.read[SettingsFile]); len(keys) > 0 {
		log.Warn(SettingsFile+" has changed; what it says takes effect after a restart", "keys", keys)
	}
}
