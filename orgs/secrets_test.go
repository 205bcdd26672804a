package orgs_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

func TestOpenSecret(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "token", orgs.TypeSecret, "of the msp")
	b.set(t, b.contoso, "token", orgs.TypeSecret, "of contoso")
	b.set(t, b.msp, "team", orgs.TypeString, "x")
	must(t, b.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "private", Type: orgs.TypeSecret, Value: "only mine", Local: true}))
	for org, want := range map[string]string{b.msp.ID: "of the msp", b.northwind.ID: "of the msp", b.contoso.ID: "of contoso", b.contosoLabs.ID: "of contoso"} {
		got, err := b.OpenSecret(ctx, org, "token")
		must(t, err)
		if got != want {
			t.Errorf("%s reads %q", org, got)
		}
	}
	_, err := b.OpenSecret(ctx, b.northwind.ID, "private")
	wantFault(t, err, fault.Missing)
	_, err = b.OpenSecret(ctx, b.northwind.ID, "tokken")
	wantFault(t, err, fault.Missing, `did you mean "token"`)
	_, err = b.OpenSecret(ctx, b.northwind.ID, "team")
	wantFault(t, err, fault.InvalidInput, "not a secret")

	variables, err := b.Effective(ctx, b.contoso.ID)
	must(t, err)
	for _, v := range variables {
		if v.Type == orgs.TypeSecret && v.Value != nil {
			t.Error("a secret's value is in the list")
		}
	}
	must(t, b.SetVariable(ctx, b.contoso.ID, orgs.Variable{Name: "token", Type: orgs.TypeSecret, Value: "changed"}))
	if got, err := b.OpenSecret(ctx, b.contosoLabs.ID, "token"); err != nil || got != "changed" {
		t.Errorf("%q, %v", got, err)
	}
	must(t, b.RemoveVariable(ctx, b.contoso.ID, "token"))
	if got, err := b.OpenSecret(ctx, b.contosoLabs.ID, "token"); err != nil || got != "of the msp" {
		t.Errorf("%q, %v", got, err)
	}
}

// What is not secret any longer leaves no sealed row behind.
func TestASecretThatBecomesText(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "token", orgs.TypeSecret, "x")
	must(t, b.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "token", Type: orgs.TypeString, Value: "y"}, orgs.Retype))
	b.set(t, b.msp, "gone", orgs.TypeSecret, "x")
	must(t, b.RemoveVariable(ctx, b.msp.ID, "gone"))
	b.halo(t, b.msp, "main")
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", false))
	var n int
	must(t, b.store.Read().Get(&n, "SELECT count(*) FROM secrets"))
	if n != 0 {
		t.Errorf("%d sealed rows are left", n)
	}
}

// A sealed value opens only where it was put: not for another organisation, name, kind or instance.
func TestACopiedRowDoesNotOpen(t *testing.T) {
	b := setup(t)
	b.set(t, b.contoso, "token", orgs.TypeSecret, "of contoso")
	b.set(t, b.contoso, "other", orgs.TypeSecret, "another")
	b.set(t, b.northwind, "token", orgs.TypeSecret, "of northwind")
	in := b.halo(t, b.northwind, "main")
	copyOver := func(where string, args ...any) {
		t.Helper()
		must(t, b.store.Write(ctx, func(tx *store.Tx) error {
			result, err := tx.Exec(`UPDATE secrets SET (key_id, sealed) = (SELECT key_id, sealed FROM secrets
				WHERE organisation_id = '`+b.contoso.ID+`' AND name = 'token') WHERE `+where, args...)
			if err != nil {
				return err
			}
			if n, _ := result.RowsAffected(); n != 1 {
				t.Errorf("%d rows copied over", n)
			}
			return nil
		}))
	}
	copyOver("organisation_id = ? AND kind = 'variable'", b.northwind.ID)
	_, err := b.OpenSecret(ctx, b.northwind.ID, "token")
	wantFault(t, err, fault.Secret, "copied", "set the secret anew")
	copyOver("organisation_id = ? AND kind = 'instance'", b.northwind.ID)
	_, err = b.InstanceSecrets(ctx, b.northwind.ID, in.ID)
	wantFault(t, err, fault.Secret)
	copyOver("organisation_id = ? AND name = 'other'", b.contoso.ID)
	_, err = b.OpenSecret(ctx, b.contoso.ID, "other")
	wantFault(t, err, fault.Secret)
	if got, err := b.OpenSecret(ctx, b.contoso.ID, "token"); err != nil || got != "of contoso" {
		t.Errorf("%q, %v", got, err)
	}
}

