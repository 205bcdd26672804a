package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gantry/access"
	"gantry/api"
)

// orMSP is a slug in a path of the API.
func orMSP(slug string) api.OfOrganisation {
	return api.OfOrganisation{Org: cmp.Or(slug, api.TheMSP)}
}

func newUsersGrant(app *App) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:   "grant LOGIN ROLE",
		Short: "Give a user a role over an organisation and everything below it",
		Long: `Gives a user a role over an organisation and everything below it, in place of the one that was given
there before. A user may have several, over different organisations.`,
		Example: "  gantry users grant kim@example.com author --org contoso",
		Args:    takes("LOGIN", "ROLE"),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the `slug` of the organisation (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if _, err := access.ParseRole(args[1]); err != nil {
			return err
		}
		in := &api.GrantIn{OfUser: api.OfUser{User: args[0]}, OfOrganisation: orMSP(slug)}
		in.Body.Role = args[1]
		return app.onUser(cmd, "Granted to %s.", func(ctx context.Context, c *api.Client) (*api.UserOut, error) { return api.GrantRole.Call(ctx, c, in) })
	}
	return cmd
}

func newUsersRevoke(app *App) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:   "revoke LOGIN",
		Short: "Take the role that a user was given over an organisation",
		Long: `Takes the role that a user was given over an organisation. A role over one above it still reaches it.
Roles that the provider's groups give are changed there.`,
		Example: "  gantry users revoke kim@example.com --org contoso",
		Args:    takes("LOGIN"),
	}
	cmd.Flags().StringVar(&slug, "org", "", "the `slug` of the organisation (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.OfGrant{OfUser: api.OfUser{User: args[0]}, OfOrganisation: orMSP(slug)}
		return app.onUser(cmd, "Revoked from %s.", func(ctx context.Context, c *api.Client) (*api.UserOut, error) { return api.RevokeRole.Call(ctx, c, in) })
	}
	return cmd
}

func newUsersDisable(app *App, disabled bool) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "enable LOGIN",
		Short:   "Let a user in again",
		Example: "  gantry users enable kim@example.com",
		Args:    takes("LOGIN"),
	}
	said := "%s may come in again."
	if disabled {
		cmd.Use, cmd.Short, cmd.Example = "disable LOGIN", "Keep a user out, at once", "  gantry users disable kim@example.com"
		cmd.Long = "Keeps a user out: their sessions end, and none of their API tokens works until they are enabled again."
		said = "%s is kept out."
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.ChangeUserIn{OfUser: api.OfUser{User: args[0]}}
		in.Body.Disabled = &disabled
		return app.onUser(cmd, said, func(ctx context.Context, c *api.Client) (*api.UserOut, error) { return api.ChangeUser.Call(ctx, c, in) })
	}
	return cmd
}

func newUsersPasswd(app *App) *cobra.Command {
	var none bool
	cmd := &cobra.Command{
		Use:   "passwd LOGIN",
		Short: "Give a user a new password",
		Long: `Gives a user a new password, which ends their sessions. It is asked for twice, or read from standard input
where that is no terminal. --none takes the password away: the user signs in through the OpenID Connect
provider from then on.`,
		Example: "  gantry users passwd kim@example.com\n  gantry users passwd kim@example.com --none",
		Args:    takes("LOGIN"),
	}
	cmd.Flags().BoolVar(&none, "none", false, "take the password away")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in := &api.SetPasswordIn{OfUser: api.OfUser{User: args[0]}}
		said := "%s has no password any more.\n"
		if !none {
			var err error
			if in.Body.Password, err = app.newPassword(args[0]); err != nil {
				return err
			}
			said = "%s has a new password. Their sessions have ended.\n"
		}
		c, err := app.Client(cmd.Context(), Writing)
		if err != nil {
			return err
		}
		if _, err := api.SetPassword.Call(cmd.Context(), c, in); err != nil {
			return err
		}
		return app.Show(map[string]any{"login": args[0], "has_password": !none}, func(out io.Writer) error {
			fmt.Fprintf(out, said, args[0])
			return nil
		})
	}
	return cmd
}

func newUsersRemove(app *App) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "remove LOGIN",
		Short: "Remove a user, with their sessions and tokens",
		Long: `Removes a user with what was granted to them, their sessions and their API tokens. The audit log keeps the
name. To keep somebody out for a while, disable them.`,
		Example: "  gantry users remove kim@example.com --yes",
		Args:    takes("LOGIN"),
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !yes {
			if err := app.confirm(fmt.Sprintf("this removes %s, with their tokens; go on?", args[0])); err != nil {
				return err
			}
		}
		c, err := app.Client(cmd.Context(), Writing)
		if err != nil {
			return err
		}
		if _, err := api.RemoveUser.Call(cmd.Context(), c, &api.OfUser{User: args[0]}); err != nil {
			return err
		}
		return app.Show(map[string]any{"removed": args[0]}, func(out io.Writer) error { fmt.Fprintf(out, "Removed %s.\n", args[0]); return nil })
	}
	return cmd
}
