package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/backup"
	"gantry/fault"
	"gantry/server"
)

// restoreCommand is one call of gantry restore.
type restoreCommand struct {
	app                             *App
	o                               backup.RestoreOptions
	keyFile                         string
	check, cancel, resumeUnfinished bool
}

func newRestore(app *App) *cobra.Command {
	r := &restoreCommand{app: app}
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup into the data folder",
		Long: `Puts what gantry backup has written into the data folder (--data; - reads standard input). Everything is
looked at before anything changes there: the hashes, every page of the database, whether a newer Gantry has written
it, whether a master key is there that opens its secrets. Tables of an older Gantry are brought up to date.
Data that is there is refused, or with --force put aside, into a folder before-restore-TIME; nothing is removed.
A folder with which a server works is refused: stop it first.

What the backup holds as still to be done may have been done since it was made. So nothing of it goes on by itself:
runs that had not ended are held, until gantry runs resume or gantry runs cancel decides each; events that were not
decided count as failed, and can be handed in again with gantry triggers refire; schedules do not catch up, and polls
take what is there for seen. --resume-unfinished and --catch-up say otherwise; then writes may be made twice.
A delivery that a sender repeats, whose first one came after the backup, is not recognised.

Everybody has to sign in again. API tokens and passwords are those of the time of the backup, also those that have been
revoked or changed since: look at gantry users list and gantry tokens list.`,
		Example: `  gantry restore gantry-20261122T031500Z.backup --check
  gantry restore gantry-20261122T031500Z.backup --key /mnt/usb/master.key
  gantry restore gantry-20261122T031500Z.backup --force --cancel-unfinished`,
		GroupID: groupLook,
		Args:    takes("FILE"),
	}
	f := cmd.Flags()
	f.BoolVar(&r.check, "check", false, "only tell whether the file is whole, and what is in it")
	f.BoolVar(&r.o.Force, "force", false, "put data that is there aside")
	f.StringVar(&r.keyFile, "key", "", "the `file` with the master key that was kept apart")
	f.BoolVar(&r.o.WithoutKey, "without-key", false, "restore although the master key is not there; secrets have to be set anew")
	f.BoolVar(&r.resumeUnfinished, "resume-unfinished", false, "let runs that had not ended go on with the next gantry serve; writes may be made twice")
	f.BoolVar(&r.cancel, "cancel-unfinished", false, "cancel runs that had not ended; they can be resumed")
	f.BoolVar(&r.o.CatchUp, "catch-up", false, "fire what triggers have missed since the backup; writes may be made twice")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return r.run(cmd, args[0]) }
	return cmd
}

func (r *restoreCommand) run(cmd *cobra.Command, name string) error {
	ctx := cmd.Context()
	if r.cancel && r.resumeUnfinished {
		return usage(cmd, "--resume-unfinished and --cancel-unfinished exclude each other")
	}
	if r.keyFile != "" {
		if err := r.readKey(r.keyFile); err != nil {
			return err
		}
	}
	if r.check {
		return r.onlyCheck(ctx, name)
	}
	dir, err := r.app.dataDir()
	if err != nil {
		return err
	}
	if r.o.Sandbox = r.app.Flags.Sandbox; r.o.Sandbox {
		dir = filepath.Join(dir, sandboxFolder)
	}
	r.o.Dir, r.o.TakeUp, r.o.Getenv, r.o.Now, r.o.Sets = dir, r.resumeUnfinished, r.app.Getenv, r.app.Now, server.Tables()
	if !api.HasSocket(dir) || !answers(ctx, dir) { // a server that works is not waited for
		r.o.Patience, r.o.Waiting = r.app.LockPatience, r.app.saysItWaits
	}
	r.o.Progress = func(step string) { r.app.Note("%s …", step) }
	restored, err := r.restore(ctx, name)
	if err != nil {
		return err
	}
	cancelled := 0
	if r.cancel && restored.Stilled.Runs > 0 {
		r.app.Flags.Here = true // the data on this machine, whatever server one has signed in to
		if cancelled, err = r.cancelHeld(ctx); err != nil {
			r.app.Note("Not all runs could be cancelled, the others are held: %s", fault.From(err).Message)
		}
	}
	return r.app.Show(restored, func(out io.Writer) error { r.tell(out, restored, cancelled); return nil })
}

func (r *restoreCommand) readKey(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fault.Wrap(err, fault.Usage, "the key file %s cannot be read: %s", path, err).WithHint("name the master.key that was kept apart from the backups")
	}
	r.o.Key = string(text)
	return nil
}

// restore asks for the key where it is missing and somebody can be asked.
func (r *restoreCommand) restore(ctx context.Context, name string) (*backup.Restored, error) {
	restored, err := r.once(ctx, name)
	if err == nil || fault.From(err).Code != fault.Secret || r.o.Key != "" || name == "-" || !isTerminal(r.app.Out) || r.app.JSON() {
		return restored, err
	}
	fmt.Fprintf(r.app.Err, "%s\nFile with the master key (empty: give up): ", fault.From(err).Message)
	path, _ := bufio.NewReader(io.LimitReader(r.app.In, 4096)).ReadString('\n')
	if path = strings.TrimSpace(path); path == "" {
		return nil, err
	}
	if err := r.readKey(path); err != nil {
		return nil, err
	}
	return r.once(ctx, name)
}