// Clear secrets are nowhere in the files, also not in the log of changes, nor in errors.
func TestClearSecretsAreNowhereInTheFiles(t *testing.T) {
	b := setup(t)
	const marker = "xK9clearMARKER"
	encoded := base64.StdEncoding.EncodeToString([]byte(marker))
	for i := range 20 {
		b.set(t, b.northwind, fmt.Sprintf("secret_%d", i), orgs.TypeSecret, fmt.Sprint(marker, i))
	}
	in, err := b.AddInstance(ctx, b.msp.ID, "halo", "main", map[string]any{"host": "h"}, map[string]string{"client_secret": marker}, false)
	must(t, err)
	_, err = b.UpdateInstance(ctx, b.msp.ID, "halo", "main", nil, map[string]string{"client_secret": marker + "2"})
	must(t, err)
	_, err = b.Rotate(ctx)
	must(t, err)

	var failures []error
	fail := func(err error) { failures = append(failures, err) }
	fail(b.SetVariable(ctx, b.northwind.ID, orgs.Variable{Name: "in", Type: "secret", Value: marker}))
	fail(b.SetVariable(ctx, b.northwind.ID, orgs.Variable{Name: "a", Type: "secret", Value: []any{marker}}))
	fail(b.SetVariable(ctx, b.northwind.ID, orgs.Variable{Name: "a", Type: "number", Value: marker}))
	fail(b.SetVariable(ctx, b.northwind.ID, orgs.Variable{Name: "a", Type: "secret", Value: strings.Repeat(marker, 10_000)}))
	fail(b.SetVariable(ctx, "nobody", orgs.Variable{Name: "a", Type: "secret", Value: marker}))
	_, err = b.AddInstance(ctx, b.msp.ID, "halo", "MAIN", nil, map[string]string{"client_secret": marker}, false)
	fail(err)
	_, err = b.AddInstance(ctx, b.msp.ID, "halo", "second", map[string]any{"client_secret": marker}, map[string]string{"client_secret": marker}, false)
	fail(err)
	_, err = b.OpenSecret(ctx, b.contoso.ID, "secret_1")
	fail(err)
	for i, err := range failures {
		if err == nil {
			t.Fatalf("case %d did not fail", i)
		}
		text, _ := json.Marshal(fault.From(err))
		for e := err; e != nil; e = errors.Unwrap(e) {
			text = fmt.Appendf(text, "%v %+v", e, e)
		}
		if bytes.Contains(text, []byte(marker)) {
			t.Errorf("an error shows the secret: %s", text)
		}
	}
	if shown := fmt.Sprintf("%+v", in); strings.Contains(shown, marker) {
		t.Errorf("an instance shows its secret: %s", shown)
	}

	seen := 0
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	must(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		seen += len(content)
		if bytes.Contains(content, []byte(marker)) || bytes.Contains(content, []byte(encoded[:16])) {
			t.Errorf("%s has a clear secret", filepath.Base(file))
		}
	}
	if seen < 10_000 {
		t.Errorf("only %d bytes were searched", seen)
	}
}

func TestRotateWithKeysFromTheFile(t *testing.T) {
	b := setup(t)
	keys, err := orgs.OpenKeyring(b.dir, noEnvironment)
	must(t, err)
	service := orgs.New(b.store, keys, time.Now)
	must(t, service.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "token", Type: orgs.TypeSecret, Value: "clear"}))
	in, err := service.AddInstance(ctx, b.msp.ID, "halo", "main", nil, map[string]string{"client_secret": "clear too"}, false)
	must(t, err)
	before, err := os.ReadFile(filepath.Join(b.dir, orgs.KeyFile))
	must(t, err)

	n, err := service.Rotate(ctx)
	must(t, err)
	if n != 2 {
		t.Errorf("%d secrets were sealed anew", n)
	}
	after, err := os.ReadFile(filepath.Join(b.dir, orgs.KeyFile))
	must(t, err)
	if bytes.Equal(before, after) || bytes.Count(after, []byte("\n")) != bytes.Count(before, []byte("\n")) {
		t.Errorf("the file was not renewed:\n%s", after)
	}
	again, err := orgs.OpenKeyring(b.dir, noEnvironment)
	must(t, err)
	for _, s := range []*orgs.Service{service, orgs.New(b.store, again, time.Now)} {
		if got, err := s.OpenSecret(ctx, b.northwind.ID, "token"); err != nil || got != "clear" {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := s.InstanceSecrets(ctx, b.msp.ID, in.ID); err != nil || got["client_secret"] != "clear too" {
			t.Errorf("%q, %v", got, err)
		}
	}
	must(t, os.WriteFile(filepath.Join(b.dir, orgs.KeyFile), before, 0o600))
	old, err := orgs.OpenKeyring(b.dir, noEnvironment)
	must(t, err)
	_, err = orgs.New(b.store, old, time.Now).OpenSecret(ctx, b.msp.ID, "token")
	wantFault(t, err, fault.Secret, "master.key")
}

func TestRotateWithKeysFromTheEnvironment(t *testing.T) {
	b := setup(t)
	key := func(n byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{n}, 32)) }
	with := func(value string) *orgs.Service {
		keys, err := orgs.OpenKeyring(b.dir, func(string) string { return value })
		must(t, err)
		return orgs.New(b.store, keys, time.Now)
	}
	must(t, with(key(7)).SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "token", Type: orgs.TypeSecret, Value: "clear"}))
	both := with(key(8) + "," + key(7))
	n, err := both.Rotate(ctx)
	must(t, err)
	if n != 1 {
		t.Errorf("%d secrets were sealed anew", n)
	}
	if got, err := with(key(8)).OpenSecret(ctx, b.msp.ID, "token"); err != nil || got != "clear" {
		t.Errorf("%q, %v", got, err)
	}
	_, err = with(key(7)).OpenSecret(ctx, b.msp.ID, "token")
	wantFault(t, err, fault.Secret)
	if _, err := os.Stat(filepath.Join(b.dir, orgs.KeyFile)); err == nil {
		t.Error("a key file was made beside the environment's keys")
	}
}

// A rotation that cannot open everything changes nothing.
func TestRotateWithADamagedRow(t *testing.T) {
	b := setup(t)
	keys, err := orgs.OpenKeyring(b.dir, noEnvironment)
	must(t, err)
	service := orgs.New(b.store, keys, time.Now)
	for _, name := range []string{"one", "two"} {
		must(t, service.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: name, Type: orgs.TypeSecret, Value: "clear"}))
	}
	must(t, b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE secrets SET sealed = 'AAAA' WHERE name = 'two'")
		return err
	}))
	_, err = service.Rotate(ctx)
	wantFault(t, err, fault.Secret, "two")
	if got, err := service.OpenSecret(ctx, b.msp.ID, "one"); err != nil || got != "clear" {
		t.Errorf("%q, %v", got, err)
	}
}
