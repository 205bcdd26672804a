package backup

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// RestoreOptions say where a backup goes, and what of it goes on by itself.
type RestoreOptions struct {
	Dir        string // the data directory
	Sandbox    bool   // it is the sandbox's
	Force      bool   // put what is there aside
	Key        string // text of a master.key; "": what there is
	WithoutKey bool   // restore although no key is there that opens the secrets
	TakeUp     bool   // runs that had not ended are not held: a server goes on with them
	CatchUp    bool   // what triggers missed since the backup is fired
	Getenv     func(string) string
	Now        func() time.Time
	Sets       []store.MigrationSet
	Progress   func(step string) // may be nil

	Patience time.Duration   // waits so long for a process that owns the directory: one that was killed has it for a moment
	Waiting  func(owner int) // told once, when it has waited for a second; may be nil
}

// Restored is what was restored.
type Restored struct {
	Manifest Manifest  `json:"manifest"`
	Dir      string    `json:"data"`
	Aside    string    `json:"aside,omitempty" doc:"Where what was there before is now"`
	Key      string    `json:"master_key" enum:"given,backup,environment,kept,missing,none" doc:"Where the master key comes from; none: nothing is sealed"`
	Migrated bool      `json:"migrated" doc:"Its tables were of an older version, and were brought up to date"`
	Orphans  []string  `json:"orphans,omitempty" doc:"Rows whose owner is missing"`
	Contents Contents  `json:"contents"`
	Stilled  Stilled   `json:"stilled" doc:"What does not go on by itself"`
	At       time.Time `json:"restored_at"`
}

// Restore puts a backup into a data directory. Whatever is wrong with it is found before anything there changes: it is
// unpacked beside, its hashes are compared, the database is looked through, and brought up to date. What was there before is put
// aside, never removed. A directory that a process owns and keeps gives fault.Locked, one that has data fault.Exists without Force.
func Restore(ctx context.Context, from io.Reader, o RestoreOptions) (_ *Restored, err error) {
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	a, err := openArchive(from)
	if err != nil {
		return nil, err
	}
	defer a.close()
	if err := a.fits(o.Sandbox); err != nil {
		return nil, err
	}
	made := missingFolders(o.Dir)
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Storage, "The data directory %s cannot be made: %s.", o.Dir, err).WithHint("choose another with --data")
	}
	defer func() {
		if err != nil {
			removeEmpty(made)
		}
	}()
	if err := vacant(o); err != nil {
		return nil, err
	}
	held, err := store.Hold(ctx, o.Dir, store.Options{Wait: o.Patience, Waiting: o.Waiting})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil && len(made) > 0 {
			_ = os.Remove(filepath.Join(o.Dir, store.LockFile)) // while it is held: nobody else has come to use it
		}
		err = errors.Join(err, held.Release())
	}()
	r := &restoring{o: o, archive: a, held: held, dir: filepath.Join(o.Dir, store.RestoreFolder)}
	defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	if err := r.replace(); err != nil {
		return nil, err
	}
	return &r.Restored, nil
}

// fits refuses to mix simulated systems with real ones.
func (a *archive) fits(sandbox bool) error {
	switch {
	case a.Sandbox && !sandbox:
		return fault.New(fault.Conflict, "The backup is of a sandbox.").WithHint("restore it with --sandbox")
	case sandbox && !a.Sandbox:
		return fault.New(fault.Conflict, "The backup is of real data, and not of a sandbox.").WithHint("restore it without --sandbox")
	}
	return nil
}

// vacant refuses a directory that has data, unless that may be put aside.
func vacant(o RestoreOptions) error {
	if _, err := os.Lstat(filepath.Join(o.Dir, store.DatabaseFile)); err == nil && !o.Force {
		return fault.New(fault.Exists, "There is data in %s already.", o.Dir).
			WithHint("restore into another folder with --data; or add --force, which puts what is there aside, into a folder of its own")
	}
	return nil
}

// restoring is one restore under way. dir is where it is unpacked.
type restoring struct {
	Restored
	o       RestoreOptions
	archive *archive
	held    *store.Holding
	dir     string
	key     string // text of the master.key that is to be there; "": none
}

// prepare makes a data directory beside the one that is to be: all that can go wrong goes wrong here.
func (r *restoring) prepare(ctx context.Context) error {
	r.Manifest, r.Dir, r.At = r.archive.Manifest, r.o.Dir, r.o.Now().UTC()
	if err := os.RemoveAll(r.dir); err != nil {
		return unwritable(r.dir, err)
	}
	if err := os.Mkdir(r.dir, 0o700); err != nil {
		return unwritable(r.dir, err)
	}
	r.o.Progress("unpacking")
	packed := ""
	if err := r.archive.each(ctx, func(name string, content io.Reader) error {
		switch name {
		case orgs.KeyFile:
			text, err := io.ReadAll(io.LimitReader(content, maxManifest))
			packed = string(text)
			return err
		case store.DatabaseFile:
			return unpack(filepath.Join(r.dir, name), content)
		}
		return damaged(nil, "it has a file %q, which is none of a backup's", name)
	}); err != nil {
		return err
	}
	if err := r.chooseKey(packed); err != nil {
		return err
	}
	r.o.Progress("looking through the database")
	if err := r.examine(ctx); err != nil {
		return err
	}
	r.o.Progress("bringing it up to date")
	return r.finish(ctx)
}

