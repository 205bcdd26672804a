package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

func newVarsSet(app *App) *cobra.Command {
	s := &variableSetting{app: app}
	cmd := &cobra.Command{
		Use:   "set NAME [VALUE]",
		Short: "Set a variable or a secret",
		Long: `Sets a variable of an organisation. Without --type it keeps the type it has, and a new one is text. With
--json the value is JSON, which says what type it is of. Another type than the variable has needs
--retype: workflows may rely on it.

The value of a secret is never given on the command line, where others could read it: it is asked for,
or read from standard input, a file or an environment variable.`,
		Example: `  gantry vars set default_team "Service Desk"
  gantry vars set stale_after_days 14 --type number --org northwind-dental
  gantry vars set boards '["Alerts", "Projects"]' --type list
  gantry vars set opening --json '{"from": 8, "to": 17.5}'
  gantry vars set boards --type list --value-file boards.json
  gantry vars set portal_password --secret
  pass show portal | gantry vars set portal_password --secret`,
		Args: takes("NAME", "[VALUE]"),
	}
	cmd.Flags().StringVar(&s.org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().StringVar(&s.kind, "type", "", "its `type`: "+strings.Join(orgs.Types(), ", "))
	cmd.Flags().BoolVar(&s.local, "local", false, "organisations below do not inherit it")
	cmd.Flags().BoolVar(&s.secret, "secret", false, "a secret: --type secret")
	cmd.Flags().BoolVar(&s.json, "json", false, "the value is JSON")
	cmd.Flags().BoolVar(&s.retype, "retype", false, "change the type that the variable has so far")
	cmd.Flags().StringVar(&s.env, "value-env", "", "read the value from this environment `variable`")
	cmd.Flags().StringVar(&s.file, "value-file", "", "read the value from this `file`; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return s.run(cmd, args) }
	return cmd
}

// variableSetting is one call of gantry vars set.
type variableSetting struct {
	app                         *App
	org, kind, file, env        string
	local, secret, json, retype bool
	parsed                      any // the value of --json
}

func (s *variableSetting) run(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	if s.secret {
		if s.kind != "" && s.kind != orgs.TypeSecret {
			return usage(cmd, "--secret and --type %s contradict each other", s.kind)
		}
		s.kind = orgs.TypeSecret
	}
	if s.kind == orgs.TypeSecret && len(args) == 2 {
		return s.refuseValue(cmd, args[0])
	}
	if s.kind != "" && !slices.Contains(orgs.Types(), s.kind) {
		return usage(cmd, "there is no type of variables %q", s.kind).WithHint("%s", source.DidYouMean(s.kind, orgs.Types()))
	}
	if s.json {
		if err := s.parseJSON(cmd, args); err != nil {
			return err
		}
	}
	found, err := aboutOrg(ctx, s.app, Writing, s.org, api.ListVariables, &api.ListVariablesIn{OfOrganisation: ofOrg(s.org)})
	if err != nil {
		return err
	}
	before, known := variableNamed(found.Body.Variables, args[0])
	in := &api.SetVariableIn{OfVariable: api.OfVariable{OfOrganisation: ofOrg(s.org), Name: args[0]}}
	in.Body.Type, in.Body.Retype = s.typeFor(before, known), s.retype
	if cmd.Flags().Changed("local") {
		in.Body.Local = &s.local
	}
	if in.Body.Value, err = s.value(cmd, args, in.Body.Type); err != nil {
		return err
	}
	set, err := aboutOrg(ctx, s.app, Writing, s.org, api.SetVariable, in)
	if err != nil {
		return err
	}
	return s.app.Show(set.Body.Variable, func(out io.Writer) error { s.said(out, set); return nil })
}

func (s *variableSetting) said(out io.Writer, set *api.SetVariableOut) {
	v := set.Body.Variable
	fmt.Fprintf(out, "Set %s of %s to %s (%s).\n", v.Name, set.Body.Organisation.Name, ansi.Truncate(shownValue(v), 60, "…"), v.Type)
	if text, ok := v.Value.(string); ok && v.Type == orgs.TypeString && s.kind == "" && set.Body.New && looksTyped(text) {
		s.app.Note("It is text. If it is meant as a number or true or false, say so with --type.")
	}
}

// looksTyped tells whether a text reads as a number or truth value.
func looksTyped(text string) bool {
	v, err := schema.DecodeBytes([]byte(text))
	if err != nil {
		return false
	}
	_, isText := v.(string)
	return !isText && v != nil
}

func (s *variableSetting) refuseValue(cmd *cobra.Command, name string) error {
	return usage(cmd, "the value of a secret is not given on the command line: others on this machine could read it there").
		WithHint("leave it out to be asked for it, or pipe it in: … | %s", s.app.command("vars set "+name+" --secret"))
}

func (s *variableSetting) typeFor(before api.Variable, known bool) string {
	switch {
	case s.kind != "":
		return s.kind
	case known:
		return before.Type
	}
	return orgs.TypeString
}

// parseJSON reads the value of --json, which says what type the variable is of.
func (s *variableSetting) parseJSON(cmd *cobra.Command, args []string) error {
	if s.kind == orgs.TypeSecret {
		return usage(cmd, "--json and --secret do not go together: a secret is text")
	}
	text, err := s.text(cmd, args)
	if err != nil {
		return err
	}
	if s.parsed, err = schema.DecodeBytes([]byte(text)); err != nil {
		return fault.Wrap(err, fault.Usage, "%s: %s", args[0], err).WithHint("text stands in double quotes in JSON: '\"text\"'")
	}
	kind := orgs.TypeOf(s.parsed)
	if kind == "" {
		return usage(cmd, "null is no value of a variable").WithHint("`%s` removes one", s.app.command("vars remove "+args[0]))
	}
	if s.kind != "" && s.kind != kind {
		return usage(cmd, "the value is of type %s, not %s", kind, s.kind)
	}
	s.kind = kind
	return nil
}

// text gets the value as it was written: as a word, in a file, or in the environment.
func (s *variableSetting) text(cmd *cobra.Command, args []string) (string, error) {
	ways := len(args) - 1
	for _, way := range []string{s.file, s.env} {
		if way != "" {
			ways++
		}
	}
	switch {
	case ways > 1:
		return "", usage(cmd, "the value is given twice: as a word, with --value-file or with --value-env")
	case len(args) == 2:
		return args[1], nil
	case s.file != "":
		return s.app.secretFrom(s.file)
	case s.env != "":
		return s.app.fromEnvironment(s.env)
	}
	return "", usage(cmd, "%s needs a VALUE", cmd.CommandPath())
}

// value gets the variable's value from where it was given.
func (s *variableSetting) value(cmd *cobra.Command, args []string, kind string) (any, error) {
	name := args[0]
	if s.json {
		return s.parsed, nil
	}
	if kind == orgs.TypeSecret {
		switch {
		case len(args) == 2:
			return nil, s.refuseValue(cmd, name)
		case s.file != "" || s.env != "":
			return s.text(cmd, args)
		}
		return s.app.askSecret("Value of " + name)
	}
	text, err := s.text(cmd, args)
	if err != nil {
		return nil, err
	}
	value, err := typeOfVariable(kind).FromText(text)
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "%s %s", name, err).WithHint("its type is %s; --type gives it another", kind)
	}
	return value, nil
}

func typeOfVariable(kind string) *schema.Type {
	switch kind {
	case orgs.TypeNumber:
		return schema.Number()
	case orgs.TypeBoolean:
		return schema.Boolean()
	case orgs.TypeList:
		return schema.ListOf(schema.Any())
	case orgs.TypeObject:
		return schema.MapOf(schema.Any())
	}
	return schema.String()
}
