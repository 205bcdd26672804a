package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/doctor"
	"gantry/fault"
	"gantry/project"
	"gantry/server"
	"gantry/source"
)

func newDoctor(app *App) *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether the data is well",
		Long: `Looks at the data folder on this machine, with or without a server that works with it, and changes nothing:
rights, room on the disk, whether the database is sound and of this version, whether the master key opens the
secrets, runs with which nobody goes on, writes of unknown outcome, events that wait, the last backup, and whether the
project checks. Each is ok, warn or fail, with what to do.

Of a damaged database it tells in which tables; docs/backup.md says how to go on. Whether the other systems can be
reached is for gantry integrations test.

Exit codes: 0 nothing failed, 1 something did.`,
		Example: "  gantry doctor\n  gantry doctor --full --format json",
		GroupID: groupLook,
		Args:    takes(),
	}
	cmd.Flags().BoolVar(&full, "full", false, "compare the database's indexes with its tables, and every event of all runs with its checksum, which takes some seconds for each GB")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return app.doctor(cmd.Context(), full) }
	return cmd
}

func (a *App) doctor(ctx context.Context, full bool) error {
	dir, inSandbox, err := a.whichData(Reading)
	if err != nil {
		return err
	}
	o := doctor.Options{Dir: dir, Full: full, Sets: server.Tables(), Getenv: a.Getenv, Now: a.Now}
	if api.HasSocket(dir) && answers(ctx, dir) {
		o.Server = func(ctx context.Context) (*doctor.Server, error) { return askServer(ctx, dir) }
	}
	checks := append(doctor.Examine(ctx, o), a.checkedProject(ctx)...)
	if hasDatabase(filepath.Join(dir, sandboxFolder)) && !inSandbox {
		checks = append(checks, doctor.Check{Name: "sandbox", Status: doctor.OK, Message: "There is a sandbox's data beside the real data; --sandbox looks at that."})
	}
	worst := doctor.Worst(checks)
	if err := a.Show(map[string]any{"status": worst, "data": dir, "checks": checks}, func(out io.Writer) error {
		a.showChecks(out, checks)
		return nil
	}); err != nil {
		return err
	}
	if worst == doctor.Fail {
		return errFailed
	}
	return nil
}

func askServer(ctx context.Context, dir string) (*doctor.Server, error) {
	c := api.OverSocket(dir)
	defer c.Close()
	status, err := api.ServerStatus.Call(ctx, c, &struct{}{})
	if err != nil {
		return nil, err
	}
	b := status.Body
	now, err := time.Parse(time.RFC3339, b.Now)
	return &doctor.Server{Now: now, Queued: b.Queued, Idle: b.Idle, Broken: len(b.Broken)}, err
}

// checkedProject is what gantry check finds, in one line; and whether old runs are removed as gantry.yaml says.
func (a *App) checkedProject(ctx context.Context) []doctor.Check {
	c := doctor.Check{Name: "project", Status: doctor.Warn, Hint: "`gantry check` shows each"}
	p, err := a.Project(ctx)
	if err != nil {
		c.Message, c.Hint = fmt.Sprintf("The project cannot be checked: %s", fault.From(err).Message), fault.From(err).Hint
		return []doctor.Check{c}
	}
	ds := p.Diagnostics()
	if ds.HasErrors() {
		c.Status, c.Message = doctor.Fail, "The project has mistakes."
	} else {
		c = doctor.Check{Name: "project", Status: doctor.OK, Message: counted(len(p.IDs()), "workflow") + " checked, without mistakes."}
	}
	return append([]doctor.Check{c}, retention(ds)...)
}

// retention tells of rules on old runs that are for nobody, which keeps all rules from being followed.
func retention(ds source.Diagnostics) []doctor.Check {
	var checks []doctor.Check
	for _, d := range ds {
		if d.Code == project.UnknownOrganisation {
			checks = append(checks, doctor.Check{Name: "old runs", Status: doctor.Warn, Message: d.Pos.String() + ": " + d.Message, Hint: d.Hint})
		}
	}
	return checks
}

func (a *App) showChecks(out io.Writer, checks []doctor.Check) {
	style := a.outStyle()
	const most = 10 // details that are shown
	for _, c := range checks {
		mark := map[doctor.Status]string{doctor.OK: style.good("✓ ok  "), doctor.Warn: style.warn("! warn"), doctor.Fail: style.bad("✗ fail")}[c.Status]
		hanging(out, a.width(), fmt.Sprintf("%s  %-15s", mark, c.Name), harmless(c.Message))
		for i, d := range c.Details {
			if i == most {
				fmt.Fprintf(out, "        … and %d more; --format json has all\n", len(c.Details)-most)
				break
			}
			fmt.Fprintf(out, "        %s\n", harmless(d))
		}
		if c.Hint != "" {
			hanging(out, a.width(), "        "+style.dim("hint:")+" ", a.withWholeCommands(&fault.Error{Hint: harmless(c.Hint)}).Hint)
		}
	}
}
