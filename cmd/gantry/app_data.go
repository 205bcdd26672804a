package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/project"
	"gantry/server"
	"gantry/store"
)

// Data is an open data directory.
type Data = server.Data

// Access says what a command does with the data.
type Access int

// Reading works beside a process that owns the data directory; Calling as well, but never with another
// data directory than the one that was asked for, since it reaches into real systems; Writing takes it.
const (
	Reading Access = iota
	Calling
	Writing
)

// sandboxFolder is where the sandbox's data lies, below the real data.
const sandboxFolder = "sandbox"

// Data opens the data directory: with --sandbox that of the sandbox, seeded when it is new, else the
// real one, where Writing makes what is missing and the root organisation.
//
// Reading looks into the sandbox's data by itself where there is no other, and says so: whoever only
// ever tried the sandbox means that.
func (a *App) Data(ctx context.Context, access Access) (*Data, error) {
	if a.data != nil {
		if access == Writing && a.data.Store.ReadOnly() {
			return nil, fault.New(fault.Internal, "the data was opened for reading and is now to be written")
		}
		return a.data, nil
	}
	dir, inSandbox, err := a.whichData(access)
	if err != nil {
		return nil, err
	}
	if inSandbox && !hasDatabase(dir) {
		access = Writing // the first use seeds it
	}
	d, err := a.openData(ctx, dir, access)
	if err != nil {
		return nil, err
	}
	d.Sandbox = inSandbox
	a.data = d
	if len(d.Lacking) > 0 {
		a.Note("Some secrets here were sealed with a master key that is not there (%s), so they do not open. Add its line to %s, or set them anew.",
			strings.Join(d.Lacking, ", "), filepath.Join(dir, orgs.KeyFile))
	}
	if access == Writing {
		return d, a.prepare(ctx, d)
	}
	return d, nil
}

// whichData gives the data folder that a command means, and whether it is the sandbox's.
func (a *App) whichData(access Access) (dir string, inSandbox bool, err error) {
	if dir, err = a.dataDir(); err != nil {
		return "", false, err
	}
	sandbox := filepath.Join(dir, sandboxFolder)
	if a.Flags.Sandbox {
		return sandbox, true, nil
	}
	if access == Reading && !hasDatabase(dir) && hasDatabase(sandbox) {
		a.sandboxNoted.Do(func() {
			a.Note("There is only the sandbox's data here, so this shows the sandbox (as with --sandbox).")
		})
		return sandbox, true, nil
	}
	return dir, false, nil
}

// hasDatabase tells whether there is a database in a folder. One that may not be looked into counts as one:
// opening it says what is the matter.
func hasDatabase(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, store.DatabaseFile))
	return err == nil || errors.Is(err, fs.ErrPermission)
}

// lockPatience is how long a command waits for another one to give the data directory free.
const lockPatience = 5 * time.Second

func (a *App) openData(ctx context.Context, dir string, access Access) (*Data, error) {
	o := server.DataOptions{Store: store.Options{ReadOnly: access != Writing, Wait: a.LockPatience, Waiting: a.saysItWaits}, Getenv: a.Getenv, Now: a.Now}
	if access == Reading {
		o.WithoutKeys = func(err error) { a.Note("%s", err) }
	}
	return server.OpenData(ctx, dir, o)
}

// saysItWaits tells that another process owns the data directory, while this one waits for it to end.
func (a *App) saysItWaits(owner int) {
	who := "another gantry"
	if owner != 0 {
		who = fmt.Sprintf("another gantry (process %d)", owner)
	}
	a.Note("Waiting for %s to finish with the data folder …", who)
}

// prepare gives a data directory what it needs before anything can be done in it.
func (a *App) prepare(ctx context.Context, d *Data) error {
	made, err := d.Prepare(ctx, a.Settings)
	if made != nil {
		a.Note("Made the organisation %s (%s) and the data folder %s.", made.Slug, made.Name, d.Dir)
	}
	return err
}

// Organisation finds an organisation by its slug; none means the MSP. One that only the sandbox has
// gives a hint.
func (a *App) Organisation(ctx context.Context, d *Data, slug string) (orgs.Organisation, error) {
	if slug == "" {
		return d.Orgs.Root(ctx)
	}
	org, err := d.Orgs.BySlug(ctx, slug)
	return org, a.HintSandbox(ctx, d, err, func(other *Data) bool {
		_, err := other.Orgs.BySlug(ctx, slug)
		return err == nil
	})
}

// HintSandbox adds to the error of something missing that the sandbox has it, if there says so.
func (a *App) HintSandbox(ctx context.Context, d *Data, err error, there func(other *Data) bool) error {
	if err == nil || d.Sandbox || fault.From(err).Code != fault.Missing {
		return err
	}
	dir := filepath.Join(d.Dir, sandboxFolder)
	if !hasDatabase(dir) {
		return err
	}
	other, openErr := a.openData(ctx, dir, Reading)
	if openErr != nil {
		return err
	}
	defer other.Store.Close()
	if !there(other) {
		return err
	}
	return fault.Wrap(err, fault.Missing, "%s", fault.From(err).Message).WithHint("the sandbox has it: add --sandbox")
}

// known gives what a project is checked with: the variables that every organisation has, and who the organisations are.
// Without a data directory these are not known, and none is made to learn them.
func (a *App) known(ctx context.Context) (project.Options, error) {
	o := project.Options{Getenv: a.Getenv}
	d := a.data
	if d == nil {
		dir, err := a.dataDir()
		if err != nil {
			return o, nil // gantry.yaml is wrong, which the project tells
		}
		if a.Flags.Sandbox {
			dir = filepath.Join(dir, sandboxFolder)
		}
		if !hasDatabase(dir) {
			return o, nil
		}
		unsealed := func(error) {} // none of it is secret
		if d, err = server.OpenData(ctx, dir, server.DataOptions{Store: store.Options{ReadOnly: true}, Getenv: a.Getenv, Now: a.Now, WithoutKeys: unsealed}); err != nil {
			return o, err
		}
		defer d.Store.Close()
	}
	vars, err := d.Orgs.Guaranteed(ctx)
	if err != nil {
		return o, err
	}
	o.OrgVars, o.OrgVarsKnown = vars, true
	all, err := d.Orgs.List(ctx)
	for _, org := range all {
		o.OrgSlugs = append(o.OrgSlugs, org.Slug)
	}
	return o, err
}
