package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"gantry/api"
)

func newIntegrationsRotate(app *App) *cobra.Command {
	s := &instanceSetting{app: app}
	var field string
	cmd := &cobra.Command{
		Use:   "rotate INTEGRATION",
		Short: "Give an instance a new secret",
		Long: `Gives an instance a new secret, such as one that takes the place of an expired one, and tests the
connection before it is saved. The secret is asked for on a terminal, and read from standard input or
a file otherwise. Runs that are going on use it from their next request.`,
		Example: `  gantry integrations rotate halo
  pass show halo | gantry integrations rotate halo
  gantry integrations rotate halo --file secret.txt`,
		Args: takes("INTEGRATION"),
	}
	var from string
	s.chooseFlags(cmd)
	cmd.Flags().StringVar(&from, "file", "", "read the secret from this `file`; - is standard input")
	cmd.Flags().StringVar(&field, "field", "", "which secret `field`, where the integration has several")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if err := s.choose(ctx, args[0]); err != nil {
			return err
		}
		f, err := s.form.SecretField(field)
		if err != nil {
			return err
		}
		var secret string
		if from != "" {
			secret, err = app.secretFrom(from)
		} else {
			secret, err = app.askSecret("New " + cmp.Or(f.Title, f.Name))
		}
		if err != nil {
			return err
		}
		s.given.Secrets = map[string]string{f.Name: secret}
		if err := s.configure(ctx); err != nil {
			return err
		}
		return s.save(ctx, func() (*api.SavedInstance, error) {
			in := &api.RotateInstanceIn{OfInstance: s.of()}
			in.Body.Field, in.Body.Secret, in.Body.NoTest = f.Name, secret, true
			return aboutOrg(ctx, app, Writing, s.org, api.RotateInstance, in)
		})
	}
	return cmd
}
