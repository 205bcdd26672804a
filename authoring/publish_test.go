package authoring

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/project"
)

var ctx = context.Background()

// TestPublish: what is published lies in the file, is in use, and stands among the versions beside what it replaced.
func TestPublish(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one"), "workflows/old.yml": saying("old")})
	faulttest.Must(t, os.Chmod(filepath.Join(b.dir, "workflows/a.yaml"), 0o660))
	v, err := b.publish("a", saying("two"), "")
	faulttest.Must(t, err)
	if v.Number != 2 || !v.Current || v.By != "ana" || b.file("workflows/a.yaml") != saying("two") {
		t.Errorf("%+v", v)
	}
	if info, err := os.Stat(filepath.Join(b.dir, "workflows/a.yaml")); err != nil || info.Mode().Perm() != 0o660 {
		t.Error(info.Mode(), err)
	}
	if w, err := b.live.Workflow("a"); err != nil || w.Title != "two" || w.Version != v.Version {
		t.Error(w, err)
	}
	_, err = b.publish("team/new", saying("first"), "")
	faulttest.Must(t, err)
	_, err = b.publish("old", saying("newer"), "")
	faulttest.Must(t, err)
	if b.file("workflows/old.yml") != saying("newer") || b.file("workflows/old.yaml") != "" || b.file("workflows/team/new.yaml") != saying("first") {
		t.Error("the files are others")
	}
	if again, err := b.publish("a", saying("two"), "the same"); err != nil || again.Number != 2 {
		t.Errorf("the same text once more: %+v %v", again, err)
	}
	b.tells("a", "file one, published two by ana*")
	b.tells("team/new", "published first by ana*")
	if left := b.temps(); len(left) > 0 {
		t.Error(left)
	}
	faulttest.Must(t, os.Remove(filepath.Join(b.dir, "workflows/a.yaml")))
	b.start() // gone for good while no process looked
	_, err = b.publish("a", saying("one"), "back")
	faulttest.Must(t, err)
	b.tells("a", "file one, published two by ana, removed, published one by ana*")
}

// TestOutside: what editors and git do to files are versions, too, with the time of the file.
func TestOutside(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	b.write("workflows/a.yaml", saying("two"))
	b.reload()
	b.write("workflows/a.yaml", wrong)
	b.reload()
	b.tells("a", "file one, file two*")
	all, err := b.Versions(ctx, "a", 0, 1)
	faulttest.Must(t, err)
	info, err := os.Stat(filepath.Join(b.dir, "workflows/a.yaml"))
	faulttest.Must(t, err)
	if age := info.ModTime().Sub(all[0].At); age < 0 || age > 1e10 {
		t.Errorf("changed at %s, the file after it at %s", all[0].At, info.ModTime())
	}
	_, err = b.publish("a", saying("three"), "mended")
	faulttest.Must(t, err)
	b.tells("a", "file one, file two, file tasks: {say: {action: core.nop}}, published three by ana*")
	b.write("workflows/a.yaml", saying("one"))
	b.start()
	b.tells("a", "file one, file two, file tasks: {say: {action: core.nop}}, published three by ana, file one*")
}

// TestBase: who has not seen what lies there does not write over it, unless that is said.
func TestBase(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	_, base, err := b.Lying("a")
	faulttest.Must(t, err)
	b.write("workflows/a.yaml", wrong) // never in use: it counts all the same
	p := Publication{Workflow: "a", Text: saying("mine"), Base: base, By: "ana"}
	_, err = b.Publish(ctx, p)
	faulttest.Want(t, err, fault.Conflict, "is version "+VersionOf([]byte(wrong)))
	p.Base = ""
	_, err = b.Publish(ctx, p)
	faulttest.Want(t, err, fault.Conflict, "there is a workflow a already")
	faulttest.Must(t, os.Remove(filepath.Join(b.dir, "workflows/a.yaml")))
	p.Base = base
	_, err = b.Publish(ctx, p)
	faulttest.Want(t, err, fault.Conflict, "is gone")
	b.write("workflows/a.yaml", saying("theirs"))
	p.Overwrite = true
	_, err = b.Publish(ctx, p)
	faulttest.Must(t, err)
	b.tells("a", "file one, file theirs, published mine by ana*")
}

