package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gantry/access"
	"gantry/api"
	"gantry/fault"
)

func newLogin(app *App) *cobra.Command {
	l := &login{app: app}
	cmd := &cobra.Command{
		Use:   "login URL",
		Short: "Work on a Gantry server from this machine",
		Long: `Signs in to a Gantry server. From then on commands work on it, with what you may do there, until gantry logout.
--here works on this machine nevertheless, as do --data and --sandbox; check, graph, schema, init, serve and
sandbox always do.

Your e-mail address and password are asked for, and used once: the server makes an API token for this machine,
called "gantry on" and the machine's name, which is kept in your own configuration folder. Where there is no
terminal, --user says who signs in, and the password is the one line of standard input. Whoever signs in
through a provider has no password there: make a token (gantry tokens add) and give it with --token-file.

The server must be reached by https, unless it is on this machine. Programs need not sign in: they set
GANTRY_SERVER and GANTRY_TOKEN, which count before a sign-in.`,
		Example: `  gantry login https://gantry.example.com
  gantry login gantry.example.com --token-file token.txt
  gantry login https://gantry.example.com --token-file - < token.txt
  gantry login http://127.0.0.1:8080 --user kim@example.com < password.txt`,
		GroupID: groupLook,
		Args:    takes("URL"),
	}
	cmd.Flags().StringVar(&l.user, "user", "", "the e-mail `address` or short name that you sign in with (default: it is asked for)")
	cmd.Flags().StringVar(&l.tokenFile, "token-file", "", "a `file` with an API token, - for standard input, instead of a password")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return l.run(cmd, args[0]) }
	return cmd
}

// login is one call of gantry login.
type login struct {
	app             *App
	user, tokenFile string
}

func (l *login) run(cmd *cobra.Command, word string) error {
	if l.user != "" && l.tokenFile != "" {
		return usage(cmd, "--user and --token-file are two ways to sign in: give one of them")
	}
	address, err := serverAddress(word)
	if err != nil {
		return err
	}
	before, err := readSignIn()
	if err != nil {
		before = nil // it is made anew
	}
	s := &signedIn{Server: address}
	if l.tokenFile != "" {
		s.Token, err = l.app.secretFrom(l.tokenFile)
	} else {
		err = l.withPassword(cmd, s, before)
	}
	if err != nil {
		return err
	}
	return l.begin(cmd.Context(), s, before)
}

// withPassword signs in for a moment, has a token made for this machine, and ends the session.
func (l *login) withPassword(cmd *cobra.Command, s, before *signedIn) error {
	ctx := cmd.Context()
	c, err := api.NewClient(s.Server, "", nil)
	if err != nil {
		return err
	}
	defer c.Close()
	in := &api.SignInIn{}
	if in.Body.Login, in.Body.Password, err = l.ask(cmd, c); err != nil {
		return err
	}
	out, err := api.PasswordSignIn.Call(ctx, c, in)
	if err != nil {
		return err
	}
	session, err := api.NewClient(s.Server, "", withCookie{out.SetCookie})
	if err != nil {
		return err
	}
	defer session.Close()
	made, err := tokenForHere(ctx, session, s.Server, out.Body.Login, before)
	if _, ending := api.SignOut.Call(ctx, session, &struct{}{}); ending != nil {
		l.app.Note("The session that signed you in could not be ended; it ends by itself: %s", fault.From(ending).Message)
	}
	if err != nil {
		return err
	}
	s.Token, s.TokenID, s.TokenName, s.Until = made.Secret, made.ID, made.Name, made.ExpiresAt
	return nil
}

// ask gives who signs in and the password. On a terminal both are asked for.
func (l *login) ask(cmd *cobra.Command, c *api.Client) (user, password string, err error) {
	in, ok := l.app.In.(*os.File)
	terminal := ok && term.IsTerminal(int(in.Fd()))
	if !terminal && l.user == "" {
		return "", "", usage(cmd, "there is no terminal to ask for your password on").
			WithHint("give a token with --token-file FILE, - for standard input, or say with --user whose password is on standard input")
	}
	ways, err := api.ShowWaysIn.Call(cmd.Context(), c, &struct{}{})
	if err != nil {
		return "", "", err
	}
	if ways.Body.SetUp {
		return "", "", fault.New(fault.Interrupted, "Gantry has no administrator yet").
			WithHint("open the set-up link that the server printed when it started, or run `gantry users add` on the server")
	}
	if terminal && ways.Body.Provider != "" {
		l.app.Note("If you sign in through %s, you have no password here: make a token, and give it with --token-file.", ways.Body.Provider)
	}
	if user = l.user; user == "" {
		if user, err = l.app.askLine("e-mail address"); err != nil {
			return "", "", err
		}
	}
	password, err = l.app.askSecret("password of " + user)
	return user, password, err
}

