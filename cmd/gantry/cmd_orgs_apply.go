package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

func newOrgsApply(app *App) *cobra.Command {
	a := &applying{app: app}
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Make the organisations what a YAML file says",
		Long: `Makes organisations, their variables, instances of integrations and mappings what a YAML file says, all or
nothing. It shows what it will do first. What the file does not speak of is left alone; with --prune it is
removed: organisations that the file does not have (they can be restored), and of those it has the
variables, instances and mappings that it does not have in a section of that name. Before anything is
removed it asks. Applying the same file again changes nothing.

Secrets never stand in the file: {secret: {from: env:NAME}} reads one from the environment, {secret: {from:
file:PATH}} from a file, and {secret: keep} leaves what is stored. A variable gets another type, or a secret
becomes readable, only with retype: true; an entity of another organisation is mapped only with shared: true.
gantry orgs export writes such a file; gantry schema orgs its schema.`,
		Example: `  gantry orgs apply organisations.yaml --dry-run
  gantry orgs apply organisations.yaml --prune --yes`,
		Args: takes("FILE"),
	}
	cmd.Flags().BoolVar(&a.request.Body.DryRun, "dry-run", false, "show what would be done and do nothing")
	cmd.Flags().BoolVar(&a.request.Body.Prune, "prune", false, "remove what the file does not have")
	cmd.Flags().BoolVar(&a.yes, "yes", false, "do not ask before removing")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), args[0]) }
	return cmd
}

// applying is one call of gantry orgs apply.
type applying struct {
	app     *App
	request api.ApplyOrganisationsIn
	yes     bool
}

func (a *applying) run(ctx context.Context, path string) error {
	text, err := a.app.readInput(path, maxFile)
	if err != nil {
		return err
	}
	a.request.Body.Name, a.request.Body.Text = path, string(text)
	file, ds := orgs.ParseFile(path, text)
	if ds.HasErrors() {
		return a.show(nil, ds)
	}
	access := Writing
	if a.request.Body.DryRun {
		access = Reading
	}
	c, err := a.app.Client(ctx, access)
	if err != nil {
		return err
	}
	a.readSecrets(file)
	dry := a.request
	dry.Body.DryRun = true
	plan, err := api.ApplyOrganisations.Call(ctx, c, &dry)
	if err != nil {
		return err
	}
	changes, found := plan.Body.Changes, api.SourceDiagnostics(plan.Body.Diagnostics)
	if a.request.Body.DryRun || len(changes) == 0 || found.HasErrors() {
		return a.show(changes, found)
	}
	if n := (orgs.Plan{Changes: changes}).Removals(); n > 0 && !a.yes {
		if !a.app.JSON() {
			a.changes(a.app.Err, changes)
		}
		if err := a.app.confirm(fmt.Sprintf("this removes %s; go on?", counted(n, "thing"))); err != nil {
			return err
		}
	}
	a.request.Body.Expect = &changes
	done, err := api.ApplyOrganisations.Call(ctx, c, &a.request)
	if err != nil {
		return err
	}
	return a.show(done.Body.Changes, api.SourceDiagnostics(done.Body.Diagnostics))
}

// readSecrets reads what env:NAME and file:PATH in the file stand for; what cannot be read is told where the file names it.
func (a *applying) readSecrets(file *orgs.File) {
	a.request.Body.Secrets, a.request.Body.Unread = map[string]string{}, map[string]api.UnreadSecret{}
	for _, from := range file.SecretSources() {
		value, err := a.app.secretNamed(from)
		if err != nil {
			f := fault.From(err)
			a.request.Body.Unread[from] = api.UnreadSecret{Code: f.Code, Message: f.Message, Hint: f.Hint}
			continue
		}
		a.request.Body.Secrets[from] = value
	}
}

// applyDocument is an application in JSON.
type applyDocument struct {
	DryRun      bool          `json:"dry_run"`
	Changes     []orgs.Change `json:"changes"`
	Diagnostics []report      `json:"diagnostics"`
}

// show tells what was done, or would be, and what is wrong with the file.
func (a *applying) show(changes []orgs.Change, told source.Diagnostics) error {
	dryRun, wrong := a.request.Body.DryRun, told.HasErrors()
	doc := applyDocument{DryRun: dryRun, Changes: append([]orgs.Change{}, changes...), Diagnostics: reports(told)}
	err := a.app.Show(doc, func(out io.Writer) error {
		told.Render(out, source.Texts{a.request.Body.Name: a.withoutSecrets(told)}, a.app.outStyle().on)
		if len(told) > 0 {
			fmt.Fprintln(out)
		}
		switch {
		case wrong:
			fmt.Fprintf(out, "%s: nothing was changed\n", counted(told.Errors(), "error"))
		case len(changes) == 0:
			fmt.Fprintln(out, "Everything is as the file says.")
		default:
			a.changes(out, changes)
			if dryRun {
				fmt.Fprintf(out, "\nNothing was changed, it would be %s.\n", counted(len(changes), "change"))
			} else {
				fmt.Fprintf(out, "\nDone: %s.\n", counted(len(changes), "change"))
			}
		}
		return nil
	})
	if err == nil && wrong {
		return errFailed
	}
	return err
}

// withoutSecrets gives the file's text for excerpts without lines that hold a secret in the clear.
func (a *applying) withoutSecrets(ds source.Diagnostics) []byte {
	lines := strings.Split(a.request.Body.Text, "\n")
	for _, d := range ds {
		if at := d.Pos.Line - 1; d.Code == "secret" && at >= 0 && at < len(lines) {
			lines[at] = ""
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func (a *applying) changes(out io.Writer, all []orgs.Change) {
	s := a.app.outStyle()
	for _, c := range all {
		sign := s.warn("~")
		switch c.Action {
		case orgs.ActionCreate:
			sign = s.good("+")
		case orgs.ActionRemove:
			sign = s.bad("-")
		case orgs.ActionRestore:
			sign = s.good("↑")
		}
		line := c.Kind + " " + c.Organisation
		if c.Name != "" {
			line = c.Kind + " " + c.Name + " of " + c.Organisation
		}
		if c.Detail != "" {
			line += ": " + source.OneLine(c.Detail)
		}
		fmt.Fprintf(out, "%s %s\n", sign, line)
	}
}

// secretNamed reads the secret that env:NAME or file:PATH names.
func (a *App) secretNamed(from string) (string, error) {
	kind, what, _ := strings.Cut(from, ":")
	if kind == "file" {
		if _, err := os.Stat(what); err != nil {
			return "", fault.Wrap(err, fault.Missing, "there is no file %s to read the secret from", what)
		}
		return a.secretFrom(what)
	}
	value := a.Getenv(what)
	if value == "" {
		return "", fault.New(fault.Missing, "the environment variable %s is not set", what).WithHint("set it, or write `keep` to leave the stored secret")
	}
	return value, nil
}