func unpack(path string, content io.Reader) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return fault.Wrap(err, fault.Storage, "%s cannot be written: %s.", path, err).WithHint("check the disk of the data folder: space and rights; nothing was changed")
}

// examine refuses a database that is damaged, or newer than this program.
func (r *restoring) examine(ctx context.Context) error {
	x, err := store.Examine(ctx, r.dir, true, r.o.Sets...)
	if err != nil {
		return err
	}
	if len(x.Problems) > 0 {
		return damaged(nil, "its database is not sound: %s", x.Problems[0]).WithDetail(map[string]any{"problems": anys(x.Problems)})
	}
	for _, v := range x.Versions {
		if v.Current > v.Known {
			return fault.New(fault.Storage, "The backup was made by a newer Gantry (%s; its tables of %s are at version %d, this program knows %d).", r.Manifest.Gantry, v.Name, v.Current, v.Known).
				WithHint("restore it with that version, or a newer one; nothing was changed")
		}
		r.Migrated = r.Migrated || v.Current < v.Known
	}
	r.Orphans = x.Orphans
	return nil
}

// finish brings the tables up to date, stills what must not go on by itself, and counts what there is.
func (r *restoring) finish(ctx context.Context) (err error) {
	s, err := store.Open(ctx, r.dir, store.Options{}, r.o.Sets...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if r.Stilled, err = still(ctx, s, r.o, r.Manifest.CreatedAt); err != nil {
		return err
	}
	_, contents, err := count(ctx, s, r.At)
	if err != nil {
		return err
	}
	r.Contents = *contents
	return nil
}

// chooseKey finds the master key that the secrets need: the one that was given, that in the backup, or what the
// environment or the directory have.
func (r *restoring) chooseKey(packed string) error {
	found, err := r.findKey(packed)
	if err != nil {
		return err
	}
	lacking := orgs.LackOf(r.Manifest.Keys, found)
	if len(lacking) == 0 || r.o.WithoutKey {
		if len(lacking) > 0 {
			r.Key = "missing"
		}
		return nil
	}
	return r.noKey(lacking, packed)
}

// noKey refuses a restore whose secrets would not open, and tells a key that is not there from one that is another.
func (r *restoring) noKey(lacking []string, packed string) error {
	const needs = "Secrets, or other values that are sealed in this backup, need the master key %s, "
	f := fault.New(fault.Secret, needs+"which is not in it and not here.", lacking[0]).
		WithHint("add --key FILE with the master.key that was kept apart (or set %s); %s", orgs.KeyVariable, restoreWithoutKey)
	if r.o.Key != "" {
		given, _ := orgs.KeyIDs(r.o.Key) // it has been read
		f = fault.New(fault.Secret, needs+"and the key file that was given holds %s.", lacking[0], strings.Join(given, ", ")).
			WithHint("give the master.key that was kept apart of the data that this is a backup of; %s", restoreWithoutKey)
		if inIt, _ := orgs.KeyIDs(packed); len(orgs.LackOf(r.Manifest.Keys, inIt)) == 0 {
			f = f.WithHint("leave --key out: the key is in the backup")
		}
	}
	return f.WithDetail(map[string]any{"master_keys": anys(lacking)})
}

const restoreWithoutKey = "--without-key restores all but the secrets, which are to be set anew"

// findKey sets the key that is to be written, and gives the ids of all that there are then.
func (r *restoring) findKey(packed string) (ids []string, err error) {
	there, here, err := orgs.CopyKeys(r.o.Dir, r.o.Getenv)
	if err != nil {
		return nil, err
	}
	switch {
	case r.o.Key != "":
		r.Key, r.key = "given", r.o.Key
	case packed != "":
		r.Key, r.key = "backup", packed
	case there == "":
		if r.Key = "missing"; len(r.Manifest.Keys) == 0 {
			r.Key = "none"
		}
		return nil, nil
	case fileExists(filepath.Join(r.o.Dir, orgs.KeyFile)):
		r.Key = "kept" // it stays where it is
		return here, nil
	default:
		r.Key = "environment"
		return here, nil
	}
	ids, err = orgs.KeyIDs(r.key)
	if err == nil {
		err = orgs.PlaceKeys(r.dir, r.key)
	}
	return append(ids, here...), err
}

func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
