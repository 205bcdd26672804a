package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// newHelp is `gantry help COMMAND`: what COMMAND --help shows. A word that is no command is wrong use.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND...]",
		Short:   "Show the help of a command",
		Example: "  gantry help run\n  gantry help runs list",
		GroupID: groupLook,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return unknownCommand(found, rest)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

// showUsage writes how a command is called, below what its help says about it.
func showUsage(cmd *cobra.Command) error {
	out := cmd.OutOrStderr()
	line := cmd.UseLine()
	if cmd.HasAvailableSubCommands() {
		line = cmd.CommandPath() + " COMMAND"
	}
	fmt.Fprintf(out, "Usage:\n  %s\n", line)
	if len(cmd.Aliases) > 0 {
		fmt.Fprintf(out, "\nAliases:\n  %s\n", cmd.NameAndAliases())
	}
	if cmd.HasExample() {
		fmt.Fprintf(out, "\nExamples:\n%s\n", cmd.Example)
	}
	for _, group := range cmd.Groups() {
		showCommands(out, cmd, group.Title, group.ID)
	}
	showCommands(out, cmd, "Commands:", "")
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(out, "\nFlags:\n%s", cmd.LocalFlags().FlagUsages())
	}
	if cmd.HasAvailableInheritedFlags() {
		fmt.Fprintf(out, "\nGlobal Flags:\n%s", cmd.InheritedFlags().FlagUsages())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(out, "\nUse \"%s COMMAND --help\" for more about a command.\n", cmd.CommandPath())
	}
	return nil
}

// showCommands lists the commands of one group.
func showCommands(out io.Writer, cmd *cobra.Command, title, group string) {
	var shown strings.Builder
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() && child.GroupID == group {
			fmt.Fprintf(&shown, "  %-*s %s\n", child.NamePadding(), child.Name(), child.Short)
		}
	}
	if shown.Len() > 0 {
		fmt.Fprintf(out, "\n%s\n%s", title, shown.String())
	}
}
