package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"gantry/api"
	"gantry/fault"
)

// asks tells whether there is somebody who can answer questions.
func (s *instanceSetting) asks() bool {
	file, ok := s.app.In.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && s.stdin == ""
}

// askAndConfigure asks for what was not given, as long as the answers do not fit together.
func (s *instanceSetting) askAndConfigure(ctx context.Context) error {
	if !s.asks() {
		return s.configure(ctx)
	}
	inKey, err := s.partsOfKey(ctx)
	if err != nil {
		return err
	}
	s.asked = s.missing(inKey)
	return s.answers(ctx, false)
}

// answers asks until the answers make a configuration.
func (s *instanceSetting) answers(ctx context.Context, again bool) error {
	for ; ; again = true {
		for _, f := range s.asked {
			if err := s.askField(ctx, f, again); err != nil {
				return err
			}
		}
		err := s.configure(ctx)
		if err == nil || len(s.asked) == 0 {
			return err
		}
		s.complain(err)
	}
}

// partsOfKey are the names of the fields that a one-line key gives.
func (s *instanceSetting) partsOfKey(ctx context.Context) ([]string, error) {
	if s.given.Line == "" {
		return nil, nil
	}
	found, err := s.check(ctx, api.Given{Line: s.given.Line}, true)
	if err != nil {
		return nil, err
	}
	return found.Body.FromLine, nil
}

// missing are the fields to ask for.
func (s *instanceSetting) missing(inKey []string) (fields []api.Field) {
	for _, f := range s.form.Config {
		_, given := s.given.Texts[f.Name]
		_, secret := s.given.Secrets[f.Name]
		if !given && !secret && !slices.Contains(inKey, f.Name) && f.Default == nil {
			fields = append(fields, f)
		}
	}
	return fields
}

// askField asks until the answer can be one. Again, Enter keeps what was answered before.
func (s *instanceSetting) askField(ctx context.Context, f api.Field, again bool) error {
	title := cmp.Or(f.Title, f.Name)
	if !again {
		for _, line := range wrapped(f.Help, 78) {
			fmt.Fprintln(s.app.Err, s.app.errStyle().dim(line))
		}
	}
	for {
		var err error
		if f.Secret {
			err = s.askSecretField(f, title)
		} else {
			err = s.askPlainField(ctx, f, title)
		}
		if err == nil || fault.From(err).Code != fault.InvalidInput {
			return err
		}
		s.complain(err)
	}
}

func (s *instanceSetting) askSecretField(f api.Field, title string) error {
	before, answered := s.given.Secrets[f.Name]
	if answered {
		title += ", Enter for the same"
	}
	secret, err := s.app.askSecret(title)
	switch {
	case errors.Is(err, errNothingTyped) && answered:
		secret = before
	case errors.Is(err, errNothingTyped):
		return fault.New(fault.InvalidInput, "%s is needed", title)
	case err != nil:
		return err
	}
	s.given.Secrets[f.Name] = secret
	return nil
}

func (s *instanceSetting) askPlainField(ctx context.Context, f api.Field, title string) error {
	before, answered := s.given.Config[f.Name]
	switch {
	case answered && before != "":
		fmt.Fprintf(s.app.Err, "%s [%v]: ", title, before)
	case f.Required:
		fmt.Fprintf(s.app.Err, "%s: ", title)
	default:
		fmt.Fprintf(s.app.Err, "%s (Enter for none): ", title)
	}
	line, err := readLine(s.app.In)
	switch {
	case err != nil:
		return fault.Wrap(err, fault.Usage, "no answer was given for %s", f.Name)
	case line == "" && (answered || !f.Required):
		return nil
	case line == "":
		return fault.New(fault.InvalidInput, "%s is needed", title)
	}
	found, err := s.check(ctx, api.Given{Texts: map[string]string{f.Name: line}}, true)
	switch {
	case err != nil:
		return err
	case len(found.Body.Problems) > 0:
		return fault.New(fault.InvalidInput, "%s %s", title, found.Body.Problems[0].Message)
	case found.Body.Error != nil:
		return found.Body.Error
	}
	s.given.Config[f.Name] = found.Body.Config[f.Name]
	return nil
}

// complain says why an answer will not do, and goes on.
func (s *instanceSetting) complain(err error) {
	f := fault.From(err)
	fmt.Fprintf(s.app.Err, "%s %s%s\n", s.app.errStyle().bad("✗"), f.Message, hintBehind(f))
}

// tested tests what was collected. Where the connection fails and there is somebody to ask, the answers can be
// changed, so that nothing typed is lost.
func (s *instanceSetting) tested(ctx context.Context) (string, error) {
	for {
		words, err := s.test(ctx)
		if err == nil || len(s.asked) == 0 || !s.asks() {
			return words, err
		}
		fmt.Fprint(s.app.Err, "Nothing is saved yet. Change the answers (Enter), save all the same (s), or stop (q)? ")
		answer, readErr := readLine(s.app.In)
		switch {
		case readErr != nil || strings.HasPrefix(strings.ToLower(answer), "q"):
			return "", err
		case strings.HasPrefix(strings.ToLower(answer), "s"):
			return "", nil
		}
		if err := s.answers(ctx, true); err != nil {
			return "", err
		}
	}
}

// readLine reads up to a line break, byte by byte: what follows belongs to the next question.
func readLine(in io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < maxSecret {
		n, err := in.Read(one)
		if n == 1 && one[0] == '\n' {
			break
		}
		line = append(line, one[:n]...)
		if err == io.EOF && len(line) > 0 {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return strings.TrimSpace(string(line)), nil
}
