package authoring

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"gantry/fault"
	"gantry/fault/faulttest"
)

// TestKilledPublishing: wherever a process is killed, the file is what it was or what was published; the latter keeps
// who and why, and what was not yet published is the draft.
func TestKilledPublishing(t *testing.T) {
	for _, c := range []struct {
		moment, outside, story, draft string
	}{
		{"prepared", "", "file one*", ""},
		{"intended", "", "file one*", "two"},
		{"placed", "", "file one, published two by ana*", ""},
		{"settling", "", "file one, published two by ana*", ""},
		{"intended", "theirs", "file one, file theirs*", "two"},
		{"placed", "theirs", "file one, published two by ana, file theirs*", ""},
	} {
		t.Run(c.moment+c.outside, func(t *testing.T) {
			b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
			b.killAt(c.moment)
			if survives(func() { _, _ = b.publish("a", saying("two"), "why") }) {
				t.Fatal("it was not killed")
			}
			if c.outside != "" {
				b.write("workflows/a.yaml", saying(c.outside))
			}
			b.start()
			b.tells("a", c.story)
			d, err := b.Draft(ctx, "a")
			faulttest.Must(t, err)
			if (d != nil) != (c.draft != "") || d != nil && (d.Text != saying(c.draft) || d.By != "ana" || d.Base != VersionOf([]byte(saying("one")))) {
				t.Errorf("the draft is %+v", d)
			}
			if left := b.temps(); len(left) > 0 {
				t.Error(left)
			}
		})
	}
}

// TestKilledMoving: likewise for a workflow that is moved, or removed.
func TestKilledMoving(t *testing.T) {
	for _, moment := range []string{"intended", "placed", "settling"} {
		b := newBench(t, map[string]string{"workflows/a.yaml": saying("one"), "workflows/b.yaml": saying("b")})
		b.killAt(moment)
		survives(func() { _, _ = b.Move(ctx, Move{Workflow: "a", To: "c", By: "ana"}) })
		b.start()
		if moment == "intended" {
			b.tells("a", "file one*")
		} else {
			b.tells("a", "file one, moved by ana with c")
			b.tells("c", "moved one by ana with a*")
		}
		b.killAt(moment)
		survives(func() { _, _ = b.Remove(ctx, Removal{Workflow: "b", Base: VersionOf([]byte(saying("b"))), By: "ana"}) })
		b.start()
		if want := map[bool]string{true: "file b*", false: "file b, removed by ana"}[moment == "intended"]; b.story("b") != want {
			t.Errorf("%s: %s", moment, b.story("b"))
		}
	}
}

// TestSeenBeforeSettled: the watcher may read the folder before the publisher comes to keep the version: it is kept once,
// with its author.
func TestSeenBeforeSettled(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	b.at["placed"] = b.reload
	_, err := b.publish("a", saying("two"), "")
	faulttest.Must(t, err)
	b.tells("a", "file one, published two by ana*")
	_, err = b.Move(ctx, Move{Workflow: "a", To: "c", By: "ana"})
	faulttest.Must(t, err)
	b.tells("a", "file one, published two by ana, moved by ana with c")
	b.tells("c", "moved two by ana with a*")
	_, err = b.Remove(ctx, Removal{Workflow: "c", Base: VersionOf([]byte(saying("two"))), By: "ana"})
	faulttest.Must(t, err)
	b.tells("c", "moved two by ana with a, removed by ana")
}

// property is what a run of the property below knows.
type property struct {
	*bench
	t    *rapid.T
	next int
	kept map[string]bool // texts that must be among the versions
}

func (p *property) text(label string) string {
	p.next++
	if rapid.IntRange(0, 4).Draw(p.t, label+" is wrong") == 0 {
		return fmt.Sprintf("# %d\n%s", p.next, wrong)
	}
	return saying(fmt.Sprint(p.next))
}

func (p *property) id(label string) string {
	return rapid.SampledFrom([]string{"a", "b", "team/c"}).Draw(p.t, label)
}

func fileOf(id string) string { return "workflows/" + id + ".yaml" }

// killing may end the process in the middle of something; then a new one begins.
func (p *property) killing(do func()) {
	if moment := rapid.SampledFrom([]string{"", "", "prepared", "intended", "placed", "settling"}).Draw(p.t, "killed at"); moment != "" {
		p.killAt(moment)
	}
	if !survives(do) {
		if rapid.Bool().Draw(p.t, "and changed before the next start") {
			p.edit()
		}
		p.start()
	}
	clear(p.at)
}

