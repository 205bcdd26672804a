package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/orgs"
)

func newIntegrationsAdd(app *App) *cobra.Command {
	s := &instanceSetting{app: app}
	var isDefault bool
	cmd := &cobra.Command{
		Use:   "add INTEGRATION",
		Short: "Configure an integration for an organisation",
		Long: `Configures an integration for an organisation and tests the connection before it is saved. On a
terminal it asks for every field that is not given; secrets are not shown while they are typed. They
are never given on the command line itself, where others could read them.

Some integrations have a one-line key in place of several fields; for HaloPSA it is
tenant+client_id:client_secret, or client_id:client_secret on-premise. --key - asks for it.

The first instance of an integration is the organisation's default.`,
		Example: `  gantry integrations add halo
  gantry integrations add halo --set resource_server=example.halopsa.com --set client_id=6a1f… \
      --set tenant=example --set-file client_secret=secret.txt
  pass show halo | gantry integrations add halo --set … --set-stdin client_secret
  gantry integrations add halo --set resource_server=example.halopsa.com --key env:HALO_KEY`,
		Args: takes("INTEGRATION"),
	}
	s.testFlags(cmd)
	s.fieldFlags(cmd)
	cmd.Flags().StringVar(&s.name, "name", "", "a `name` for it (default the integration's title)")
	cmd.Flags().BoolVar(&isDefault, "default", false, "make it the organisation's default")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		d, org, err := app.dataAndOrg(ctx, Writing, s.org)
		if err != nil {
			return err
		}
		if s.of, err = app.integration(ctx, args[0]); err != nil {
			return err
		}
		if s.name == "" {
			s.name = s.of.Title
		}
		if err := s.collect(cmd, true); err != nil {
			return err
		}
		tested, err := s.tested(ctx, org, orgs.Instance{ID: uuid.NewString(), OrganisationID: org.ID, Integration: s.of.ID, Name: s.name})
		if err != nil {
			return err
		}
		in, err := d.Orgs.AddInstance(ctx, org.ID, s.of.ID, s.name, s.made.Config, s.made.Secrets, isDefault)
		if err != nil {
			if f := fault.From(err); f.Code == fault.Exists {
				return fault.Wrap(err, fault.Exists, "%s", f.Message).
					WithHint("give this one another name with --name, or change that one with `%s`", app.command("integrations update "+s.of.ID+orgFlag(org)))
			}
			return err
		}
		return app.Show(instanceDoc(in, org, s.of.Title), func(out io.Writer) error {
			fmt.Fprintf(out, "%sAdded %s (%s) for %s%s.\n", tested, in.Name, s.of.Title, org.Name, asDefault(in))
			return nil
		})
	}
	return cmd
}

func asDefault(in orgs.Instance) string {
	if in.Default {
		return ", as its default"
	}
	return ""
}

func newIntegrationsUpdate(app *App) *cobra.Command {
	s := &instanceSetting{app: app}
	cmd := &cobra.Command{
		Use:   "update INTEGRATION",
		Short: "Change how an instance is configured",
		Long: `Changes fields of an instance, such as a secret that has expired, and tests the connection before it is
saved. Fields that are not given stay as they are.`,
		Example: `  gantry integrations update halo --set-file client_secret=secret.txt
  gantry integrations update halo --set resource_server=example.halopsa.com`,
		Args: takes("INTEGRATION"),
	}
	s.chooseFlags(cmd)
	s.fieldFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		c, err := app.choose(ctx, Writing, args[0], instanceFlags{org: s.org, name: s.name})
		if err != nil {
			return err
		}
		s.of = c.of
		if !s.givenAny() {
			return usage(cmd, "nothing to change was given").WithHint("name fields with --set, --set-file or --set-stdin")
		}
		if err := s.before(ctx, c); err != nil {
			return err
		}
		if err := s.collect(cmd, false); err != nil {
			return err
		}
		return s.save(ctx, c)
	}
	return cmd
}

// before takes what the instance has now, over which the given fields go.
func (s *instanceSetting) before(ctx context.Context, c chosenInstance) error {
	secrets, err := c.data.Orgs.InstanceSecrets(ctx, c.org.ID, c.in.ID)
	s.of, s.given.Before, s.given.SecretsBefore = c.of, c.in.Config, secrets
	return err
}

// change makes a configuration of what was given for an instance, and saves it.
func (s *instanceSetting) change(ctx context.Context, c chosenInstance) error {
	if err := s.before(ctx, c); err != nil {
		return err
	}
	if err := s.configure(); err != nil {
		return err
	}
	return s.save(ctx, c)
}

// save tests what was made of an instance and keeps it.
func (s *instanceSetting) save(ctx context.Context, c chosenInstance) error {
	tested, err := s.test(ctx, c.org, c.in)
	if err != nil {
		return err
	}
	in, err := c.data.Orgs.UpdateInstance(ctx, c.org.ID, c.of.ID, c.in.Name, s.made.Config, s.made.Secrets)
	if err != nil {
		return err
	}
	return s.app.Show(instanceDoc(in, c.org, c.of.Title), func(out io.Writer) error {
		fmt.Fprintf(out, "%sChanged %s (%s) of %s.\n", tested, in.Name, c.of.Title, c.org.Name)
		return nil
	})
}
