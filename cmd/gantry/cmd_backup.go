package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/backup"
	"gantry/doctor"
	"gantry/failpoint"
	"gantry/fault"
	"gantry/orgs"
	"gantry/server"
	"gantry/store"
)

// backupCommand is one call of gantry backup.
type backupCommand struct {
	app                      *App
	withKey, force, noVerify bool
}

func newBackup(app *App) *cobra.Command {
	b := &backupCommand{app: app}
	cmd := &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Make a backup of the data, also while a server works with it",
		Long: `Writes one file with the whole database as it was at one moment: organisations, variables, secrets as they are
sealed, runs, triggers, users, the audit log. Whoever writes meanwhile does not wait. The copy is looked through
before it is packed, and the file is read again once it is written. FILE may be a folder, or - for standard
output; without it a file named after the time is written here. A file that is there is not overwritten, also with
--force only a backup is, and nothing is written into the data folder.

Not in it: the master key, without which the secrets do not open. Keep a copy of master.key, apart from the
backups. --with-key puts it into the file, in the clear: then the file alone opens every secret.
Nor is the project folder: that belongs in version control.

While it is made it needs as much free room in the data folder as the database is large. Signed in to a server, an
administrator of the MSP fetches a backup of that one.`,
		Example: `  gantry backup
  gantry backup /var/backups/gantry/
  gantry backup - | ssh store 'cat > gantry.backup'`,
		GroupID: groupLook,
		Args:    takes("[FILE]"),
	}
	cmd.Flags().BoolVar(&b.withKey, "with-key", false, "put the master key into the file, in the clear")
	cmd.Flags().BoolVar(&b.force, "force", false, "overwrite FILE, if it is a backup")
	cmd.Flags().BoolVar(&b.noVerify, "no-verify", false, "look neither through the copy nor at the file once it is written")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		name := "."
		if len(args) == 1 {
			name = args[0]
		}
		if name == "-" {
			return b.toOutput(cmd)
		}
		return b.toFile(cmd.Context(), name)
	}
	return cmd
}

func (b *backupCommand) toOutput(cmd *cobra.Command) error {
	if isTerminal(b.app.Out) || b.app.JSON() {
		return usage(cmd, "a backup on standard output goes into a pipe or a file, as it is")
	}
	_, err := b.write(cmd.Context(), b.app.Out)
	return err
}

// madeBackup is what `gantry backup --format json` prints.
type madeBackup struct {
	File     string           `json:"file"`
	Size     int64            `json:"size"`
	Verified bool             `json:"verified"`
	Manifest *backup.Manifest `json:"manifest"`
}

// toFile writes a backup beside where it is to be, and puts it there when it is whole and on the disk.
func (b *backupCommand) toFile(ctx context.Context, name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, backup.Name(b.app.Now()))
	}
	if err := b.checkTarget(name); err != nil {
		return err
	}
	for _, left := range backup.CutOff(filepath.Dir(name)) {
		b.app.Note("An earlier backup was cut off, and has left %s: remove it.", left)
	}
	file, err := backup.Begin(name)
	if err != nil {
		return err
	}
	defer file.Close() // last: as long as it is open nobody takes it for one that was cut off
	defer os.Remove(file.Name())
	size, err := b.write(ctx, file)
	if err = errors.Join(err, file.Sync()); err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return f
		}
		return fault.Wrap(err, fault.Storage, "the backup %s could not be written: %s", name, err).WithHint("check the disk: space and rights")
	}
	made := madeBackup{File: name, Size: size, Verified: !b.noVerify}
	if !b.noVerify {
		if made.Manifest, err = backup.VerifyFile(ctx, file.Name()); err != nil {
			return err
		}
	}
	failpoint.Hit("backup.written")
	if err := b.place(file.Name(), name); err != nil {
		return err
	}
	return b.app.Show(made, func(out io.Writer) error { b.tell(out, made); return nil })
}

// checkTarget refuses to write over what is no backup, and into the data folder with all that lies below it.
func (b *backupCommand) checkTarget(name string) error {
	dir, err := b.app.dataDir()
	if err != nil {
		dir = "" // whoever opens the data says so; for that of a server elsewhere it need not be known
	}
	return backup.CheckTarget(name, dir, b.force)
}

func (b *backupCommand) place(from, to string) error {
	if err := b.checkTarget(to); err != nil { // again: making it has taken its time
		return err
	}
	put := os.Link // keeps a file that has come meanwhile
	if b.force {
		put = os.Rename
	}
	err := put(from, to)
	if err == nil {
		err = store.SyncDirectory(filepath.Dir(to))
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "the backup %s could not be written: %s", to, err)
	}
	return nil
}

