package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/source"
)

// shells are those that completion is written for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write the completion script of a shell",
		Long: `Writes a script that completes commands, flags, workflows, actions and organisations in bash, zsh, fish
or powershell.`,
		Example: `  gantry completion bash > /etc/bash_completion.d/gantry
  gantry completion zsh > "${fpath[1]}/_gantry"
  gantry completion fish > ~/.config/fish/completions/gantry.fish
  gantry completion powershell | Out-String | Invoke-Expression`,
		GroupID:   groupLook,
		Args:      takes("SHELL"),
		ValidArgs: shells,
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		root := cmd.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(app.Out, true)
		case "zsh":
			return root.GenZshCompletion(app.Out)
		case "fish":
			return root.GenFishCompletion(app.Out, true)
		case "powershell":
			return root.GenPowerShellCompletionWithDesc(app.Out)
		}
		return fault.New(fault.Usage, "there is no completion for %q", args[0]).WithHint("%s", source.DidYouMean(args[0], shells))
	}
	return cmd
}

// candidates gives what a word may be completed to, each with a tab and a word about it.
type candidates func(ctx context.Context, app *App) []string

// complete makes a command's first word, or a flag's value, complete. It reads only, says nothing, and
// gives nothing where anything is in the way.
func (a *App) complete(from candidates) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 && cmd.Flags().Lookup("org") == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		a.Err = io.Discard
		defer a.Close()
		var fitting []string
		for _, c := range from(cmd.Context(), a) {
			if strings.HasPrefix(c, start) {
				fitting = append(fitting, c)
			}
		}
		return fitting, cobra.ShellCompDirectiveNoFileComp
	}
}

func workflowIDs(ctx context.Context, a *App) (all []string) {
	p, err := a.Project(ctx)
	if err != nil {
		return nil
	}
	for _, w := range p.Checked() {
		all = append(all, w.ID+"\t"+w.Title)
	}
	return all
}

func actionIDs(ctx context.Context, a *App) (all []string) {
	p, err := a.Project(ctx)
	if err != nil {
		return nil
	}
	for _, action := range p.Catalogue.Actions() {
		all = append(all, action.ID+"\t"+action.Title)
	}
	return all
}

func organisationSlugs(ctx context.Context, a *App) (all []string) {
	if a.Flags.Sandbox {
		if dir, err := a.dataDir(); err != nil || !hasDatabase(dir+"/"+sandboxFolder) {
			return nil // completing makes no data
		}
	}
	d, err := a.Data(ctx, Reading)
	if err != nil {
		return nil
	}
	list, err := d.Orgs.List(ctx)
	if err != nil {
		return nil
	}
	for _, o := range list {
		all = append(all, o.Slug+"\t"+o.Name)
	}
	return all
}
