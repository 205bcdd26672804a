package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"gantry/fault"
)

// maxSecret bounds what is read as a secret.
const maxSecret = 64 << 10

// askSecret reads a secret: on a terminal after a prompt and without showing it, else all of standard
// input. A line break at its end does not belong to it.
func (a *App) askSecret(prompt string) (string, error) {
	file, ok := a.In.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return a.readSecret(a.In, "standard input")
	}
	fmt.Fprintf(a.Err, "%s (it is not shown): ", prompt)
	typed, err := term.ReadPassword(int(file.Fd()))
	fmt.Fprintln(a.Err)
	if err != nil {
		return "", fault.Wrap(err, fault.Usage, "the secret could not be read from the terminal: %s", err)
	}
	return a.readSecret(bytes.NewReader(typed), "what was typed")
}

// secretFrom reads a secret from a file; - is standard input.
func (a *App) secretFrom(path string) (string, error) {
	if path == "-" {
		return a.readSecret(a.In, "standard input")
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fault.Wrap(err, fault.Usage, "the value cannot be read: %s", err)
	}
	defer file.Close()
	return a.readSecret(file, path)
}

// fromEnvironment gives an environment variable's value, which must be set and not empty.
func (a *App) fromEnvironment(name string) (string, error) {
	value := a.Getenv(name)
	if value == "" {
		return "", fault.New(fault.Missing, "the environment variable %s is not set, or empty", name).
			WithHint("set it, and export it so that gantry sees it")
	}
	return value, nil
}

// errNothingTyped is behind the fault of an empty secret.
var errNothingTyped = errors.New("nothing was typed")

func (a *App) readSecret(in io.Reader, from string) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxSecret+1))
	if err != nil {
		return "", fault.Wrap(err, fault.Usage, "the secret could not be read from %s: %s", from, err)
	}
	if len(text) > maxSecret {
		return "", fault.New(fault.Usage, "%s holds more than %d bytes", from, maxSecret)
	}
	secret := strings.TrimPrefix(string(text), "\ufeff") // which editors on Windows write at the beginning of a file
	secret = strings.TrimSuffix(strings.TrimSuffix(secret, "\n"), "\r")
	if secret == "" {
		return "", fault.Wrap(errNothingTyped, fault.Usage, "nothing was given: %s is empty", from)
	}
	return secret, nil
}
