package doctor_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/doctor"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

var tables = []store.MigrationSet{orgs.Migrations(), history.Migrations(), access.Migrations(), triggers.Migrations()}

// marked stands in the log of a patient's run.
const marked = "the words that a bit flips in"

func noEnvironment(string) string { return "" }

// patient is a data directory with a secret, closed properly.
func patient(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := store.Open(t.Context(), dir, store.Options{}, tables...)
	faulttest.Must(t, err)
	ring, err := orgs.OpenKeyring(dir, noEnvironment)
	faulttest.Must(t, err)
	service := orgs.New(s, ring, time.Now)
	root, err := service.Create(t.Context(), orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	faulttest.Must(t, service.SetVariable(t.Context(), root.ID, orgs.Variable{Name: "password", Type: orgs.TypeSecret, Value: "hunter2"}))
	kept := make(chan error, 1)
	history.New(s, ring).Append(new(history.Chain), []history.Entry{{Run: "0190a000-0000-7000-8000-000000000001", FirstSeq: 1, State: &history.RunState{Status: flow.Running, StartedAt: time.Now()},
		New:    &history.NewRun{Workflow: "w", Version: "v1", Text: []byte("tasks: {}"), Organisation: root.ID, OrganisationSlug: "acme-msp", TriggerType: "always_pass", CreatedAt: time.Now(), ParentUnit: flow.Unit{Exec: -1, Item: -1}},
		Events: []flow.Event{flow.Started{At: time.Now(), Inputs: map[string]any{"said": marked}}}}}, func(err error) { kept <- err })
	faulttest.Must(t, <-kept)
	faulttest.Must(t, s.Close())
	return dir
}

// TestFindings: each thing that is wrong is found under its name, with what to do, and a secret is never told.
func TestFindings(t *testing.T) {
	write := func(name, text string, mode os.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			faulttest.Must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), mode))
			faulttest.Must(t, os.Chmod(filepath.Join(dir, name), mode))
		}
	}
	change := func(how func(content []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, store.DatabaseFile)
			content, err := os.ReadFile(path)
			faulttest.Must(t, err)
			faulttest.Must(t, os.WriteFile(path, how(content), 0o600))
		}
	}
	for name, c := range map[string]struct {
		harm   func(*testing.T, string)
		check  string
		status doctor.Status
		says   string
	}{
		"well":       {func(*testing.T, string) {}, "database", doctor.OK, "sound"},
		"well, keys": {func(*testing.T, string) {}, "keys", doctor.OK, "opens all secrets (1)"},
		"no backup":  {func(*testing.T, string) {}, "backup", doctor.Warn, "No backup"},
		"open key":   {func(t *testing.T, dir string) { faulttest.Must(t, os.Chmod(filepath.Join(dir, orgs.KeyFile), 0o644)) }, "rights", doctor.Fail, "master key"},
		"open database": {func(t *testing.T, dir string) {
			faulttest.Must(t, os.Chmod(filepath.Join(dir, store.DatabaseFile), 0o640))
		}, "rights", doctor.Warn, "database"},
		"open directory":  {func(t *testing.T, dir string) { faulttest.Must(t, os.Chmod(dir, 0o777)) }, "directory", doctor.Fail, "Others may write"},
		"lost key":        {func(t *testing.T, dir string) { faulttest.Must(t, os.Remove(filepath.Join(dir, orgs.KeyFile))) }, "keys", doctor.Fail, "no master key"},
		"another key":     {write(orgs.KeyFile, strings.Repeat("A", 43)+"=\n", 0o600), "keys", doctor.Fail, "do not open"},
		"no directory":    {func(t *testing.T, dir string) { faulttest.Must(t, os.RemoveAll(dir)) }, "directory", doctor.Fail, "no data directory"},
		"foreign file":    {write(store.DatabaseFile, strings.Repeat("no database\n", 1000), 0o600), "database", doctor.Fail, "damaged"},
		"truncated":       {change(func(b []byte) []byte { return b[:len(b)/2/4096*4096] }), "database", doctor.Fail, "damaged"},
		"a page is wrong": {change(func(b []byte) []byte { copy(b[4096*20:], strings.Repeat("\xa5", 64)); return b }), "database", doctor.Fail, "damaged"},
		"a bit is wrong":  {change(func(b []byte) []byte { b[bytes.LastIndex(b, []byte(marked))] ^= 1; return b }), "history", doctor.Fail, "1 part is not what was written"},
		"backup cut off":  {func(t *testing.T, dir string) { faulttest.Must(t, os.Mkdir(filepath.Join(dir, "backup.tmp"), 0o700)) }, "remains", doctor.Warn, "A backup was cut off"},
		"restore cut off": {func(t *testing.T, dir string) { faulttest.Must(t, os.Mkdir(filepath.Join(dir, "restore.tmp"), 0o700)) }, "remains", doctor.Warn, "A restore was cut off"},
		"log is gone":     {write(store.LockFile, "1\nopen\n", 0o600), "owner", doctor.Fail, "log"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := patient(t)
			c.harm(t, dir)
			checks := doctor.Examine(t.Context(), doctor.Options{Dir: dir, Full: true, Sets: tables, Getenv: noEnvironment, Now: time.Now})
			found := false
			for _, check := range checks {
				if check.Name == c.check {
					found = true
					if check.Status != c.status || !strings.Contains(check.Message, c.says) || check.Status != doctor.OK && check.Hint == "" {
						t.Errorf("%+v", check)
					}
				}
				if strings.Contains(check.Message+strings.Join(check.Details, ""), "hunter2") {
					t.Errorf("a secret is told: %+v", check)
				}
			}
			if !found || c.status == doctor.Fail && doctor.Worst(checks) != doctor.Fail {
				t.Errorf("%+v", checks)
			}
		})
	}
}
