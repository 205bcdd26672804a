package backup_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/access"
	"gantry/backup"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
	"gantry/triggers/timers"
	"gantry/triggers/webhook"
)

var tables = []store.MigrationSet{orgs.Migrations(), history.Migrations(), access.Migrations(), triggers.Migrations(), timers.Migrations(), webhook.Migrations(), poll.Migrations()}

func noEnvironment(string) string { return "" }

// data is a data directory that is being worked with.
type data struct {
	dir     string
	store   *store.Store
	orgs    *orgs.Service
	history *history.History
}

func openData(t *testing.T, dir string) *data {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{}, tables...)
	faulttest.Must(t, err)
	t.Cleanup(func() { faulttest.Must(t, s.Close()) })
	ring, err := orgs.OpenKeyring(dir, noEnvironment)
	faulttest.Must(t, err)
	return &data{dir, s, orgs.New(s, ring, time.Now), history.New(s, ring)}
}

// newData has an organisation with a secret.
func newData(t *testing.T) *data {
	t.Helper()
	d := openData(t, t.TempDir())
	root, err := d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	faulttest.Must(t, d.orgs.SetVariable(t.Context(), root.ID, orgs.Variable{Name: "password", Type: orgs.TypeSecret, Value: "hunter2"}))
	return d
}

// run keeps a run with a number of events, in several transactions, which say in the run's row how many there are.
func (d *data) run(t *testing.T, id string, events int) {
	t.Helper()
	var chain history.Chain
	now := time.Now()
	for seq := 1; seq <= events; seq++ {
		e := history.Entry{Run: id, FirstSeq: seq, Events: []flow.Event{flow.PauseRequested{At: now}},
			State: &history.RunState{Status: flow.Running, StartedAt: now, Outputs: map[string]any{"events": seq}}}
		if seq == 1 {
			e.New = &history.NewRun{Workflow: "w", Version: "v", Text: []byte("tasks: {}"), Organisation: "o", OrganisationSlug: "acme-msp", ParentUnit: flow.Unit{Exec: -1, Item: -1}, CreatedAt: now}
		}
		kept := make(chan error, 1)
		d.history.Append(&chain, []history.Entry{e}, func(err error) { kept <- err })
		faulttest.Must(t, <-kept)
	}
}

func (d *data) backUp(t *testing.T, change func(*backup.Options)) []byte {
	t.Helper()
	o := backup.Options{Dir: d.dir, Version: "1.2.3", Getenv: noEnvironment, Now: time.Now, Sets: tables}
	if change != nil {
		change(&o)
	}
	p, err := backup.Prepare(t.Context(), o)
	faulttest.Must(t, err)
	var b bytes.Buffer
	_, err = p.WriteTo(&b)
	faulttest.Must(t, err)
	faulttest.Must(t, p.Close())
	if _, err := os.Stat(filepath.Join(d.dir, "backup.tmp")); err == nil {
		t.Error("the copy is left in the data directory")
	}
	return b.Bytes()
}

func restore(t *testing.T, b []byte, dir string, change func(*backup.RestoreOptions)) (*backup.Restored, error) {
	t.Helper()
	o := backup.RestoreOptions{Dir: dir, Getenv: noEnvironment, Now: time.Now, Sets: tables}
	if change != nil {
		change(&o)
	}
	return backup.Restore(t.Context(), bytes.NewReader(b), o)
}

func keyOf(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, orgs.KeyFile))
	faulttest.Must(t, err)
	return string(text)
}