// TestSavedMeanwhile: a file that an editor saves when its next text is ready is left alone.
func TestSavedMeanwhile(t *testing.T) {
	for _, first := range []string{saying("one"), ""} {
		b := newBench(t, map[string]string{"workflows/other.yaml": saying("other")})
		if first != "" {
			b.write("workflows/a.yaml", first)
			b.reload()
		}
		b.at["intended"] = func() { b.write("workflows/a.yaml", saying("theirs")) }
		_, err := b.publish("a", saying("mine"), "")
		if f := fault.From(err); err == nil || f.Code != fault.Conflict || f.Detail.(map[string]any)["version"] != VersionOf([]byte(saying("theirs"))) {
			t.Errorf("%v", err)
		}
		if b.file("workflows/a.yaml") != saying("theirs") || len(b.temps()) > 0 {
			t.Errorf("%q, %v", b.file("workflows/a.yaml"), b.temps())
		}
		if d, err := b.Draft(ctx, "a"); d != nil || err != nil {
			t.Error(d, err)
		}
	}
}

// TestTwoPublishers: of those who publish over the same version at the same time, one wins.
func TestTwoPublishers(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	_, base, err := b.Lying("a")
	faulttest.Must(t, err)
	const all = 6
	errs := make([]error, all)
	var work sync.WaitGroup
	for i := range all {
		work.Go(func() {
			_, errs[i] = b.Publish(ctx, Publication{Workflow: "a", Text: saying(fmt.Sprint("of ", i)), Base: base, By: fmt.Sprint(i)})
		})
	}
	work.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		faulttest.Want(t, err, fault.Conflict, "has changed meanwhile")
	}
	if story := b.story("a"); won != 1 || strings.Count(story, ",") != 1 {
		t.Errorf("%d won: %s", won, story)
	}
}

// TestRefused: what cannot be published, and why.
func TestRefused(t *testing.T) {
	called := "inputs: {name: {type: string, required: true}}\ntasks: {say: {action: core.noop}}\n"
	b := newBench(t, map[string]string{"workflows/called.yaml": called, "workflows/real.yaml": saying("real"),
		"workflows/caller.yaml":  "tasks: {call: {workflow: called, with: {name: x}}}\n",
		"workflows/handled.yaml": "tasks: {say: {action: core.noop}}\non_failure: {workflow: handler}\n", "workflows/handler.yaml": saying("handler"),
		"workflows/after.yaml":        "triggers: [{name: then, type: completion, workflow: real, run_for: {this: true}}]\ntasks: {say: {action: core.noop}}\n",
		"elsewhere/there.yaml":        saying("there"),
		"crates/own/crate.yaml":       "title: Own\ndescription: Ours.\nversion: 1.0.0\n",
		"crates/own/workflows/w.yaml": saying("of a crate")})
	faulttest.Must(t, os.Symlink("real.yaml", filepath.Join(b.dir, "workflows/link.yaml")))
	faulttest.Must(t, os.Symlink("../elsewhere", filepath.Join(b.dir, "workflows/folder")))
	b.reload()
	for name, c := range map[string]struct {
		id, text string
		code     fault.Code
		says     string
	}{
		"a mistake":            {"real", wrong, fault.NotChecked, "so it is not published: workflows/real.yaml:1:23"},
		"no YAML":              {"real", "tasks: [", fault.NotChecked, ""},
		"nothing":              {"real", "", fault.NotChecked, ""},
		"breaks a caller":      {"called", saying("called"), fault.NotChecked, "others would not check any more: caller: workflows/caller.yaml"},
		"out of the folder":    {"../x", saying("x"), fault.InvalidInput, "cannot be a workflow's id"},
		"hidden":               {"team/.x", saying("x"), fault.InvalidInput, "cannot be a workflow's id"},
		"an absolute path":     {"/etc/x", saying("x"), fault.InvalidInput, "cannot be a workflow's id"},
		"nobody":               {"", saying("x"), fault.InvalidInput, "cannot be a workflow's id"},
		"too long":             {strings.Repeat("x", 300), saying("x"), fault.InvalidInput, "cannot be a workflow's id"},
		"a crate's":            {"own/w", saying("x"), fault.Conflict, "belongs to the crate own"},
		"a crate's that ships": {"ticket-digest/digest", saying("x"), fault.Conflict, "belongs to the crate ticket-digest"},
		"a link":               {"link", saying("x"), fault.Conflict, "is no ordinary file"},
		"a linked folder":      {"folder/new", saying("x"), fault.InvalidInput, "would not be read"},
		"too large":            {"real", "# " + strings.Repeat("x", MostText), fault.TooLarge, "at most 1024 KiB"},
		"below a file":         {"real.yaml/x", saying("x"), fault.InvalidInput, "would not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.Publish(ctx, Publication{Workflow: c.id, Text: c.text, Overwrite: true, By: "ana"})
			faulttest.Want(t, err, c.code, c.says)
		})
	}
	for _, id := range []string{"called", "handler", "real"} {
		_, err := b.Remove(ctx, Removal{Workflow: id, Base: VersionOf([]byte(b.file("workflows/" + id + ".yaml")))})
		faulttest.Want(t, err, fault.Conflict, "is used by ")
		_, err = b.Move(ctx, Move{Workflow: id, To: "x"})
		faulttest.Want(t, err, fault.Conflict, "is used by ")
	}
	_, err := b.Move(ctx, Move{Workflow: "caller", To: "real"})
	faulttest.Want(t, err, fault.Exists, "there is a workflow real already")
	_, err = b.Move(ctx, Move{Workflow: "nobody", To: "x"})
	faulttest.Want(t, err, fault.Missing, `"nobody"`)
	_, err = b.Move(ctx, Move{Workflow: "ticket-digest/digest", To: "x"})
	faulttest.Want(t, err, fault.Conflict, "belongs to the crate")
	if b.file("workflows/called.yaml") != called || len(b.temps()) > 0 {
		t.Error("something was written")
	}
}

