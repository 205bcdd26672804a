package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/sandbox/halo"
)

// folder is a project in which a test calls gantry, in this process.
type folder struct {
	t   *testing.T
	dir string
	env map[string]string
}

// newFolder makes a project with the given workflows, by file name. It may call this machine.
func newFolder(t *testing.T, workflows map[string]string) *folder {
	t.Helper()
	f := &folder{t: t, dir: t.TempDir(), env: map[string]string{"GANTRY_ALLOW_NETWORKS": "127.0.0.0/8"}}
	for name, text := range workflows {
		path := filepath.Join(f.dir, "workflows", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// called is what a call of gantry gave.
type called struct {
	out, err string
	code     int
}

// gantry calls a command; in is what stands on its standard input.
func (f *folder) gantry(in string, args ...string) called {
	f.t.Helper()
	var out, errs bytes.Buffer
	app := &App{In: strings.NewReader(in), Out: &out, Err: &errs, Getenv: func(name string) string { return f.env[name] }, Now: time.Now}
	code := run(context.Background(), append(args, "--project", f.dir), app)
	return called{out.String(), errs.String(), code}
}

// must calls a command that has to succeed.
func (f *folder) must(in string, args ...string) called {
	f.t.Helper()
	c := f.gantry(in, args...)
	if c.code != 0 {
		f.t.Fatalf("gantry %s ended with %d:\n%s%s", strings.Join(args, " "), c.code, c.out, c.err)
	}
	return c
}

// withHalo adds a simulated Halo to the MSP.
func (f *folder) withHalo(o halo.Options) *halo.Server {
	f.t.Helper()
	server := halo.New(o)
	base, err := server.Start("127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = server.Close() })
	c := server.Credentials()
	f.must(c.ClientSecret+"\n", "integrations", "add", "halo", "--set", "resource_server="+base, "--set", "client_id="+c.ClientID,
		"--set", "tenant="+c.Tenant, "--set-stdin", "client_secret")
	return server
}

// wants fails the test unless the text has all parts.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("misses %q in:\n%s", part, text)
		}
	}
}