func (p *property) edit() {
	id := p.id("edited")
	if rapid.IntRange(0, 3).Draw(p.t, "taken away") == 0 {
		_ = os.Remove(filepath.Join(p.dir, fileOf(id)))
		return
	}
	p.write(fileOf(id), p.text("edited"))
}

// publishes a text; what lay there must be kept as soon as it is written over, and what was published, too.
func (p *property) publishing() {
	id, text := p.id("published"), p.text("published")
	was := p.file(fileOf(id))
	pub := Publication{Workflow: id, Text: text, By: "ana", Base: "0000"}
	if rapid.IntRange(0, 3).Draw(p.t, "knows the file") > 0 {
		_, pub.Base, _ = p.Lying(id)
	}
	p.killing(func() {
		v, err := p.Publish(ctx, pub)
		if err == nil && (p.file(fileOf(id)) != text || v.Version != VersionOf([]byte(text))) {
			p.t.Fatalf("%s was published, and is not there", id)
		}
		if err == nil {
			if w, err := p.live.Workflow(id); err != nil || string(w.Text) != text {
				p.t.Fatalf("%s was published, and is not in use: %v", id, err)
			}
		}
		if code := fault.From(err).Code; err != nil && code != fault.Conflict && code != fault.NotChecked {
			p.t.Fatal(err)
		}
	})
	if p.file(fileOf(id)) == text {
		p.kept[text] = true
		if was != "" {
			p.kept[was] = true
		}
	}
}

func (p *property) drafting() {
	id := p.id("drafted")
	d, err := p.Draft(ctx, id)
	faulttest.Must(p.bench.t, err)
	revision := int64(0)
	if d != nil {
		revision = d.Revision
	}
	text := p.text("drafted")
	_, err = p.SaveDraft(ctx, Draft{Workflow: id, Text: text, Revision: revision, By: "ben"})
	faulttest.Must(p.bench.t, err)
	if now, err := p.Draft(ctx, id); err != nil || now == nil || now.Text != text {
		p.t.Fatalf("%+v %v", now, err)
	}
}

func (p *property) moving() {
	from, to := p.id("moved"), p.id("to")
	was := p.file(fileOf(from))
	p.killing(func() { _, _ = p.Move(ctx, Move{Workflow: from, To: to, By: "ana"}) })
	if was != "" && p.file(fileOf(to)) == was && p.file(fileOf(from)) == "" {
		p.kept[was] = true
	}
}

func (p *property) removing() {
	id := p.id("removed")
	was := p.file(fileOf(id))
	_, base, _ := p.Lying(id)
	err := error(nil)
	p.killing(func() { _, err = p.Remove(ctx, Removal{Workflow: id, Base: base, By: "ana"}) })
	if was != "" && err == nil && p.file(fileOf(id)) == "" {
		p.kept[was] = true
	}
}

// check holds what is kept against what happened.
func (p *property) check() {
	found := map[string]bool{}
	for _, id := range []string{"a", "b", "team/c"} {
		all, err := p.Versions(ctx, id, 0, 10_000)
		if err != nil && fault.From(err).Code != fault.Missing {
			p.t.Fatal(err)
		}
		running := ""
		for i, v := range all {
			_, text, err := p.Version(ctx, id, v.Number)
			if err != nil || v.Number != int64(len(all)-i) || VersionOf(text) != v.Version && v.Version != "" {
				p.t.Fatalf("%s: %+v at %d of %d: %v", id, v, i, len(all), err)
			}
			found[string(text)] = true
			if v.Current {
				running = string(text)
			}
		}
		if w, err := p.live.Workflow(id); err == nil && string(w.Text) != running {
			p.t.Fatalf("%s runs %q, and its current version is %q", id, w.Text, running)
		}
	}
	for text := range p.kept {
		if !found[text] {
			p.t.Fatalf("%q is lost", text)
		}
	}
}

// TestNothingIsLost: whatever people and editors do, and wherever processes are killed, a text that was published, or was
// published over, moved or removed, is among the versions, and the current one is what runs.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := &property{bench: newBench(t, map[string]string{"workflows/a.yaml": saying("0")}), t: rt, kept: map[string]bool{}}
		defer func() { _ = p.store.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"publish": func(*rapid.T) { p.publishing() },
			"draft":   func(*rapid.T) { p.drafting() },
			"edit":    func(*rapid.T) { p.edit() },
			"move":    func(*rapid.T) { p.moving() },
			"remove":  func(*rapid.T) { p.removing() },
			"reload":  func(*rapid.T) { p.reload() },
			"restart": func(*rapid.T) { p.start() },
			"":        func(*rapid.T) { p.check() },
		})
	})
}