// TestRules: a project that is published from its files is left alone, and comments are asked for.
func TestRules(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	b.rules = project.Publishing{NeedsComment: true}
	b.start()
	_, err := b.publish("a", saying("two"), " \n")
	faulttest.Want(t, err, fault.InvalidInput, "publishing.comment: required")
	_, err = b.publish("a", saying("two"), "why")
	faulttest.Must(t, err)
	b.rules = project.Publishing{FilesOnly: true}
	b.start()
	_, err = b.publish("a", saying("three"), "why")
	faulttest.Want(t, err, fault.Conflict, "published from its files")
	_, err = b.Move(ctx, Move{Workflow: "a", To: "b", Comment: "why"})
	faulttest.Want(t, err, fault.Conflict, "published from its files")
	_, err = b.Remove(ctx, Removal{Workflow: "a", Comment: "why"})
	faulttest.Want(t, err, fault.Conflict, "published from its files")
	_, err = b.SaveDraft(ctx, Draft{Workflow: "a", Text: "x"})
	faulttest.Must(t, err)
}

// TestDrafts: a draft goes with the publication that it led to, or that says the same; somebody's other work stays.
func TestDrafts(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	save := func(text string, revision int64) *Draft {
		t.Helper()
		d, err := b.SaveDraft(ctx, Draft{Workflow: "a", Text: text, Revision: revision, By: "ben"})
		faulttest.Must(t, err)
		return d
	}
	d := save("tasks: [", 0)
	d = save("tasks: [[", d.Revision)
	later := save("tasks: [[[", d.Revision)
	p := Publication{Workflow: "a", Text: saying("two"), Overwrite: true, Revision: d.Revision, By: "ana"}
	_, err := b.Publish(ctx, p)
	faulttest.Must(t, err)
	if left, err := b.Draft(ctx, "a"); err != nil || left == nil || left.Text != later.Text {
		t.Errorf("%+v %v", left, err)
	}
	_, err = b.Publish(ctx, p) // the same once more, and the draft is still another
	faulttest.Must(t, err)
	p.Text, p.Revision = saying("three"), 0
	_, err = b.Publish(ctx, p)
	faulttest.Must(t, err)
	if left, err := b.Draft(ctx, "a"); err != nil || left == nil || left.Text != later.Text {
		t.Errorf("%+v %v", left, err)
	}
	same := func(revision int64) {
		t.Helper()
		p.Text = save(saying("four"), revision).Text
		_, err = b.Publish(ctx, p)
		faulttest.Must(t, err)
		if left, err := b.Draft(ctx, "a"); left != nil || err != nil {
			t.Errorf("%+v %v", left, err)
		}
	}
	same(later.Revision)
	same(0) // and what is the file already
	_, err = b.SaveDraft(ctx, Draft{Workflow: "a", Text: "x", Revision: later.Revision})
	faulttest.Want(t, err, fault.Conflict, "is gone")
	if d := save("x", 0); d.Revision <= later.Revision {
		t.Errorf("revision %d comes again", d.Revision)
	}
	_, err = b.Move(ctx, Move{Workflow: "a", To: "team/b", By: "ana"})
	faulttest.Must(t, err)
	if moved, err := b.Draft(ctx, "team/b"); err != nil || moved == nil || moved.Text != "x" {
		t.Errorf("%+v %v", moved, err)
	}
	if left, err := b.Draft(ctx, "a"); left != nil || err != nil {
		t.Errorf("%+v %v", left, err)
	}
	_, err = b.SaveDraft(ctx, Draft{Workflow: "ticket-digest/digest", Text: "x"})
	faulttest.Want(t, err, fault.Conflict, "belongs to the crate")
}