// TestRoundTrip: secrets open again with the key that was kept apart, or that is in the backup; without one the restore
// asks for it. What had not ended is held, and goes on once somebody says so.
func TestRoundTrip(t *testing.T) {
	d := newData(t)
	d.run(t, "run-1", 3)
	plain, whole := d.backUp(t, nil), d.backUp(t, func(o *backup.Options) { o.WithKey = true })
	if _, err := restore(t, plain, t.TempDir(), nil); fault.From(err).Code != fault.Secret || !strings.Contains(fault.From(err).Hint, "--key") {
		t.Errorf("without a key: %v", err)
	}
	another := strings.Repeat("A", 43) + "="
	its, err := orgs.KeyIDs(keyOf(t, d.dir))
	faulttest.Must(t, err)
	others, err := orgs.KeyIDs(another)
	faulttest.Must(t, err)
	for hint, b := range map[string][]byte{"kept apart of the data": plain, "leave --key out": whole} {
		_, err := restore(t, b, t.TempDir(), func(o *backup.RestoreOptions) { o.Key = another })
		f := fault.From(err)
		if f.Code != fault.Secret || !strings.Contains(f.Message, "need the master key "+its[0]+", and the key file that was given holds "+others[0]+".") || !strings.Contains(f.Hint, hint) {
			t.Errorf("with another key: %s; hint: %s", f.Message, f.Hint)
		}
	}
	for from, b := range map[string][]byte{"given": plain, "backup": whole} {
		dir := filepath.Join(t.TempDir(), "new")
		r, err := restore(t, b, dir, func(o *backup.RestoreOptions) {
			if from == "given" {
				o.Key = keyOf(t, d.dir)
			}
		})
		faulttest.Must(t, err)
		if r.Key != from || r.Aside != "" || r.Contents.Organisations != 1 || r.Contents.Secrets != 1 || r.Contents.History.Runs != 1 || r.Stilled.Runs != 1 || r.Manifest.Gantry != "1.2.3" {
			t.Errorf("%+v", r)
		}
		now := openData(t, dir)
		root, err := now.orgs.Root(t.Context())
		faulttest.Must(t, err)
		if text, err := now.orgs.OpenSecret(t.Context(), root.ID, "password"); err != nil || text != "hunter2" {
			t.Errorf("the secret: %q %v", text, err)
		}
		if ids, err := now.history.Unfinished(t.Context()); err != nil || len(ids) != 0 {
			t.Errorf("a server would take up %v %v", ids, err)
		}
		if held, err := now.history.Held(t.Context()); err != nil || len(held) != 1 || !strings.Contains(held[0].Why, "backup of") {
			t.Errorf("%+v %v", held, err)
		}
		faulttest.Must(t, now.history.Release(t.Context(), "run-1"))
		if ids, err := now.history.Unfinished(t.Context()); err != nil || len(ids) != 1 {
			t.Errorf("after its release: %v %v", ids, err)
		}
	}
}

// TestRestoreOverData: data that is there is refused, then put aside whole, and its key goes on opening what it sealed.
func TestRestoreOverData(t *testing.T) {
	d := newData(t)
	b := d.backUp(t, nil)
	if _, err := restore(t, b, d.dir, nil); fault.From(err).Code != fault.Exists {
		t.Error(err)
	}
	force := func(o *backup.RestoreOptions) { o.Force, o.TakeUp = true, true }
	if _, err := restore(t, b, d.dir, force); fault.From(err).Code != fault.Locked {
		t.Errorf("while a process has it: %v", err)
	}
	d.run(t, "later", 2)
	r, err := restore(t, b, d.dir, func(o *backup.RestoreOptions) { // that process has ended, and the directory is free in a moment
		force(o)
		o.Patience, o.Waiting = time.Minute, func(int) { faulttest.Must(t, d.store.Close()) }
	})
	faulttest.Must(t, err)
	if r.Key != "kept" || r.Contents.History.Runs != 0 {
		t.Errorf("%+v", r)
	}
	now := func(o *backup.RestoreOptions) { o.Force, o.Now = true, func() time.Time { return r.At } }
	if again, err := restore(t, b, d.dir, now); err != nil || again.Aside != r.Aside+"-2" {
		t.Errorf("another one in the same second: %+v %v", again, err)
	}
	s, err := store.Open(t.Context(), r.Aside, store.Options{ReadOnly: true}, tables...)
	faulttest.Must(t, err)
	defer s.Close()
	if v, err := history.New(s, orgs.NoKeys()).Survey(t.Context(), time.Now()); err != nil || v.Runs != 1 {
		t.Errorf("what was there before: %+v %v", v, err)
	}
}

// TestNothingSealed: where nothing is sealed no key is asked for, and where only the keys of addresses are, one is.
func TestNothingSealed(t *testing.T) {
	d := openData(t, t.TempDir())
	_, err := d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	d.run(t, "run-1", 3)
	if _, err := os.Stat(filepath.Join(d.dir, orgs.KeyFile)); err != nil {
		t.Fatal(err) // there is a key, and it is not needed
	}
	r, err := restore(t, d.backUp(t, nil), filepath.Join(t.TempDir(), "new"), nil)
	if faulttest.Must(t, err); r.Key != "none" || len(r.Manifest.Keys) > 0 {
		t.Errorf("%+v", r)
	}
	_, err = d.history.WaitKey(t.Context(), func() ([]byte, error) { return make([]byte, 32), nil })
	faulttest.Must(t, err)
	_, err = restore(t, d.backUp(t, nil), filepath.Join(t.TempDir(), "new"), nil)
	faulttest.Want(t, err, fault.Secret)
}

// TestARefusedRestoreLeavesNothing: the folders that it has made go, those that were there stay.
func TestARefusedRestoreLeavesNothing(t *testing.T) {
	b := newData(t).backUp(t, nil)
	top := t.TempDir()
	for _, dir := range []string{filepath.Join(top, "new"), filepath.Join(top, "new", "inner", "most")} {
		_, err := restore(t, b, dir, nil)
		faulttest.Want(t, err, fault.Secret)
		if left, err := os.ReadDir(top); err != nil || len(left) > 0 {
			t.Errorf("%s: left is %v, %v", dir, left, err)
		}
	}
	there := filepath.Join(top, "there")
	faulttest.Must(t, os.Mkdir(there, 0o700))
	_, err := restore(t, b, filepath.Join(there, "data"), nil)
	faulttest.Want(t, err, fault.Secret)
	if left, err := os.ReadDir(there); err != nil || len(left) > 0 {
		t.Errorf("left is %v, %v", left, err)
	}
}

