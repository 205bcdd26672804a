package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

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
	if a.Flags.Local || a.Flags.Data != "" || a.Flags.Sandbox {
		return nil, nil
	}
	if server := a.Getenv(serverVariable); server != "" {
		token := a.Getenv(tokenVariable)
		if token == "" {
			return nil, fault.New(fault.Usage, "%s is set, and %s is not", serverVariable, tokenVariable).WithHint("`gantry tokens add` makes a token")
		}
		return api.NewClient(server, token, nil)
	}
	s, err := readSignIn()
	if s == nil || err != nil {
		return nil, err
	}
	if u, err := url.Parse(s.Server); err == nil {
		a.Note("On %s as %s (--local works here instead).", u.Host, s.User)
	}
	return api.NewClient(s.Server, s.Token, nil)
}
