package crates

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gantry/source"
)

// TestWorkflowFiles reads a folder with all that people's folders have in them.
func TestWorkflowFiles(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "secret.yaml", "tasks: {}")
	write(t, dir, "workflows/a.yaml", "tasks: {}")
	write(t, dir, "workflows/b/c d.yml", "tasks: {}")
	write(t, dir, "workflows/b/,odd.yaml", "tasks: {}")
	write(t, dir, "workflows/.git/x.yaml", "tasks: {}")
	write(t, dir, "workflows/readme.md", "hello")
	write(t, dir, "workflows/huge.yaml", strings.Repeat("# much\n", 2<<20))
	link(t, "a.yaml", dir, "workflows/linked.yaml")
	link(t, filepath.Join(outside, "secret.yaml"), dir, "workflows/leaves.yaml")
	link(t, "../../../../../../../../etc/passwd", dir, "workflows/climbs.yaml")
	link(t, "b", dir, "workflows/folder")
	link(t, outside, dir, "workflows/elsewhere")
	if err := syscall.Mkfifo(filepath.Join(dir, "workflows/pipe.yaml"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var ds source.Diagnostics
	var got []string
	for _, f := range WorkflowFiles(root.FS(), "workflows", "", &ds) {
		got = append(got, f.ID+" in "+f.Name)
	}
	want := "a in workflows/a.yaml, b/c d in workflows/b/c d.yml, linked in workflows/linked.yaml"
	if strings.Join(got, ", ") != want {
		t.Errorf("found %s\nwant  %s", strings.Join(got, ", "), want)
	}
	ds.Sort()
	var said []string
	for _, d := range ds {
		said = append(said, d.Error())
	}
	for i, part := range []string{
		`b/,odd.yaml: ",odd" cannot be part`, "climbs.yaml: the file cannot be read: it is a link that leads out",
		"elsewhere: warning: this link is not followed", "folder: warning: this link is not followed", "huge.yaml: the file cannot be read: it is larger than 10 MiB",
		"leaves.yaml: the file cannot be read: it is a link that leads out", "pipe.yaml: the file cannot be read: it is not an ordinary file",
	} {
		if i >= len(said) || !strings.Contains(said[i], part) {
			t.Errorf("want %q among\n%s", part, strings.Join(said, "\n"))
		}
	}
	if len(said) != 7 {
		t.Errorf("%d reports:\n%s", len(said), strings.Join(said, "\n"))
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, dir, name string) {
	t.Helper()
	if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}