// TestDamagedBackups: whatever part of the file is changed, or missing, is noticed, and nothing is there afterwards.
func TestDamagedBackups(t *testing.T) {
	b := newData(t).backUp(t, func(o *backup.Options) { o.WithKey = true })
	try := func(what string, content []byte) {
		t.Helper()
		dir := t.TempDir()
		_, err := restore(t, content, dir, nil)
		if text := fault.From(err).Message; strings.Contains(text, "breaks off") && what == "flipped" || strings.Contains(text, "not what was written") && what == "cut" {
			t.Errorf("%s: %s", what, text)
		}
		if fault.From(err).Code != fault.Storage || fault.From(err).Hint == "" {
			t.Errorf("%s: %v", what, err)
		}
		for _, name := range []string{store.DatabaseFile, orgs.KeyFile, "restore.tmp"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				t.Errorf("%s: there is a %s", what, name)
			}
		}
	}
	for i := 0; i < len(b); i += max(1, len(b)/40) {
		try("cut", b[:i])
		flipped := bytes.Clone(b)
		flipped[i] ^= 0x10
		if m, err := backup.Verify(t.Context(), bytes.NewReader(flipped)); err == nil && m.Members[0].SHA256 == "" {
			t.Errorf("byte %d: %+v", i, m)
		} else if err != nil {
			try("flipped", flipped)
		}
	}
	try("text", []byte("this is no backup"))
}

// TestConsistentUnderLoad: a backup made while runs go on has of each run as many events as its row says, without gaps.
func TestConsistentUnderLoad(t *testing.T) {
	d := newData(t)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				d.run(t, name+time.Now().Format("150405.000000000"), 1+i%20)
			}
		})
	}
	total := 0
	for range 3 {
		b := d.backUp(t, nil)
		dir := t.TempDir()
		_, err := restore(t, b, dir, func(o *backup.RestoreOptions) { o.Key = keyOf(t, d.dir) })
		faulttest.Must(t, err)
		var wrong []string
		now := openData(t, dir)
		faulttest.Must(t, now.store.Read().Select(&wrong, `SELECT r.id FROM runs r WHERE json_extract(r.outputs, '$.events') <>
			(SELECT count(*) FROM events e WHERE e.run = r.id) OR (SELECT max(seq) FROM events e WHERE e.run = r.id) <> (SELECT count(*) FROM events e WHERE e.run = r.id)`))
		if len(wrong) > 0 {
			t.Errorf("runs whose row and log differ: %v", wrong)
		}
		faulttest.Must(t, now.store.Read().Get(&total, `SELECT count(*) FROM runs`))
		var first string
		if total > 0 {
			faulttest.Must(t, now.store.Read().Get(&first, `SELECT min(id) FROM runs`))
			log, err := now.history.Load(t.Context(), first)
			faulttest.Must(t, err)
			if len(log.Events) == 0 {
				t.Errorf("the log of %s is empty", first)
			}
		}
	}
	stop()
	writers.Wait()
	if total == 0 {
		t.Error("nothing was written meanwhile")
	}
}

// TestOneAtATime: a second backup is refused while one is made, and what a killed one left is in nobody's way.
func TestOneAtATime(t *testing.T) {
	d := newData(t)
	o := backup.Options{Dir: d.dir, Getenv: noEnvironment, Now: time.Now, Sets: tables}
	faulttest.Must(t, os.MkdirAll(filepath.Join(d.dir, "backup.tmp", "left"), 0o700))
	p, err := backup.Prepare(t.Context(), o)
	faulttest.Must(t, err)
	if _, err := backup.Prepare(t.Context(), o); fault.From(err).Code != fault.Conflict {
		t.Error(err)
	}
	var b bytes.Buffer
	if _, err := p.WriteTo(&b); err != nil {
		t.Error(err)
	}
	if left := backup.RemainsIn(d.dir); left != (backup.Remains{}) {
		t.Errorf("one that is being made counts as left: %+v", left)
	}
	faulttest.Must(t, p.Close())
	for _, name := range []string{"backup.tmp", store.RestoreFolder} {
		faulttest.Must(t, os.Mkdir(filepath.Join(d.dir, name), 0o700))
	}
	if left := backup.RemainsIn(d.dir); left.Copy == "" || left.Unpacked == "" {
		t.Errorf("%+v", left)
	}
	o.Dir = t.TempDir()
	if _, err := backup.Prepare(t.Context(), o); fault.From(err).Code != fault.Missing {
		t.Error(err)
	}
}
