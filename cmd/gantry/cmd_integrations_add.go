package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
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
		if err := s.open(ctx, args[0]); err != nil {
			return err
		}
		if s.name == "" {
			s.name = s.form.Title
		}
		if err := s.collect(cmd, true); err != nil {
			return err
		}
		tested, err := s.tested(ctx)
		if err != nil {
			return err
		}
		return s.add(ctx, tested, isDefault)
	}
	return cmd
}

// add saves what was tested as a new instance.
func (s *instanceSetting) add(ctx context.Context, tested string, isDefault bool) error {
	in := &api.AddInstanceIn{OfOrganisation: ofOrg(s.org), Integration: s.form.ID}
	in.Body.Given, in.Body.NoTest, in.Body.Name, in.Body.Default = s.given, true, s.name, isDefault
	added, err := aboutOrg(ctx, s.app, Writing, s.org, api.AddInstance, in)
	if f := fault.From(err); err != nil && f.Code == fault.Exists {
		return fault.Wrap(err, fault.Exists, "%s", f.Message).
			WithHint("give this one another name with --name, or change that one with `%s`", s.app.command("integrations update "+s.form.ID+orgWords(s.org)))
	}
	if err != nil {
		return err
	}
	return s.app.Show(instanceDoc(added.Body.Instance), func(out io.Writer) error {
		fmt.Fprintf(out, "%sAdded %s (%s) for %s%s.\n", tested, added.Body.Name, added.Body.Title, added.Body.Whose, asDefault(added.Body.Instance))
		return nil
	})
}

// orgWords is the flag that names an organisation, as it was given.
func orgWords(slug string) string {
	if slug == "" {
		return ""
	}
	return " --org " + shellWord(slug)
}

func asDefault(in api.Instance) string {
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
		if err := s.choose(ctx, args[0]); err != nil {
			return err
		}
		if !s.givenAny() {
			return usage(cmd, "nothing to change was given").WithHint("name fields with --set, --set-file or --set-stdin")
		}
		if err := s.collect(cmd, false); err != nil {
			return err
		}
		return s.save(ctx, func() (*api.SavedInstance, error) {
			in := &api.UpdateInstanceIn{OfInstance: s.of()}
			in.Body.Given, in.Body.NoTest = s.given, true
			return aboutOrg(ctx, app, Writing, s.org, api.UpdateInstance, in)
		})
	}
	return cmd
}

// save tests what was made of an instance, and keeps it.
func (s *instanceSetting) save(ctx context.Context, keep func() (*api.SavedInstance, error)) error {
	tested, err := s.test(ctx)
	if err != nil {
		return err
	}
	saved, err := keep()
	if err != nil {
		return err
	}
	return s.app.Show(instanceDoc(saved.Body.Instance), func(out io.Writer) error {
		fmt.Fprintf(out, "%sChanged %s (%s) of %s.\n", tested, saved.Body.Name, saved.Body.Title, saved.Body.Whose)
		return nil
	})
}
