package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
)

func newIntegrationsRemove(app *App) *cobra.Command {
	var f instanceFlags
	var force bool
	cmd := &cobra.Command{
		Use:   "remove INTEGRATION",
		Short: "Remove an instance with its secrets",
		Long: `Removes an instance of an organisation with its secrets. Of several it must be named. Where it was the
default, the oldest that is left becomes it.

An instance that organisations are mapped under, or that workflows name, is not removed unless --force
is given.`,
		Example: "  gantry integrations remove halo --org contoso\n  gantry integrations remove halo --name \"Old Halo\" --force",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.Flags().BoolVar(&force, "force", false, "remove it although it is in use, with the mappings under it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.RemoveInstanceIn{OfInstance: f.of(args[0]), Force: force}
		removed, err := aboutOrg(cmd.Context(), app, Writing, f.org, api.RemoveInstance, in)
		if err != nil {
			return err
		}
		gone := removed.Body
		return app.Show(map[string]any{"removed": gone.Name, "integration": gone.Integration, "organisation": gone.Organisation}, func(out io.Writer) error {
			fmt.Fprintf(out, "Removed %s (%s) of %s.\n", gone.Name, gone.Title, gone.Whose)
			return nil
		})
	}
	return cmd
}