// write has a backup made, by the server if there is one, and writes it.
func (b *backupCommand) write(ctx context.Context, w io.Writer) (int64, error) {
	out := &backupProgress{w: w, app: b.app}
	defer out.end()
	c, err := b.server(ctx)
	if err != nil {
		return 0, err
	}
	if c != nil {
		out.say("the server copies its database …")
		return api.FetchBackup(ctx, c, &api.BackUpIn{Body: &api.BackUpBody{WithKey: b.withKey, Unchecked: b.noVerify}}, out)
	}
	dir, inSandbox, err := b.app.whichData(Reading)
	if err != nil {
		return 0, err
	}
	p, err := backup.Prepare(ctx, backup.Options{Dir: dir, Sandbox: inSandbox, WithKey: b.withKey, Unchecked: b.noVerify, Version: buildVersion().Version,
		Getenv: b.app.Getenv, Now: b.app.Now, Sets: server.Tables(), Progress: out.copied})
	if err != nil {
		return 0, err
	}
	size, err := p.WriteTo(out)
	if err = errors.Join(err, p.Close()); err != nil {
		return size, err
	}
	return size, backup.NoteLast(dir, backup.Last{At: p.CreatedAt, Size: size})
}

// server gives the client of the server that has the data; nil: none has.
func (b *backupCommand) server(ctx context.Context) (c *api.Client, err error) {
	if c, err = b.app.remote(); c == nil && err == nil {
		c, err = b.app.overSocket(ctx, Reading)
	} else {
		b.app.far = c != nil
	}
	b.app.client = c
	return c, err
}

func (b *backupCommand) tell(out io.Writer, made madeBackup) {
	m := made.Manifest
	if m == nil {
		fmt.Fprintf(out, "Wrote %s, %s. Nobody has looked whether it is whole.\n", made.File, doctor.Bytes(made.Size))
		return
	}
	fmt.Fprintf(out, "Wrote %s, %s", made.File, doctor.Bytes(made.Size))
	if c := m.Contents; c != nil {
		fmt.Fprintf(out, ": %s of %s, %s", counted(c.History.Runs, "run"), counted(c.Organisations, "organisation"), counted(c.Secrets, "secret"))
	}
	fmt.Fprintln(out, ".")
	fmt.Fprintln(out, "It was read again, and is whole.")
	switch {
	case m.WithKey:
		fmt.Fprintln(out, "The master key is in it, in the clear: keep the file where nobody else reads it.")
	case len(m.Keys) > 0:
		fmt.Fprintf(out, "The master key is not in it (%s): secrets open only with it. Keep a copy of it, apart from this file.\n", b.whereKey())
	}
	fmt.Fprintln(out, "The project folder is not in it: keep that in version control.")
}

// whereKey says where the master key is that goes with the backup.
func (b *backupCommand) whereKey() string {
	dir, _, err := b.app.whichData(Reading)
	path := filepath.Join(dir, orgs.KeyFile)
	switch {
	case b.app.far || err != nil:
		return "on the server"
	case b.app.Getenv(orgs.KeyVariable) != "":
		return orgs.KeyVariable
	case b.app.Getenv(orgs.KeyFileVariable) != "":
		return b.app.Getenv(orgs.KeyFileVariable)
	}
	return path
}

// backupProgress shows on a terminal how far a backup is.
type backupProgress struct {
	w     io.Writer
	app   *App
	n     int64
	shown time.Time
}

func (p *backupProgress) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	p.n += int64(n)
	if p.due() {
		p.say(doctor.Bytes(p.n) + " written …")
	}
	return n, err
}

func (p *backupProgress) copied(done, all int64) {
	if p.due() || done == all {
		p.say(fmt.Sprintf("%s of %s copied …", doctor.Bytes(done), doctor.Bytes(all)))
	}
}

// due bounds how often a terminal is written to.
func (p *backupProgress) due() bool {
	const often = 200 * time.Millisecond
	if time.Since(p.shown) < often {
		return false
	}
	p.shown = time.Now()
	return true
}

func (p *backupProgress) say(text string) {
	if !p.app.Flags.Quiet && isTerminal(p.app.Err) {
		fmt.Fprintf(p.app.Err, "\r\x1b[K%s", text)
	}
}

// end leaves the line empty for what follows.
func (p *backupProgress) end() { p.say("") }
