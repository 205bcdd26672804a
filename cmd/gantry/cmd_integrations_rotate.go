package main

import (
	"strings"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/schema"
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
		c, err := app.choose(cmd.Context(), Writing, args[0], instanceFlags{org: s.org, name: s.name})
		if err != nil {
			return err
		}
		f, err := secretField(c, field)
		if err != nil {
			return err
		}
		var secret string
		if from != "" {
			secret, err = app.secretFrom(from)
		} else {
			secret, err = app.askSecret("New " + f.Type.Title)
		}
		if err != nil {
			return err
		}
		s.given.Secrets = map[string]string{f.Name: secret}
		return s.change(cmd.Context(), c)
	}
	return cmd
}

// secretField finds the secret that is meant: the one that is named, or the only one.
func secretField(c chosenInstance, name string) (schema.Field, error) {
	var secrets []string
	var found schema.Field
	for _, f := range c.of.Config {
		if f.Type.Kind != schema.KindSecret {
			continue
		}
		secrets = append(secrets, f.Name)
		if name == "" || f.Name == name {
			found = f
		}
	}
	switch {
	case len(secrets) == 0:
		return found, fault.New(fault.Usage, "%s has no secret", c.of.Title)
	case found.Name == "":
		return found, fault.New(fault.Usage, "%s has no secret field %q", c.of.Title, name).WithHint("it has %s", strings.Join(secrets, ", "))
	case name == "" && len(secrets) > 1:
		return found, fault.New(fault.Usage, "%s has several secrets", c.of.Title).WithHint("say which with --field: %s", strings.Join(secrets, ", "))
	}
	if found.Type.Title == "" {
		titled := *found.Type
		titled.Title = found.Name
		found.Type = &titled
	}
	return found, nil
}
