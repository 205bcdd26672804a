package backup_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gantry/backup"
	"gantry/fault"
	"gantry/fault/faulttest"
)

// TestCheckTarget: nothing is written into the data folder, by whatever name, and nothing but a backup is overwritten.
func TestCheckTarget(t *testing.T) {
	d := newData(t)
	out := t.TempDir()
	at := func(name string) string { return filepath.Join(out, name) }
	faulttest.Must(t, os.WriteFile(at("old.backup"), d.backUp(t, nil), 0o600))
	faulttest.Must(t, os.WriteFile(at("gantry.yaml"), []byte("msp: {name: Acme}\n"), 0o600))
	faulttest.Must(t, os.WriteFile(at("empty"), nil, 0o600))
	faulttest.Must(t, os.Symlink(d.dir, at("link")))
	faulttest.Must(t, os.Symlink(at("nothing"), at("dangling")))
	faulttest.Must(t, os.MkdirAll(filepath.Join(d.dir, "sandbox"), 0o700))
	cases := map[string]struct {
		path  string
		force bool
		want  fault.Code // "": may be written
	}{
		"new":                     {path: at("new.backup")},
		"there":                   {path: at("old.backup"), want: fault.Exists},
		"a backup, forced":        {path: at("old.backup"), force: true},
		"settings, forced":        {path: at("gantry.yaml"), force: true, want: fault.Exists},
		"an empty file, forced":   {path: at("empty"), force: true, want: fault.Exists},
		"a device, forced":        {path: os.DevNull, force: true, want: fault.Exists},
		"a link to nothing":       {path: at("dangling"), want: fault.Exists},
		"the database, forced":    {path: filepath.Join(d.dir, "gantry.db"), force: true, want: fault.Usage},
		"the key, forced":         {path: filepath.Join(d.dir, "master.key"), force: true, want: fault.Usage},
		"new in the data folder":  {path: filepath.Join(d.dir, "new.backup"), want: fault.Usage},
		"below the data folder":   {path: filepath.Join(d.dir, "sandbox", "gantry.db"), force: true, want: fault.Usage},
		"through a link, forced":  {path: filepath.Join(at("link"), "gantry.db"), force: true, want: fault.Usage},
		"up and down, forced":     {path: d.dir + "/sandbox/../gantry.db", force: true, want: fault.Usage},
		"the data folder, forced": {path: d.dir, force: true, want: fault.Usage},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := backup.CheckTarget(c.path, d.dir, c.force)
			if err == nil && c.want != "" || err != nil && fault.From(err).Code != c.want {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestCutOff: the files of backups that nobody writes any more are found, and no others.
func TestCutOff(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, ".gantry-20261122T031500Z.backup.123456")
	for _, path := range []string{left, filepath.Join(dir, "gantry-20261122T031500Z.backup"), filepath.Join(dir, ".gantry.backup.old")} {
		faulttest.Must(t, os.WriteFile(path, nil, 0o600))
	}
	file, err := backup.Begin(filepath.Join(dir, "new.backup"))
	faulttest.Must(t, err)
	if found := backup.CutOff(dir); !slices.Equal(found, []string{left}) {
		t.Errorf("while another one is written: %v", found)
	}
	faulttest.Must(t, file.Close())
	if found := backup.CutOff(dir); !slices.Equal(found, []string{left, file.Name()}) {
		t.Errorf("%v", found)
	}
	_, err = backup.Begin(filepath.Join(dir, "nowhere", "new.backup"))
	faulttest.Want(t, err, fault.Usage)
}
