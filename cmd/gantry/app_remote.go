package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gantry/access"
	"gantry/api"
	"gantry/fault"
)

// The environment's way to name a server, for programs that cannot sign in.
const (
	serverVariable = "GANTRY_SERVER"
	tokenVariable  = "GANTRY_TOKEN"
)

// signedIn is what `gantry login` keeps in the person's own configuration folder.
type signedIn struct {
	Server string `json:"server"`
	Token  string `json:"token"`
	User   string `json:"user"`
	// Of a token that login had made, which logout ends.
	TokenID   string     `json:"token_id,omitempty"`
	TokenName string     `json:"token_name,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
}

// signInFile is where it is kept; nobody else may read it.
func signInFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fault.Wrap(err, fault.Storage, "there is no place to keep the sign-in: %s", err).
			WithHint("set HOME, or give %s and %s", serverVariable, tokenVariable)
	}
	return filepath.Join(dir, "gantry", "login.json"), nil
}

// readSignIn gives what is kept; nil: nobody has signed in.
func readSignIn() (*signedIn, error) {
	path, err := signInFile()
	if err != nil {
		return nil, nil // nowhere to have signed in
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	var s signedIn
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "the sign-in kept in %s cannot be read: %s", path, err).WithHint("`gantry login` makes it anew")
	}
	return &s, nil
}

// keep writes the sign-in for this user alone, whole or not at all.
func (s signedIn) keep() error {
	path, err := signInFile()
	if err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		_ = os.Remove(path + ".new") // one that was left keeps its rights
		err = os.WriteFile(path+".new", append(text, '\n'), 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fault.Wrap(err, fault.Storage, "the sign-in cannot be kept: %s", err)
	}
	return nil
}

// forgetSignIn removes what is kept.
func forgetSignIn() error {
	path, err := signInFile()
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, fault.Storage, "the sign-in cannot be removed: %s", err)
	}
	return nil
}

// remote gives the client of the server that the environment names or that one has signed in to; nil: there is
// none, or the command is about data on this machine.
func (a *App) remote() (*api.Client, error) {
	if a.Flags.Here || a.Flags.Data != "" || a.Flags.Sandbox {
		return nil, nil
	}
	if server := a.Getenv(serverVariable); server != "" {
		token := a.Getenv(tokenVariable)
		if token == "" {
			return nil, fault.New(fault.Usage, "%s is set, and %s is not", serverVariable, tokenVariable).WithHint("`gantry tokens add` makes a token")
		}
		return a.onServer(server, token, serverVariable+" says so; --here works with the data on this machine instead")
	}
	s, err := readSignIn()
	if s == nil || err != nil {
		return nil, err
	}
	return a.onServer(s.Server, s.Token, "as "+s.User+"; --here works with the data on this machine instead")
}

// onServer gives the client of a server, and says which one it is.
func (a *App) onServer(server, token, why string) (*api.Client, error) {
	address, err := serverAddress(server)
	if err != nil {
		return nil, err
	}
	a.Note("On %s (%s).", strings.TrimPrefix(address, "https://"), harmless(why))
	a.server = address
	return api.NewClient(address, token, nil)
}

// serverAddress reads the address of a server as people type it. What is secret goes over https, but on this machine.
func serverAddress(word string) (string, error) {
	if !strings.Contains(word, "://") {
		word = "https://" + word
	}
	u, err := url.Parse(strings.TrimRight(word, "/"))
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fault.New(fault.Usage, "that is not the address of a server").WithHint("for example https://gantry.example.com")
	}
	if u.Scheme == "http" && !access.Loopback(u.Hostname()) {
		return "", fault.New(fault.Usage, "nobody signs in over http, where others can read it").WithHint("use https://%s", u.Host)
	}
	return u.String(), nil
}

// withHintToSignIn says what to do where the server no longer takes the token.
func (a *App) withHintToSignIn(f *fault.Error) *fault.Error {
	if a.server == "" || f.Code != fault.SignedOut {
		return f
	}
	how := "`gantry login " + a.server + "` signs in again, `gantry logout` works on this machine again"
	if a.Getenv(serverVariable) != "" {
		how = tokenVariable + " is what it does not take; `gantry tokens add` makes another token"
	}
	return fault.Wrap(f, f.Code, "%s", f.Message).WithHint("%s", how)
}

// withCookie sends a session's cookie with every request.
type withCookie struct{ cookie http.Cookie }

// RoundTrip implements http.RoundTripper.
func (c withCookie) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(&http.Cookie{Name: c.cookie.Name, Value: c.cookie.Value})
	return http.DefaultTransport.RoundTrip(r)
}
