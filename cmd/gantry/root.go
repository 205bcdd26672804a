package main

import (
	"github.com/spf13/cobra"

	"gantry/source"
)

// Commands are listed in the order in which people meet them, not by name.
func init() { cobra.EnableCommandSorting = false }

// Flags are the flags that every command has.
type Flags struct {
	Project string
	Data    string
	Format  string
	Quiet   bool
	Sandbox bool
	Here    bool
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
		RunE: helpAlone,
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
	root.SetHelpCommand(newHelp())
	root.SetUsageFunc(showUsage)
	flags := root.PersistentFlags()
	flags.StringVar(&app.Flags.Project, "project", ".", "the project's `folder`, with gantry.yaml and workflows/")
	flags.StringVar(&app.Flags.Data, "data", "", "the data `folder` (default .gantry in the project)")
	flags.StringVar(&app.Flags.Format, "format", "text", "the `form` of what is printed: text or json")
	flags.BoolVarP(&app.Flags.Quiet, "quiet", "q", false, "no progress and no notes on standard error")
	flags.BoolVar(&app.Flags.Sandbox, "sandbox", false, "work with simulated systems and organisations, apart from the real data")
	flags.BoolVar(&app.Flags.Here, "here", false, "work with the data on this machine, although one has signed in to a server")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return app.begin(cmd) }
	addCommands(root, app)
	return root
}

// addCommands lists the program's commands.
func addCommands(root *cobra.Command, app *App) {
	root.AddCommand(
		newInit(app), newCheck(app), newWorkflows(app), newActions(app), newGraph(app), newSchema(app),
		newRun(app), newRuns(app), newAsks(app), newTriggers(app), newServe(app), newSandbox(app),
		newOrgs(app), newVars(app), newIntegrations(app), newMappingsGroup(app), newKeys(app), newUsers(app), newTokens(app),
		newAudit(app), newBackup(app), newRestore(app), newDoctor(app), newLogin(app), newLogout(app), newHealth(app), newCompletion(app), newVersion(app),
	)
}

// group makes a command that only holds others (`gantry orgs`): alone it shows its help, which is no JSON, and a word
// that is none of its commands is wrong use.
func group(cmd *cobra.Command, children ...*cobra.Command) *cobra.Command {
	cmd.Args = unknownCommand
	cmd.RunE = helpAlone
	cmd.AddCommand(children...)
	return cmd
}

// helpAlone shows the help of a command that needs another word; where JSON is wanted that is wrong use.
func helpAlone(cmd *cobra.Command, _ []string) error {
	if format := cmd.Flag("format"); format == nil || format.Value.String() != "json" {
		return cmd.Help()
	}
	return usage(cmd, "%s needs a command", cmd.CommandPath()).WithHint("%s", hints(source.DidYouMean("", commandsOf(cmd)), seeHelp(cmd)))
}