// TestMoveAndRemove: at the answer the workflow is there under its new id alone, or gone; its versions stay.
func TestMoveAndRemove(t *testing.T) {
	b := newBench(t, map[string]string{"workflows/a.yaml": saying("one")})
	_, err := b.Move(ctx, Move{Workflow: "a", To: "team/b", Comment: "tidy", By: "ana"})
	faulttest.Must(t, err)
	if ids := fmt.Sprint(b.live.IDs()); ids != "[team/b ticket-digest/digest]" || b.file("workflows/a.yaml") != "" {
		t.Error(ids)
	}
	b.tells("a", "file one, moved by ana with team/b")
	b.tells("team/b", "moved one by ana with a*")
	_, err = b.publish("team/b", saying("two"), "")
	faulttest.Must(t, err)
	v, err := b.Remove(ctx, Removal{Workflow: "team/b", Base: VersionOf([]byte(saying("two"))), By: "ana"})
	faulttest.Must(t, err)
	if ids := fmt.Sprint(b.live.IDs()); ids != "[ticket-digest/digest]" || v.Kind != Removed {
		t.Error(ids, v)
	}
	_, err = b.publish("team/b", saying("two"), "")
	faulttest.Must(t, err)
	b.tells("team/b", "moved one by ana with a, published two by ana, removed by ana, published two by ana*")
	b.start()
	b.tells("team/b", "moved one by ana with a, published two by ana, removed by ana, published two by ana*")
	latest, err := b.Latest(ctx)
	if err != nil || latest["a"].Kind != Moved || latest["team/b"].Number != 4 {
		t.Errorf("%+v %v", latest, err)
	}
}

// TestLargeTexts are kept compressed, once, and damage is told.
func TestLargeTexts(t *testing.T) {
	b := newBench(t, nil)
	large := saying("large") + strings.Repeat("# all work and no play\n", 5000)
	for _, text := range []string{large, saying("small"), large} {
		_, err := b.publish("a", text, "")
		faulttest.Must(t, err)
	}
	_, text, err := b.Version(ctx, "a", 3)
	if err != nil || string(text) != large {
		t.Error(len(text), err)
	}
	var rows, size int
	faulttest.Must(t, b.store.Read().QueryRow("SELECT count(*), sum(length(text)) FROM authoring_texts WHERE hash IN (?, ?)", hashOf([]byte(large)), hashOf([]byte(saying("small")))).Scan(&rows, &size))
	if rows != 2 || size > 2000 {
		t.Errorf("%d texts of %d bytes", rows, size)
	}
	if _, err := (textRow{Hash: hashOf([]byte("x")), Packed: true, Text: []byte("no zstd")}).plain(); fault.From(err).Code != fault.Storage {
		t.Error(err)
	}
	if _, err := (textRow{Hash: hashOf([]byte("x")), Text: []byte("y")}).plain(); fault.From(err).Code != fault.Storage {
		t.Error(err)
	}
}
