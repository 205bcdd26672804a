package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// Options say of what a backup is made, and how.
type Options struct {
	Dir     string // the data directory; a process may own it
	Sandbox bool   // it is the sandbox's
	WithKey bool   // put the master keys into it, in the clear
	// Unchecked leaves out looking through the copy. A database that is damaged is then backed up as it is.
	Unchecked bool
	Version   string // of the program
	Getenv    func(string) string
	Now       func() time.Time
	Sets      []store.MigrationSet
	Progress  func(copied, all int64) // bytes of the database; may be nil
}

const (
	lockFile   = "backup.lock"
	copyFolder = "backup.tmp"
)

// Prepared is a copy of the database that waits to be written into a backup. Close removes it.
type Prepared struct {
	Manifest
	dir  string // of the copy
	key  string
	lock *os.File
}

// Prepare copies the database, looks whether the copy is sound, and finds out what is in it. It needs as much room in the
// data directory as the database is large. One backup is made at a time: others get fault.Conflict.
func Prepare(ctx context.Context, o Options) (_ *Prepared, err error) {
	p := &Prepared{Manifest: Manifest{Format: format, Number: formatNumber, Gantry: o.Version, Sandbox: o.Sandbox, Checked: !o.Unchecked,
		Tables: map[string]int64{}, WithKey: o.WithKey}, dir: filepath.Join(o.Dir, copyFolder)}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if err := p.begin(o); err != nil {
		return nil, err
	}
	p.CreatedAt = o.Now().UTC()
	if err := store.Copy(ctx, o.Dir, filepath.Join(p.dir, store.DatabaseFile), o.Progress); err != nil {
		return nil, err
	}
	failpoint.Hit("backup.copied")
	if err := p.look(ctx, o); err != nil {
		return nil, err
	}
	return p, p.list(ctx)
}

// begin makes the folder of the copy; what a killed process left of one goes.
func (p *Prepared) begin(o Options) error {
	if _, err := os.Stat(filepath.Join(o.Dir, store.DatabaseFile)); errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(err, fault.Missing, "There is no Gantry database in %s.", o.Dir).WithHint("nothing has been run or set up here yet; check --project and --data")
	}
	lock, err := os.OpenFile(filepath.Join(o.Dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		p.lock = lock
		err = unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		p.dir = "" // it is the other's
		return fault.New(fault.Conflict, "Another backup of %s is being made.", o.Dir).WithHint("wait until it is done")
	}
	if err == nil {
		if err = os.RemoveAll(p.dir); err == nil {
			err = os.Mkdir(p.dir, 0o700)
		}
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "The database cannot be copied in %s: %s.", o.Dir, err).WithHint("the copy is made in the data folder first: check its rights")
	}
	return nil
}

// look finds out whether the copy is sound, which versions its tables have, and, where they are this program's, what is
// in them.
func (p *Prepared) look(ctx context.Context, o Options) error {
	if !o.Unchecked {
		x, err := store.Examine(ctx, p.dir, false, o.Sets...)
		if err != nil {
			return err
		}
		if len(x.Problems) > 0 {
			return fault.New(fault.Storage, "The database is damaged, so no backup was made: %s.", x.Problems[0]).
				WithHint("`gantry doctor --full` tells all that is wrong; restore the last good backup; --no-verify backs up what is there").
				WithDetail(map[string]any{"problems": anys(x.Problems)})
		}
		for _, v := range x.Versions {
			p.Tables[v.Name] = v.Current
		}
	}
	text, ids, err := orgs.CopyKeys(o.Dir, o.Getenv)
	if err != nil && o.WithKey {
		return err
	}
	if o.WithKey {
		p.key = text
	}
	if len(ids) > 0 {
		p.Keys = ids[:1] // taken for needed where that cannot be told
	}
	s, err := store.Open(ctx, p.dir, store.Options{ReadOnly: true}, o.Sets...)
	if err != nil {
		return nil // tables of another version, or damaged ones that are to be backed up as they are
	}
	defer s.Close()
	needed, contents, err := count(ctx, s, p.CreatedAt)
	if err != nil {
		return nil // as above
	}
	p.Contents = contents
	if len(p.Keys) > 0 {
		if sealed, err := needsKey(ctx, s, p.Keys[0]); err == nil && !sealed {
			p.Keys = nil
		}
	}
	for _, id := range needed {
		if !slices.Contains(p.Keys, id) {
			p.Keys = append(p.Keys, id)
		}
	}
	return nil
}

func count(ctx context.Context, s *store.Store, now time.Time) (keys []string, c *Contents, err error) {
	if keys, err = orgs.KeysInUse(ctx, s); err != nil {
		return nil, nil, err
	}
	survey, err := history.New(s, orgs.NoKeys()).Survey(ctx, now)
	if err != nil {
		return nil, nil, err
	}
	tree := orgs.New(s, orgs.NoKeys(), func() time.Time { return now })
	all, err := tree.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	_, uses, err := tree.Keys(ctx)
	c = &Contents{Organisations: len(all), History: *survey}
	for _, use := range uses {
		c.Secrets += use.Secrets
	}
	return keys, c, err
}

// list writes into the manifest which files there are.
func (p *Prepared) list(ctx context.Context) error {
	for _, name := range []string{orgs.KeyFile, store.DatabaseFile} {
		if name == orgs.KeyFile && p.key == "" {
			p.WithKey = false
			continue
		}
		content, err := p.open(name)
		if err != nil {
			return err
		}
		m, err := memberOf(ctx, name, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return fault.Wrap(err, fault.Storage, "The copy of the database cannot be read: %s.", err)
		}
		p.Members = append(p.Members, m)
	}
	return nil
}

func (p *Prepared) open(name string) (io.ReadCloser, error) {
	if name == orgs.KeyFile {
		return io.NopCloser(newReader([]byte(p.key))), nil
	}
	return os.Open(filepath.Join(p.dir, name))
}

// Close removes the copy.
func (p *Prepared) Close() error {
	var errs []error
	if p.dir != "" && p.lock != nil {
		errs = append(errs, os.RemoveAll(p.dir))
	}
	if p.lock != nil {
		errs = append(errs, p.lock.Close())
		p.lock = nil
	}
	return errors.Join(errs...)
}

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// Last is when the last backup was made of a data directory, and how large it was, in bytes.
type Last struct {
	At   time.Time `json:"at"`
	Size int64     `json:"size"`
}

const lastFile = "last-backup.json"

// NoteLast keeps in the data directory when the last backup was made.
func NoteLast(dir string, l Last) error {
	text, err := json.Marshal(l)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, lastFile), append(text, '\n'), 0o600)
	}
	return err
}

// ReadLast gives when the last backup was made; nil: none was.
func ReadLast(dir string) (*Last, error) {
	text, err := os.ReadFile(filepath.Join(dir, lastFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var l Last
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "%s cannot be read: %s.", filepath.Join(dir, lastFile), err)
	}
	return &l, nil
}

// Name is what the file of a backup is called unless somebody says otherwise.
func Name(at time.Time) string { return "gantry-" + at.UTC().Format("20060102T150405Z") + ".backup" }
