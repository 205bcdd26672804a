package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gantry/fault"
	"gantry/source"
)

// Flags are the flags that every command has.
type Flags struct {
	Project string
	Data    string
	Format  string
	Quiet   bool
	Sandbox bool
}

// The groups under which the help lists the commands.
const (
	groupWrite = "write"
	groupRun   = "run"
	groupOrgs  = "orgs"
	groupLook  = "look"
)

func newRoot(app *App) *cobra.Command {
	root := &cobra.Command{
		Use:   "gantry",
		Short: "Run MSP workflows written in YAML",
		Long: `Gantry runs workflows of a managed service provider: YAML files of tasks that work with HaloPSA and
other systems, for the provider itself or for one of its client organisations.`,
		Example: `  gantry init my-workflows                             make a project
  gantry check                                         find mistakes before anything runs
  gantry run hello --sandbox                           run a workflow against simulated systems
  gantry run test-halo-integration --sandbox --org northwind-dental`,
		SilenceErrors: true, SilenceUsage: true,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(app.In)
	root.SetOut(app.Out)
	root.SetErr(app.Err)
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddGroup(
		&cobra.Group{ID: groupWrite, Title: "Writing workflows:"},
		&cobra.Group{ID: groupRun, Title: "Running them:"},
		&cobra.Group{ID: groupOrgs, Title: "Organisations and what belongs to them:"},
		&cobra.Group{ID: groupLook, Title: "Other:"},
	)
	root.SetHelpCommandGroupID(groupLook)
	flags := root.PersistentFlags()
	flags.StringVar(&app.Flags.Project, "project", ".", "the project's `folder`, with gantry.yaml and workflows/")
	flags.StringVar(&app.Flags.Data, "data", "", "the data `folder` (default .gantry in the project)")
	flags.StringVar(&app.Flags.Format, "format", "text", "what is printed: text or json")
	flags.BoolVarP(&app.Flags.Quiet, "quiet", "q", false, "no progress and no notes on standard error")
	flags.BoolVar(&app.Flags.Sandbox, "sandbox", false, "work with simulated systems and organisations, apart from the real data")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return app.begin(cmd) }
	addCommands(root, app)
	return root
}

// addCommands lists the program's commands.
func addCommands(root *cobra.Command, app *App) {
	root.AddCommand(
		newInit(app), newCheck(app), newSchema(app), newGraph(app),
		newActions(app), newSandbox(app), newCompletion(app), newVersion(app),
		newRun(app), newRuns(app),
		newOrgs(app), newVars(app), newIntegrations(app), newMappingsGroup(app),
	)
}

// group makes a command that only holds others (`gantry orgs`): alone it shows its help, and a word that
// is none of its commands is wrong use.
func group(cmd *cobra.Command, children ...*cobra.Command) *cobra.Command {
	cmd.Args = unknownCommand
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(children...)
	return cmd
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			known = append(known, child.Name())
			known = append(known, child.Aliases...)
		}
	}
	return usage(cmd, "%s has no command %q", cmd.CommandPath(), args[0]).WithHint("%s", hints(source.DidYouMean(args[0], known), seeHelp(cmd)))
}

func flagError(cmd *cobra.Command, err error) error {
	message := err.Error()
	if name, found := strings.CutPrefix(message, "unknown flag: --"); found {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		hint := ""
		if near := source.Suggest(name, known); near != "" {
			hint = fmt.Sprintf("did you mean --%s?", near)
		}
		return usage(cmd, "%s has no flag --%s", cmd.CommandPath(), name).WithHint("%s", hints(hint, seeHelp(cmd)))
	}
	return usage(cmd, "%s: %s", cmd.CommandPath(), message)
}

// takes checks the words after a command against their names: "WORKFLOW" is required, "[PATH]" may be
// left out, "[PATH...]" may be given any number of times.
func takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		for i, name := range names {
			if strings.HasSuffix(name, "...]") || len(args) > i || strings.HasPrefix(name, "[") {
				continue
			}
			return usage(cmd, "%s needs %s", cmd.CommandPath(), strings.Join(names[i:], " "))
		}
		endless := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "...]")
		if len(args) > len(names) && !endless {
			return usage(cmd, "%s does not know what to do with %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// usage is an error in how a command was called; its hint is how the command is called rightly.
func usage(cmd *cobra.Command, format string, args ...any) *fault.Error {
	return fault.New(fault.Usage, format, args...).WithHint("usage: %s; %s", cmd.UseLine(), seeHelp(cmd))
}

func seeHelp(cmd *cobra.Command) string {
	return fmt.Sprintf("`%s --help` tells more", cmd.CommandPath())
}

func hints(parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, " ")
}
