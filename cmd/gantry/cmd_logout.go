package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"gantry/fault"
)

// logoutPatience is how long logout waits for the server.
const logoutPatience = 10 * time.Second

func newLogout(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Work on this machine again",
		Long: `Forgets the server that gantry login has signed in to, and ends the token that it made there. It is also
forgotten when the server cannot be reached; then the token holds until it expires or somebody revokes it. A
token that was given to login stays valid.`,
		Example: "  gantry logout",
		GroupID: groupLook,
		Args:    takes(),
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return app.logout(cmd.Context()) }
	return cmd
}

// shownLogout is what logout prints as JSON.
type shownLogout struct {
	Server  string       `json:"server,omitempty"`
	User    string       `json:"user,omitempty"`
	Revoked bool         `json:"token_revoked"`
	Problem *fault.Error `json:"problem,omitempty"` // why the token could not be revoked
}

func (a *App) logout(ctx context.Context) error {
	if a.Getenv(serverVariable) != "" {
		a.Note("%s is set, and commands go on working on that server.", serverVariable)
	}
	s, err := readSignIn()
	if err != nil { // it is of no use to anybody
		a.Note("%s", fault.From(err).Message)
	} else if s == nil {
		return a.Show(shownLogout{}, func(out io.Writer) error { fmt.Fprintln(out, "You were not signed in to a server."); return nil })
	}
	if err := forgetSignIn(); err != nil || s == nil {
		return err
	}
	doc := shownLogout{Server: s.Server, User: s.User, Revoked: s.TokenID != ""}
	patient, cancel := context.WithTimeout(ctx, logoutPatience)
	defer cancel()
	if err := s.revoke(patient); err != nil {
		doc.Revoked, doc.Problem = false, fault.From(err)
	}
	return a.Show(doc, func(out io.Writer) error {
		fmt.Fprintf(out, "Signed out of %s.\n", harmless(s.Server))
		switch {
		case doc.Problem != nil:
			fmt.Fprintf(out, "The token %q could not be revoked: %s\n", s.TokenName, harmless(doc.Problem.Message))
			fmt.Fprintf(out, "It holds%s. On the server, or signed in as an administrator: gantry tokens revoke %s %q\n", until(s.Until), s.User, s.TokenName)
		case !doc.Revoked:
			fmt.Fprintln(out, "The token that was given to gantry login still holds.")
		}
		return nil
	})
}

func until(t *time.Time) string {
	if t == nil {
		return ""
	}
	return " until " + t.Local().Format("2006-01-02")
}
