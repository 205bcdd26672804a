package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/access"
	"gantry/api"
)

func newAudit(app *App) *cobra.Command {
	var in api.ListAuditIn
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Who did what, when and from where",
		Long: `Shows the audit log, the newest entry first: every change, every sign-in, and what was refused. Entries are
kept for a year.`,
		Example: `  gantry audit
  gantry audit --user kim@example.com --outcome refused
  gantry audit --org contoso --limit 200 --format json`,
		GroupID: groupLook,
		Args:    takes(),
	}
	cmd.Flags().StringVar(&in.User, "user", "", "only what this `login` did")
	cmd.Flags().StringVar(&in.Operation, "operation", "", "only this `operation`, such as add-user")
	cmd.Flags().StringVar(&in.Organisation, "org", "", "only what concerns the organisation with this `slug`")
	cmd.Flags().StringVar(&in.Outcome, "outcome", "", "only this `outcome`: done, refused or failed")
	cmd.Flags().IntVar(&in.Limit, "limit", 50, "at most so many `entries`, up to 500")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if in.Limit < 1 || in.Limit > 500 {
			return usage(cmd, "--limit is 1 to 500")
		}
		if !slices.Contains([]string{"", string(access.Done), string(access.Refused), string(access.Failed)}, in.Outcome) {
			return usage(cmd, "--outcome is done, refused or failed, not %q", in.Outcome)
		}
		c, err := app.Client(cmd.Context(), Reading)
		if err != nil {
			return err
		}
		out, err := api.ListAudit.Call(cmd.Context(), c, &in)
		if err != nil {
			return err
		}
		entries := out.Body.Entries
		return app.Show(entries, func(w io.Writer) error { app.auditTable(w, entries); return nil })
	}
	return cmd
}

func (a *App) auditTable(out io.Writer, entries []access.Entry) {
	if len(entries) == 0 {
		fmt.Fprintln(out, "Nothing is on record.")
		return
	}
	var rows [][]string
	for _, e := range entries {
		outcome := string(e.Outcome)
		if e.Outcome == access.Failed {
			outcome += ": " + string(e.Code)
		}
		rows = append(rows, []string{e.At.Local().Format("2006-01-02 15:04:05"), actor(e), e.Operation, cmp.Or(e.Target, "-"), outcome, cmp.Or(e.Address, "this machine"), details(e)})
	}
	table(out, a.outStyle(), []string{"WHEN", "WHO", "DID", "TO", "OUTCOME", "FROM", ""}, rows)
}

func actor(e access.Entry) string {
	switch e.Kind {
	case access.ByLocal:
		return e.Login + " (local)"
	case access.ByToken:
		return e.Login + " (token " + e.TokenName + ")"
	case access.ByNone:
		return "nobody"
	}
	return e.Login
}

func details(e access.Entry) string {
	var said []string
	for name, value := range e.Details {
		said = append(said, name+": "+value)
	}
	slices.Sort(said)
	return strings.Join(said, ", ")
}