// askLine asks on the terminal for something that may be seen. It reads byte by byte: what follows is for others.
func (a *App) askLine(prompt string) (string, error) {
	fmt.Fprintf(a.Err, "%s: ", prompt)
	const most = 1000
	var line strings.Builder
	for one := make([]byte, 1); line.Len() < most; {
		n, err := a.In.Read(one)
		if n == 1 && one[0] != '\n' {
			line.WriteByte(one[0])
			continue
		}
		if n == 1 || err != nil {
			break
		}
	}
	said := strings.TrimSpace(line.String())
	if said == "" {
		return "", fault.Wrap(errNothingTyped, fault.Usage, "nothing was given: the %s is empty", prompt)
	}
	return said, nil
}

// mostNames bounds the tokens of machines of the same name.
const mostNames = 20

// tokenForHere has a token made under this machine's name. The one that an earlier sign-in of the same user here has
// left is replaced; another machine of that name keeps its own.
func tokenForHere(ctx context.Context, c *api.Client, server, user string, before *signedIn) (*api.AddedToken, error) {
	if before != nil && before.Server == server && before.User == user && before.TokenID != "" {
		_, err := api.RevokeMyToken.Call(ctx, c, &api.OfToken{Token: before.TokenID})
		if err != nil && fault.From(err).Code != fault.Missing {
			return nil, err
		}
		before.TokenID = ""
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "a machine without a name"
	}
	name := "gantry on " + host[:min(len(host), 64)]
	for i := 1; ; i++ {
		in := &api.AddMyTokenIn{Body: api.NewToken{Name: name, Scopes: []access.Scope{access.AllScopes}}}
		if i > 1 {
			in.Body.Name = fmt.Sprintf("%s (%d)", name, i)
		}
		out, err := api.AddMyToken.Call(ctx, c, in)
		if err == nil {
			return &out.Body, nil
		}
		if fault.From(err).Code != fault.Exists || i == mostNames {
			return nil, err
		}
	}
}

// shownLogin is what login says.
type shownLogin struct {
	Server  string `json:"server"`
	Version string `json:"version"`
	User    string `json:"user"`
	Name    string `json:"name"`
	Roles   string `json:"roles"`
	// Scopes are what the token is limited to, "all" where it is not.
	Scopes []access.Scope `json:"scopes"`
	Token  string         `json:"token_name"`
}

// begin keeps a sign-in that the server accepts, and ends the one before.
func (l *login) begin(ctx context.Context, s, before *signedIn) error {
	doc, err := s.check(ctx)
	if err != nil {
		return err
	}
	if err := s.keep(); err != nil {
		return errors.Join(err, s.revoke(ctx))
	}
	if before != nil && before.TokenID != "" && before.TokenID != s.TokenID {
		if err := before.revoke(ctx); err != nil {
			l.app.Note("The token %q of the sign-in before still holds on %s: %s", before.TokenName, before.Server, fault.From(err).Message)
		}
	}
	if l.app.Getenv(serverVariable) != "" {
		l.app.Note("%s is set, and counts before this sign-in.", serverVariable)
	}
	return l.app.Show(doc, func(out io.Writer) error {
		fmt.Fprintf(out, "Signed in to %s (Gantry %s) as %s.\n", harmless(doc.Server), harmless(doc.Version), harmless(doc.User))
		fmt.Fprintf(out, "Roles: %s\n", harmless(doc.Roles))
		if !slices.Contains(doc.Scopes, access.AllScopes) {
			fmt.Fprintf(out, "The token is limited to %s.\n", joined(doc.Scopes))
		}
		if s.Until != nil {
			fmt.Fprintf(out, "The token %q of this machine holds until %s; gantry logout ends it.\n", s.TokenName, s.Until.Local().Format("2006-01-02"))
		}
		return nil
	})
}

// check asks the server who the token is, and fills in the user.
func (s *signedIn) check(ctx context.Context) (shownLogin, error) {
	c, err := api.NewClient(s.Server, s.Token, nil)
	if err != nil {
		return shownLogin{}, err
	}
	defer c.Close()
	me, err := api.ShowMe.Call(ctx, c, &struct{}{})
	if err != nil {
		return shownLogin{}, err
	}
	if me.Body.User == nil {
		return shownLogin{}, fault.New(fault.BadResponse, "the server at %s does not say whose token this is", s.Server).WithHint("check the address")
	}
	server, err := api.ShowServer.Call(ctx, c, &struct{}{})
	if err != nil {
		return shownLogin{}, err
	}
	s.User = me.Body.User.Login
	return shownLogin{Server: s.Server, Version: server.Body.Version, User: s.User, Name: me.Body.User.Name, Roles: grantsOf(*me.Body.User),
		Scopes: me.Body.Scopes, Token: me.Body.Token}, nil
}

// revoke ends the token that login has made; one that does not hold any more is as good.
func (s *signedIn) revoke(ctx context.Context) error {
	if s.TokenID == "" {
		return nil
	}
	c, err := api.NewClient(s.Server, s.Token, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = api.RevokeMyToken.Call(ctx, c, &api.OfToken{Token: s.TokenID})
	if err != nil {
		if code := fault.From(err).Code; code == fault.SignedOut || code == fault.Missing {
			return nil
		}
	}
	return err
}
