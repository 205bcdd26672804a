package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/connect"
	"gantry/fault"
	"gantry/source"
)

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
		of := f.of(args[0])
		tested, err := aboutOrg(cmd.Context(), app, app.toCall(Writing), f.org, api.TestInstance, &of)
		if err != nil {
			return err
		}
		return app.showTest(tested.Body)
	}
	return cmd
}

// toCall is how the data is opened to call another system: the sandbox's simulators tell the data where they are.
func (a *App) toCall(access Access) Access {
	if a.Flags.Sandbox {
		return Writing
	}
	return access
}

// testDocument is the JSON of a test.
type testDocument struct {
	Organisation string `json:"organisation"`
	Integration  string `json:"integration"`
	Name         string `json:"name"`
	connect.Report
}

func (a *App) showTest(t api.TestReport) error {
	err := a.Show(testDocument{t.Organisation, t.Integration, t.Name, t.Report}, func(out io.Writer) error {
		s := a.outStyle()
		if t.OK {
			fmt.Fprintf(out, "%s %s of %s: %s%s\n", s.good("✓"), t.Name, t.Whose, connect.Successful, warned(t.Report))
		} else {
			fmt.Fprintf(out, "%s %s of %s: no connection\n", s.bad("✗"), t.Name, t.Whose)
		}
		a.showProbes(out, s, t.Report)
		return nil
	})
	if err == nil && !t.OK {
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

// test proves what was collected before it is saved, unless the person does not want that. It gives the
// line that says so.
func (s *instanceSetting) test(ctx context.Context) (string, error) {
	if s.noTest || !s.form.Testable {
		return "", nil
	}
	s.app.Note("Testing the connection …")
	in := &api.TryConfigurationIn{OfInstance: s.of()}
	in.Body.Given, in.Body.Change = s.given, s.existing
	tried, err := api.TryConfiguration.Call(ctx, s.app.client, in)
	if err != nil {
		return "", err
	}
	report := tried.Body.Report
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