func (r *restoreCommand) once(ctx context.Context, name string) (*backup.Restored, error) {
	file, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return backup.Restore(ctx, file, r.o)
}

func (r *restoreCommand) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(r.app.In), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "the backup %s cannot be read: %s", name, err).WithHint("name a file that gantry backup has written, or - for standard input")
	}
	return file, nil
}

func (r *restoreCommand) onlyCheck(ctx context.Context, name string) error {
	file, err := r.open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	m, err := backup.Verify(ctx, file)
	if err != nil {
		return err
	}
	return r.app.Show(m, func(out io.Writer) error {
		fmt.Fprintf(out, "The backup is whole: of %s, by Gantry %s.\n", m.CreatedAt.Local().Format("2006-01-02 15:04:05"), m.Gantry)
		if m.Contents != nil {
			r.contents(out, m.Contents)
		}
		switch {
		case m.WithKey:
			fmt.Fprintln(out, "The master key is in it.")
		case len(m.Keys) > 0:
			fmt.Fprintf(out, "The master key is not in it: it needs %s.\n", strings.Join(m.Keys, ", "))
		}
		return nil
	})
}

func (r *restoreCommand) contents(out io.Writer, c *backup.Contents) {
	fmt.Fprintf(out, "  %s, %s, %s", counted(c.History.Runs, "run"), counted(c.Organisations, "organisation"), counted(c.Secrets, "secret"))
	if c.History.Newest != nil {
		fmt.Fprintf(out, "; the newest run is of %s", c.History.Newest.Local().Format("2006-01-02 15:04:05"))
	}
	fmt.Fprintln(out)
}

func (r *restoreCommand) tell(out io.Writer, b *backup.Restored, cancelled int) {
	fmt.Fprintf(out, "Restored the backup of %s into %s:\n", b.Manifest.CreatedAt.Local().Format("2006-01-02 15:04:05"), b.Dir)
	r.contents(out, &b.Contents)
	if b.Migrated {
		fmt.Fprintf(out, "  brought up to date from Gantry %s\n", b.Manifest.Gantry)
	}
	if b.Aside != "" {
		fmt.Fprintf(out, "  what was there before is in %s\n", b.Aside)
	}
	if b.Key == "missing" {
		fmt.Fprintln(out, "  the master key is not there: set the secrets anew")
	}
	if len(b.Orphans) > 0 {
		fmt.Fprintf(out, "  rows are there whose owner is missing: %s\n", strings.Join(b.Orphans, "; "))
	}
	s := b.Stilled
	if s.Runs > cancelled {
		fmt.Fprintf(out, "\n%s had not ended. What they do next may have been done since, so they are held:\n  %s shows them, %s or %s decides each.\n", counted(s.Runs-cancelled, "run"),
			r.app.command("runs list --status paused"), r.app.command("runs resume RUN"), r.app.command("runs cancel RUN"))
	}
	if cancelled > 0 {
		fmt.Fprintf(out, "\nCancelled %s that had not ended: %s shows them.\n", counted(cancelled, "run"), r.app.command("runs list --status cancelled"))
	}
	if n := b.Contents.History.Unfinished; r.resumeUnfinished && n > 0 {
		fmt.Fprintf(out, "\n%s had not ended: the next gantry serve goes on with them. Writes that were made after the backup are made again.\n", counted(n, "run"))
	}
	for _, line := range []struct {
		n    int
		what string
	}{
		{s.Events, "not decided, and set aside as failed: gantry triggers refire hands one in again"},
		{s.Ends, "not told to completion triggers"},
	} {
		if line.n > 0 {
			fmt.Fprintf(out, "%s %s.\n", counted(line.n, "event"), line.what)
		}
	}
	if s.Timers+s.Polls > 0 {
		fmt.Fprintf(out, "%s not caught up, %s begun anew: what came between the backup and now fires nothing.\n", counted(s.Timers, "schedule"), counted(s.Polls, "poll"))
	}
	fmt.Fprintf(out, "\nEverybody has to sign in again. Tokens that were revoked since are valid again: see %s.\n", r.app.command("tokens list"))
	fmt.Fprintf(out, "%s looks whether all is well.\n", r.app.command("doctor"))
}

// cancelHeld cancels the runs that are held.
func (r *restoreCommand) cancelHeld(ctx context.Context) (cancelled int, err error) {
	c, err := r.app.Client(ctx, Writing)
	if err != nil {
		return 0, err
	}
	held, err := r.app.data.History.Held(ctx)
	if err != nil {
		return 0, err
	}
	for _, h := range held {
		in := &api.CancelRunIn{OfRunIn: api.OfRunIn{Run: h.Run}, Body: &struct {
			Reason string `json:"reason,omitempty"`
		}{h.Why}}
		if _, failed := api.CancelRun.Call(ctx, c, in); failed != nil {
			err = failed
			continue
		}
		for _, failed := range api.FollowRun.Follow(ctx, c, &api.FollowRunIn{OfRunIn: in.OfRunIn}, 0) { // until the end is on disk
			if failed != nil {
				err = failed
			}
		}
		cancelled++
	}
	return cancelled, err
}
