package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/access"
	"gantry/api"
)

func newUsers(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "users",
		Short: "People and programs that may use the server, and their roles",
		Long: `Users sign in to a Gantry server, or call its API with tokens. What each may do is a role over an
organisation and everything below it: viewer, operator, author or admin. Whoever may open the data folder
needs none of this: these commands work there without a sign-in.`,
		Example: "  gantry users add kim@example.com --role operator --org contoso\n  gantry users list",
		GroupID: groupOrgs,
	}, newUsersAdd(app), newUsersList(app), newUsersShow(app), newUsersGrant(app), newUsersRevoke(app), newUsersDisable(app, true),
		newUsersDisable(app, false), newUsersPasswd(app), newUsersRemove(app))
}

func newUsersList(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the users",
		Example: "  gantry users list\n  gantry users list --format json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := app.Client(cmd.Context(), Reading)
			if err != nil {
				return err
			}
			out, err := api.ListUsers.Call(cmd.Context(), c, &struct{}{})
			if err != nil {
				return err
			}
			return app.Show(out.Body.Users, func(w io.Writer) error { app.userTable(w, out.Body.Users); return nil })
		},
	}
}

func (a *App) userTable(out io.Writer, users []access.User) {
	if len(users) == 0 {
		fmt.Fprintln(out, "There are no users yet.")
		return
	}
	var rows [][]string
	for _, u := range users {
		last := "never"
		if u.SignedInAt != nil {
			last = ago(*u.SignedInAt, a.Now())
		}
		if u.Kind == access.Program {
			last = "-"
		}
		rows = append(rows, []string{u.Login, u.Name, waysIn(u), grantsOf(u), last})
	}
	table(out, a.outStyle(), []string{"LOGIN", "NAME", "SIGNS IN", "ROLES", "LAST SIGN-IN"}, rows)
}

// waysIn says how somebody comes in.
func waysIn(u access.User) string {
	switch {
	case u.Disabled:
		return "disabled"
	case u.Kind == access.Program:
		return "tokens only"
	case u.Linked && u.HasPassword:
		return "provider, password"
	case u.HasPassword:
		return "password"
	}
	return "provider"
}

func grantsOf(u access.User) string {
	var said []string
	for _, g := range u.Grants {
		said = append(said, g.Role.String()+" of "+cmp.Or(g.Organisation, "(purged)"))
	}
	return cmp.Or(strings.Join(said, ", "), "none")
}

func newUsersShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "show LOGIN",
		Short:   "Show a user, what was granted to them and by whom",
		Example: "  gantry users show kim@example.com",
		Args:    takes("LOGIN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := app.Client(cmd.Context(), Reading)
			if err != nil {
				return err
			}
			out, err := api.ShowUser.Call(cmd.Context(), c, &api.OfUser{User: args[0]})
			if err != nil {
				return err
			}
			return app.Show(out.Body, func(w io.Writer) error { app.showUser(w, out.Body); return nil })
		},
	}
}

func (a *App) showUser(out io.Writer, u access.User) {
	fmt.Fprintf(out, "%s  %s\n", a.outStyle().bold(u.Login), u.Name)
	fmt.Fprintf(out, "signs in  %s\nsince     %s\n", waysIn(u), u.CreatedAt.Local().Format("2006-01-02"))
	if len(u.Grants) == 0 {
		fmt.Fprintln(out, "No role was granted: they may do nothing.")
		return
	}
	fmt.Fprintln(out)
	var rows [][]string
	for _, g := range u.Grants {
		by := g.GrantedBy
		if g.Source == access.FromGroups {
			by = "groups of " + by
		}
		rows = append(rows, []string{g.Role.String(), cmp.Or(g.Organisation, "(purged)"), by, ago(g.GrantedAt, a.Now())})
	}
	table(out, a.outStyle(), []string{"ROLE", "OVER", "GRANTED BY", "SINCE"}, rows)
}

// onUser is a command that changes a user and shows them as they are then.
func (a *App) onUser(cmd *cobra.Command, said string, change func(ctx context.Context, c *api.Client) (*api.UserOut, error)) error {
	c, err := a.Client(cmd.Context(), Writing)
	if err != nil {
		return err
	}
	out, err := change(cmd.Context(), c)
	if err != nil {
		return err
	}
	return a.Show(out.Body, func(w io.Writer) error {
		fmt.Fprintf(w, said+"\n", out.Body.Login)
		fmt.Fprintf(w, "Roles: %s\n", grantsOf(out.Body))
		return nil
	})
}
