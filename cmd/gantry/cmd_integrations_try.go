package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// connectionTime bounds a test of a connection.
const connectionTime = time.Minute

func newIntegrationsTest(app *App) *cobra.Command {
	var f instanceFlags
	cmd := &cobra.Command{
		Use:     "test INTEGRATION",
		Short:   "Test the connection of an instance",
		Example: "  gantry integrations test halo\n  gantry integrations test halo --org contoso",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		access := Reading
		if app.Flags.Sandbox {
			access = Writing // the simulators tell the data where they are
		}
		c, err := app.choose(ctx, access, args[0], f)
		if err != nil {
			return err
		}
		if app.Flags.Sandbox {
			if _, err := app.Runtime(ctx); err != nil {
				return err
			}
			if c.in, err = instanceOf(ctx, c.data, c.org, c.of, c.in.Name); err != nil {
				return err
			}
		}
		secrets, err := c.data.Orgs.InstanceSecrets(ctx, c.org.ID, c.in.ID)
		if err != nil {
			return err
		}
		return app.showTest(ctx, c, secrets)
	}
	return cmd
}

// testDocument is the JSON of a test.
type testDocument struct {
	Organisation string `json:"organisation"`
	Integration  string `json:"integration"`
	Name         string `json:"name"`
	connect.Report
}

func (a *App) showTest(ctx context.Context, c chosenInstance, secrets map[string]string) error {
	report, err := a.testConnection(ctx, connect.Trial{Integration: c.of, Organisation: c.org, Instance: c.in, Secrets: secrets})
	if err != nil {
		return err
	}
	err = a.Show(testDocument{c.org.Slug, c.of.ID, c.in.Name, report}, func(out io.Writer) error {
		s := a.outStyle()
		if report.OK {
			fmt.Fprintf(out, "%s %s of %s: %s%s\n", s.good("✓"), c.in.Name, c.org.Name, connect.Successful, warned(report))
		} else {
			fmt.Fprintf(out, "%s %s of %s: no connection\n", s.bad("✗"), c.in.Name, c.org.Name)
		}
		a.showProbes(out, s, report)
		return nil
	})
	if err == nil && !report.OK {
		return errFailed
	}
	return err
}

func warned(r connect.Report) string {
	if n := r.Warned(); n > 0 {
		return fmt.Sprintf(", with %s", counted(n, "warning"))
	}
	return ""
}

// showProbes writes each probe with what is wrong about it, and what is missing altogether.
func (a *App) showProbes(out io.Writer, s style, r connect.Report) {
	hint := ""
	var skipped []string
	for _, p := range r.Probes {
		if p.Status == connect.ProbeSkipped {
			skipped = append(skipped, p.Title)
			continue
		}
		fmt.Fprintf(out, "  %s %s\n", probeGlyph(s, p.Status), p.Title)
		if p.Error != nil {
			said := *p.Error
			if said.Hint == hint { // of the probe before: the same cause
				said.Hint = ""
			}
			hint = p.Error.Hint
			a.showError(out, s, &said, "      ")
		}
		for _, w := range p.Warnings {
			showWarning(out, w, "      ")
		}
	}
	a.showSkipped(out, s, skipped)
	for _, w := range r.Warnings {
		fmt.Fprintf(out, "  %s %s\n", s.warn("!"), w.Message)
		fmt.Fprintf(out, "      hint: %s\n", w.Hint)
	}
	if len(r.Missing) > 0 {
		fmt.Fprintf(out, "  missing: %s\n", strings.Join(r.Missing, ", "))
	}
}

// showSkipped names in one paragraph the probes that could teach nothing more.
func (a *App) showSkipped(out io.Writer, s style, titles []string) {
	if len(titles) == 0 {
		return
	}
	width := 1 << 20 // unbroken in pipes and files
	if isTerminal(a.Out) {
		width = a.width() - 4
	}
	for i, line := range wrapped("not tried: "+strings.Join(titles, ", "), width) {
		glyph := " "
		if i == 0 {
			glyph = probeGlyph(s, connect.ProbeSkipped)
		}
		fmt.Fprintf(out, "  %s %s\n", glyph, line)
	}
}

func showWarning(out io.Writer, w *fault.Error, indent string) {
	fmt.Fprintln(out, indent+source.OneLine(w.Message))
	if w.Hint != "" {
		fmt.Fprintln(out, indent+"hint: "+source.OneLine(w.Hint))
	}
}

func probeGlyph(s style, status string) string {
	switch status {
	case connect.ProbeOK:
		return s.good("✓")
	case connect.ProbeWarning:
		return s.warn("!")
	case connect.ProbeSkipped:
		return s.dim("–")
	}
	return s.bad("✗")
}

// testConnection tries a configuration, saved or not.
func (a *App) testConnection(ctx context.Context, t connect.Trial) (connect.Report, error) {
	service, err := a.Connect(ctx, Calling)
	if err != nil {
		return connect.Report{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectionTime)
	defer cancel()
	return service.Try(ctx, t)
}

// callFor carries out one action with an instance, outside of any run, within the time of a test.
func (a *App) callFor(ctx context.Context, id string, inputs map[string]any, org orgs.Organisation, in orgs.Instance, secrets map[string]string) (actions.Outcome, error) {
	c, err := a.Connect(ctx, Reading)
	if err != nil {
		return actions.Outcome{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectionTime)
	defer cancel()
	return c.CallWith(ctx, id, inputs, org, in, secrets)
}

// test proves what was collected before it is saved, unless the person does not want that. It gives the
// line that says so.
func (s *instanceSetting) test(ctx context.Context, org orgs.Organisation, in orgs.Instance) (string, error) {
	if s.noTest || len(s.of.Test) == 0 {
		return "", nil
	}
	in.Config = s.made.Config
	s.app.Note("Testing the connection …")
	report, err := s.app.testConnection(ctx, connect.Trial{Integration: s.of, Organisation: org, Instance: in, Secrets: s.made.Secrets})
	if err != nil {
		return "", err
	}
	shown := !s.app.Flags.Quiet && (!report.OK || report.Warned() > 0)
	if shown {
		s.app.showProbes(s.app.Err, s.app.errStyle(), report)
	}
	f := report.Error
	if report.OK {
		return connect.Successful + warned(report) + ". ", nil
	}
	if s.force {
		s.app.Note("The connection failed: %s", f.Message)
		return "", nil
	}
	hint := "--force saves it all the same"
	if shown && !s.app.JSON() { // what is wrong has just been said
		return "", fault.Wrap(workError{f}, f.Code, "not saved, for the test of the connection failed").WithHint("%s", hint)
	}
	if f.Hint != "" {
		hint = f.Hint + "; " + hint
	}
	return "", fault.Wrap(workError{f}, f.Code, "not saved, for the test of the connection failed: %s", f.Message).WithHint("%s", hint).WithDetail(f.Detail)
}
