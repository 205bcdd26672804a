package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
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
	cmd.Flags().BoolVar(&a.options.DryRun, "dry-run", false, "show what would be done and do nothing")
	cmd.Flags().BoolVar(&a.options.Prune, "prune", false, "remove what the file does not have")
	cmd.Flags().BoolVar(&a.yes, "yes", false, "do not ask before removing")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), args[0]) }
	return cmd
}

// applying is one call of gantry orgs apply.
type applying struct {
	app     *App
	options orgs.ApplyOptions
	yes     bool
	name    string
	text    []byte
}

func (a *applying) run(ctx context.Context, path string) error {
	text, err := a.app.readInput(path, maxFile)
	if err != nil {
		return err
	}
	a.name, a.text = path, text
	file, ds := orgs.ParseFile(path, text)
	if ds.HasErrors() {
		return a.show(orgs.Plan{}, ds)
	}
	access := Writing
	if a.options.DryRun {
		access = Reading
	}
	d, err := a.app.Data(ctx, access)
	if err != nil {
		return err
	}
	a.options.Secret = a.app.secretNamed
	a.options.Config = func(integration string, config map[string]any, secrets []string) (map[string]any, error) {
		return a.app.checkConfig(ctx, integration, config, secrets)
	}
	dry := a.options
	dry.DryRun = true
	plan, err := d.Orgs.Apply(ctx, file, dry)
	if found, ok := errors.AsType[source.Diagnostics](err); ok {
		return a.show(orgs.Plan{}, found)
	}
	if err != nil {
		return err
	}
	if a.options.DryRun || len(plan.Changes) == 0 {
		return a.show(plan, nil)
	}
	if n := plan.Removals(); n > 0 && !a.yes {
		if !a.app.JSON() {
			a.changes(a.app.Err, plan)
		}
		if err := a.app.confirm(fmt.Sprintf("this removes %s; go on?", counted(n, "thing"))); err != nil {
			return err
		}
	}
	a.options.Expect = expected(plan)
	if plan, err = d.Orgs.Apply(ctx, file, a.options); err != nil {
		return err
	}
	return a.show(plan, nil)
}

func expected(plan orgs.Plan) []orgs.Change { return append([]orgs.Change{}, plan.Changes...) }

// applyDocument is an application in JSON.
type applyDocument struct {
	DryRun      bool          `json:"dry_run"`
	Changes     []orgs.Change `json:"changes"`
	Diagnostics []report      `json:"diagnostics"`
}

// show tells what was done, or would be, and what is wrong with the file.
func (a *applying) show(plan orgs.Plan, wrong source.Diagnostics) error {
	told := wrong
	if told == nil {
		told = plan.Warnings
	}
	doc := applyDocument{DryRun: a.options.DryRun, Changes: expected(plan), Diagnostics: reports(told)}
	err := a.app.Show(doc, func(out io.Writer) error {
		told.Render(out, source.Texts{a.name: a.withoutSecrets(told)}, a.app.outStyle().on)
		if len(told) > 0 {
			fmt.Fprintln(out)
		}
		switch {
		case wrong.HasErrors():
			fmt.Fprintf(out, "%s: nothing was changed\n", counted(wrong.Errors(), "error"))
		case len(plan.Changes) == 0:
			fmt.Fprintln(out, "Everything is as the file says.")
		default:
			a.changes(out, plan)
			if a.options.DryRun {
				fmt.Fprintf(out, "\nNothing was changed, it would be %s.\n", counted(len(plan.Changes), "change"))
			} else {
				fmt.Fprintf(out, "\nDone: %s.\n", counted(len(plan.Changes), "change"))
			}
		}
		return nil
	})
	if err == nil && wrong.HasErrors() {
		return errFailed
	}
	return err
}

// withoutSecrets gives the file's text for excerpts without lines that hold a secret in the clear.
func (a *applying) withoutSecrets(ds source.Diagnostics) []byte {
	lines := strings.Split(string(a.text), "\n")
	for _, d := range ds {
		if at := d.Pos.Line - 1; d.Code == "secret" && at >= 0 && at < len(lines) {
			lines[at] = ""
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func (a *applying) changes(out io.Writer, plan orgs.Plan) {
	s := a.app.outStyle()
	for _, c := range plan.Changes {
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

// checkConfig holds an instance's fields against its integration's form, and brings them into form.
func (a *App) checkConfig(ctx context.Context, integration string, config map[string]any, secrets []string) (map[string]any, error) {
	of, err := a.integration(ctx, integration)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(config)
	for _, name := range secrets {
		all[name] = "********"
	}
	for _, f := range of.Config {
		if _, clear := config[f.Name]; clear && f.Type.Kind == schema.KindSecret {
			return nil, fault.New(fault.Secret, "%s is secret and does not belong in config", f.Name).
				WithHint("write it under secrets: {%s: {from: env:NAME}}", f.Name)
		}
	}
	complete, problems := of.ConfigType().Complete(all)
	if len(problems) > 0 {
		said := make([]string, len(problems))
		for i, p := range problems {
			said[i] = p.String()
		}
		return nil, fault.New(fault.InvalidInput, "%s cannot be configured so: %s", of.Title, strings.Join(said, "; "))
	}
	kept := complete.(map[string]any)
	for _, name := range secrets {
		delete(kept, name)
	}
	normal, problem := of.NormaliseConfig(kept)
	if problem != nil {
		return nil, problem
	}
	return normal, nil
}
