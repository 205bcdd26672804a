package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/access"
	"gantry/api"
)

func newTokens(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:   "tokens",
		Short: "API tokens of users and of programs' accounts",
		Long: `A program calls the API of a Gantry server with a token. It may do what its owner may at that moment, and of
that no more than its scopes, role and organisation say.`,
		Example: "  gantry tokens add rmm-import nightly --scope runs:write\n  gantry tokens list rmm-import",
		GroupID: groupOrgs,
	}, newTokensAdd(app), newTokensList(app), newTokensRevoke(app))
}

func newTokensAdd(app *App) *cobra.Command {
	var in api.AddTokenIn
	var scopes []string
	cmd := &cobra.Command{
		Use:   "add LOGIN NAME",
		Short: "Make an API token; it is shown this once",
		Long: `Makes an API token for a user or a program's account. It is shown this once, on standard output; only its hash
is kept. It holds 90 days unless --days says otherwise, at most 365, or --never.`,
		Example: `  gantry tokens add rmm-import nightly --scope runs:write --org contoso
  gantry tokens add kim@example.com laptop --scope all --role viewer --days 30`,
		Args: takes("LOGIN", "NAME"),
	}
	cmd.Flags().StringSliceVar(&scopes, "scope", nil, "a `scope` such as runs:read, or all; may be repeated")
	cmd.Flags().StringVar(&in.Body.Role, "role", "", "the most it may: a `role` (default what its owner may)")
	cmd.Flags().StringVar(&in.Body.Organisation, "org", "", "the `slug` of the organisation that it reaches, with all below it (default all that its owner reaches)")
	cmd.Flags().IntVar(&in.Body.Days, "days", 0, "for how many `days` it holds (default 90)")
	cmd.Flags().BoolVar(&in.Body.Never, "never", false, "it never expires")
	app.completeOrg(cmd)
	completeRole(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(scopes) == 0 {
			return usage(cmd, "%s needs --scope", cmd.CommandPath())
		}
		var err error
		if in.Body.Scopes, err = access.ParseScopes(scopes); err != nil {
			return err
		}
		in.User, in.Body.Name = args[0], args[1]
		c, err := app.Client(cmd.Context(), Writing)
		if err != nil {
			return err
		}
		out, err := api.AddToken.Call(cmd.Context(), c, &in)
		if err != nil {
			return err
		}
		return app.Show(out.Body, func(w io.Writer) error {
			fmt.Fprintln(w, out.Body.Secret)
			app.Note("This is the only time that the token is shown. It holds until %s.", expiry(out.Body.Token))
			return nil
		})
	}
	return cmd
}

func expiry(t access.Token) string {
	if t.ExpiresAt == nil {
		return "it is revoked"
	}
	return t.ExpiresAt.Local().Format("2006-01-02")
}

func newTokensList(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "list LOGIN",
		Short:   "List the API tokens of a user",
		Example: "  gantry tokens list rmm-import",
		Args:    takes("LOGIN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := app.Client(cmd.Context(), Reading)
			if err != nil {
				return err
			}
			out, err := api.ListTokens.Call(cmd.Context(), c, &api.OfUser{User: args[0]})
			if err != nil {
				return err
			}
			tokens := out.Body.Tokens
			return app.Show(tokens, func(w io.Writer) error { app.tokenTable(w, args[0], tokens); return nil })
		},
	}
}

func (a *App) tokenTable(out io.Writer, login string, tokens []access.Token) {
	if len(tokens) == 0 {
		fmt.Fprintf(out, "%s has no API tokens.\n", login)
		return
	}
	var rows [][]string
	for _, t := range tokens {
		rows = append(rows, []string{t.Name, "…" + t.Ending, scopesOf(t), limitOf(t), untilOf(t, a.Now()), lastUse(t, a.Now())})
	}
	table(out, a.outStyle(), []string{"NAME", "ENDS IN", "SCOPES", "LIMITED TO", "EXPIRES", "LAST USED"}, rows)
}

func scopesOf(t access.Token) string { return joined(t.Scopes) }

func joined(scopes []access.Scope) string {
	var names []string
	for _, scope := range scopes {
		names = append(names, string(scope))
	}
	return strings.Join(names, " ")
}

func limitOf(t access.Token) string {
	var said []string
	if t.Role != 0 {
		said = append(said, t.Role.String())
	}
	if t.OrganisationID != "" {
		said = append(said, cmp.Or(t.Organisation, "(purged)"))
	}
	return cmp.Or(strings.Join(said, " of "), "-")
}

func untilOf(t access.Token, now time.Time) string {
	switch {
	case t.ExpiresAt == nil:
		return "never"
	case t.ExpiresAt.Before(now):
		return "expired"
	}
	return t.ExpiresAt.Local().Format("2006-01-02")
}

func lastUse(t access.Token, now time.Time) string {
	if t.UsedAt == nil {
		return "never"
	}
	return ago(*t.UsedAt, now) + " from " + cmp.Or(t.UsedFrom, "this machine")
}

func newTokensRevoke(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke LOGIN TOKEN",
		Short:   "End an API token, named by its name or id",
		Example: "  gantry tokens revoke rmm-import nightly",
		Args:    takes("LOGIN", "TOKEN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := app.Client(cmd.Context(), Writing)
			if err != nil {
				return err
			}
			in := &api.OfUsersToken{OfUser: api.OfUser{User: args[0]}, OfToken: api.OfToken{Token: args[1]}}
			if _, err := api.RevokeToken.Call(cmd.Context(), c, in); err != nil {
				return err
			}
			return app.Show(map[string]any{"revoked": args[1]}, func(out io.Writer) error { fmt.Fprintf(out, "Revoked %s of %s.\n", args[1], args[0]); return nil })
		},
	}
}
