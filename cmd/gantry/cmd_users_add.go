package main

import (
	"bufio"
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gantry/access"
	"gantry/api"
	"gantry/fault"
)

func newUsersAdd(app *App) *cobra.Command {
	var in api.AddUserIn
	var role, slug string
	var service, none bool
	cmd := &cobra.Command{
		Use:   "add LOGIN",
		Short: "Add a user with a role",
		Long: `Adds a user, who signs in with LOGIN (an e-mail address or a short name) and a password: it is asked for
twice, or read from standard input where that is no terminal. The first administrator of the MSP ends the
set-up of a server.

With --no-password the user signs in through the OpenID Connect provider of gantry.yaml, with --service the
account is a program's, which has API tokens only.`,
		Example: `  gantry users add admin@example.com --role admin
  gantry users add kim@example.com --role operator --org contoso < password.txt
  gantry users add rmm-import --service --role operator`,
		Args: takes("LOGIN"),
	}
	cmd.Flags().StringVar(&role, "role", "", "the `role`: viewer, operator, author or admin")
	cmd.Flags().StringVar(&slug, "org", "", "the `slug` of the organisation over which, with all below it (default the MSP)")
	cmd.Flags().StringVar(&in.Body.Name, "name", "", "the user's `name` (default the login)")
	cmd.Flags().BoolVar(&none, "no-password", false, "they sign in through the OpenID Connect provider")
	cmd.Flags().BoolVar(&service, "service", false, "a program's account, without a password")
	app.completeOrg(cmd)
	completeRole(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if role == "" {
			return usage(cmd, "%s needs --role", cmd.CommandPath())
		}
		if _, err := access.ParseRole(role); err != nil {
			return err
		}
		in.Body.Login, in.Body.Grants = args[0], []api.NewGrant{{Role: role, Organisation: slug}}
		if service {
			in.Body.Kind = access.Program
		}
		var err error
		if !service && !none {
			if in.Body.Password, err = app.newPassword(args[0]); err != nil {
				return err
			}
		}
		return app.onUser(cmd, "Added %s.", func(ctx context.Context, c *api.Client) (*api.UserOut, error) { return api.AddUser.Call(ctx, c, &in) })
	}
	return cmd
}

func completeRole(cmd *cobra.Command) {
	var names []string
	for _, role := range access.Roles() {
		names = append(names, role.String())
	}
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)) // it fails only for a flag that is not there
}

// newPassword asks for a password that somebody chooses: on a terminal twice, without showing it, else one line of
// standard input.
func (a *App) newPassword(login string) (string, error) {
	first, err := a.askSecret("password of " + login)
	if err != nil {
		return "", err
	}
	if file, ok := a.In.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		again, err := a.askSecret("once more")
		if err != nil {
			return "", err
		}
		if first != again {
			return "", fault.New(fault.Usage, "the two passwords differ: nothing was changed")
		}
	}
	line, _ := bufio.NewReader(strings.NewReader(first)).ReadString('\n')
	if line != first {
		return "", fault.New(fault.Usage, "a password is one line; standard input has more")
	}
	return first, nil
}
