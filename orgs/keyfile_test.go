package orgs_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/fault"
	"gantry/orgs"
)

func noEnvironment(string) string { return "" }

func TestTheKeyFileIsMadeOnceAndPrivate(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := orgs.OpenKeyring(dir, noEnvironment); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	info, err := os.Stat(filepath.Join(dir, orgs.KeyFile))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v", info.Mode().Perm())
	}
	before, err := os.ReadFile(filepath.Join(dir, orgs.KeyFile))
	must(t, err)
	_, err = orgs.OpenKeyring(dir, noEnvironment)
	must(t, err)
	after, err := os.ReadFile(filepath.Join(dir, orgs.KeyFile))
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the key changed")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("files are left: %v", left)
	}
}

// TestALostKeyIsNotReplaced: what was sealed stays closed until its key is back, and opens then.
func TestALostKeyIsNotReplaced(t *testing.T) {
	b := setup(t)
	path := filepath.Join(b.dir, orgs.KeyFile)
	open := func() (*orgs.Keyring, error) {
		used, err := orgs.KeysInUse(ctx, b.store)
		must(t, err)
		return orgs.OpenKeyring(b.dir, noEnvironment, used...)
	}
	ring, err := open()
	must(t, err)
	must(t, orgs.New(b.store, ring, time.Now).SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "s", Type: orgs.TypeSecret, Value: "sesame"}))
	key, err := os.ReadFile(path)
	must(t, err)
	must(t, os.Remove(path))
	for range 2 {
		_, err = open()
		wantFault(t, err, fault.Secret, path+" is missing", "backup", orgs.KeyVariable)
	}

	other := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{9}, 32)) + "\n"
	must(t, os.WriteFile(path, []byte(other), 0o600))
	ring, err = open()
	must(t, err)
	used, err := orgs.KeysInUse(ctx, b.store)
	must(t, err)
	if lacking := ring.Lacks(used); len(lacking) != 1 {
		t.Errorf("with another key %v are lacking", lacking)
	}

	must(t, os.WriteFile(path, append([]byte(other), key...), 0o600))
	ring, err = open()
	must(t, err)
	if lacking := ring.Lacks(used); len(lacking) > 0 {
		t.Errorf("with both keys %v are lacking", lacking)
	}
	clear, err := orgs.New(b.store, ring, time.Now).OpenSecret(ctx, b.msp.ID, "s")
	if err != nil || clear != "sesame" {
		t.Errorf("%q, %v", clear, err)
	}
}

func TestWrongKeys(t *testing.T) {
	short := base64.StdEncoding.EncodeToString(make([]byte, 16))
	for name, c := range map[string]struct {
		file, env string
		mode      os.FileMode
		code      fault.Code
		words     []string
	}{
		"open to others":       {file: "x", mode: 0o644, code: fault.Secret, words: []string{"chmod 600"}},
		"empty":                {mode: 0o600, code: fault.Secret, words: []string{"no key", "backup"}},
		"only comments":        {file: "# nothing\n\n", mode: 0o600, code: fault.Secret, words: []string{"no key"}},
		"not base64":           {file: "%%%\n", mode: 0o600, code: fault.Usage, words: []string{"base64", "bring back the master.key that was kept apart"}},
		"too short":            {file: short, mode: 0o600, code: fault.Usage, words: []string{"16 bytes", "32", "bring back the master.key that was kept apart"}},
		"environment short":    {file: short, env: short, mode: 0o600, code: fault.Usage, words: []string{orgs.KeyVariable}},
		"environment nonsense": {file: short, env: "secretvalue!", mode: 0o600, code: fault.Usage, words: []string{orgs.KeyVariable}},
		"far too large":        {file: string(make([]byte, 70_000)), mode: 0o600, code: fault.Secret, words: []string{"too large"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, orgs.KeyFile)
			must(t, os.WriteFile(path, []byte(c.file), 0o600))
			must(t, os.Chmod(path, c.mode))
			_, err := orgs.OpenKeyring(dir, func(string) string { return c.env })
			wantFault(t, err, c.code, c.words...)
			if strings.Contains(fault.From(err).Hint, "urandom") {
				t.Errorf("whoever follows the hint %q makes a new key, and loses all secrets", fault.From(err).Hint)
			}
			if c.env != "" && bytes.Contains([]byte(err.Error()), []byte(c.env)) {
				t.Errorf("the key is in the error: %v", err)
			}
		})
	}
	_, err := orgs.NewKeyring()
	wantFault(t, err, fault.Usage)
	_, err = orgs.OpenKeyring(filepath.Join(t.TempDir(), "missing"), noEnvironment)
	wantFault(t, err, fault.Secret)
}
