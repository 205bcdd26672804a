package main

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/source"
)

// instanceSetting collects an instance's configuration from flags, files and questions.
type instanceSetting struct {
	app           *App
	org, name     string
	set, files    []string // field=value, field=path
	stdin         string   // field
	key           string   // where the one-line key comes from
	noTest, force bool

	form     api.Integration
	existing bool        // the fields go over those of the instance that is chosen
	asked    []api.Field // the fields that were asked for
	given    api.Given
}

// open learns the form of an integration.
func (s *instanceSetting) open(ctx context.Context, integration string) error {
	of := ofOrg(s.org) // the organisation is looked for first: what it is told of it may hint at the sandbox
	if _, err := aboutOrg(ctx, s.app, Writing, s.org, api.ListInstances, &of); err != nil {
		return err
	}
	found, err := api.ShowIntegration.Call(ctx, s.app.client, &api.OfCatalogue{Integration: integration})
	if err != nil {
		return err
	}
	s.form = found.Body
	return nil
}

// choose finds the instance that is to be changed, and the form of its integration.
func (s *instanceSetting) choose(ctx context.Context, integration string) error {
	s.form.ID = integration
	of := s.of()
	found, err := aboutOrg(ctx, s.app, Writing, s.org, api.ShowInstance, &of)
	if err != nil {
		return err
	}
	s.existing, s.name = true, found.Body.Name
	of.Integration = found.Body.Integration
	form, err := api.ShowIntegration.Call(ctx, s.app.client, &api.OfCatalogue{Integration: of.Integration})
	if err != nil {
		return err
	}
	s.form = form.Body
	return nil
}

// of names the instance in a request.
func (s *instanceSetting) of() api.OfInstance {
	return api.OfInstance{OfOrganisation: ofOrg(s.org), Integration: s.form.ID, Name: s.name}
}

// chooseFlags choose an instance that is there, and whether it is tested.
func (s *instanceSetting) chooseFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.name, "name", "", "the instance's `name` (default the organisation's default instance)")
	s.testFlags(cmd)
}

func (s *instanceSetting) testFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.org, "org", "", "the organisation's `slug` (default the MSP)")
	s.app.completeOrg(cmd)
	cmd.Flags().BoolVar(&s.noTest, "no-test", false, "save without testing the connection")
	cmd.Flags().BoolVar(&s.force, "force", false, "save although the test of the connection fails")
}

func (s *instanceSetting) fieldFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.set, "set", nil, "a field of the configuration, as `field=value`; may be repeated")
	cmd.Flags().StringArrayVar(&s.files, "set-file", nil, "a field whose value is read from a file, as `field=path`")
	cmd.Flags().StringVar(&s.stdin, "set-stdin", "", "the `field` whose value is read from standard input")
	cmd.Flags().StringVar(&s.key, "key", "", "where the one-line key comes from, never the key itself: `-` (asked for, or standard input), env:NAME or a file")
}

func (s *instanceSetting) givenAny() bool {
	return len(s.set)+len(s.files) > 0 || s.stdin != "" || s.key != ""
}

// collect gathers what was given, asks for what is missing if there is somebody to ask and the instance is
// new, and makes a configuration of it.
func (s *instanceSetting) collect(cmd *cobra.Command, isNew bool) error {
	s.given = api.Given{Config: map[string]any{}, Secrets: map[string]string{}, Texts: map[string]string{}}
	if s.stdin != "" && s.key == "-" {
		return usage(cmd, "--set-stdin and --key - both read standard input")
	}
	if err := s.fromFlags(cmd); err != nil {
		return err
	}
	if err := s.readKey(cmd); err != nil {
		return err
	}
	if isNew {
		return s.askAndConfigure(cmd.Context())
	}
	return s.configure(cmd.Context())
}

// configure has the API make a configuration of what was given, and tells what is odd about it.
func (s *instanceSetting) configure(ctx context.Context) error {
	found, err := s.check(ctx, s.given, false)
	if err != nil {
		return err
	}
	if found.Body.Error != nil {
		return found.Body.Error
	}
	for _, w := range found.Body.Warnings {
		s.app.Note("Note: %s.%s", w.Message, hintBehind(w))
	}
	return nil
}

// check asks what is wrong with fields; partly, while more are to come.
func (s *instanceSetting) check(ctx context.Context, given api.Given, partly bool) (*api.CheckConfigurationOut, error) {
	in := &api.CheckConfigurationIn{OfInstance: s.of()}
	in.Body.Given, in.Body.Change, in.Body.Partial = given, s.existing, partly
	return api.CheckConfiguration.Call(ctx, s.app.client, in)
}

// hintBehind is a fault's hint as a sentence that follows another.
func hintBehind(f *fault.Error) string {
	if f.Hint == "" {
		return ""
	}
	return " (" + f.Hint + ")"
}

// readKey reads the one-line key from where --key says.
func (s *instanceSetting) readKey(cmd *cobra.Command) error {
	if s.key == "" {
		return nil
	}
	if s.form.OneLine == nil {
		return usage(cmd, "%s has no one-line key", s.form.Title)
	}
	var err error
	name, fromEnv := strings.CutPrefix(s.key, "env:")
	switch {
	case s.key == "-":
		s.given.Line, err = s.app.askSecret(s.form.Title + ", " + s.form.OneLine.Title)
	case fromEnv:
		if s.given.Line = s.app.Getenv(name); s.given.Line == "" {
			return usage(cmd, "the environment has no %s, or it is empty", source.OneLine(name))
		}
	default:
		if _, statErr := os.Stat(s.key); statErr != nil { // it may be the key itself, so it is not repeated
			return usage(cmd, "--key says where the key is, and there is no such file").
				WithHint("use --key - to be asked for it, --key env:NAME, or --key FILE; a key on the command line could be read by others on this machine")
		}
		s.given.Line, err = s.app.secretFrom(s.key)
	}
	return err
}

// fromFlags takes the fields that were given, and has their texts read.
func (s *instanceSetting) fromFlags(cmd *cobra.Command) error {
	for _, pair := range s.set {
		f, text, err := s.field(cmd, "--set", pair)
		if err != nil {
			return err
		}
		if f.Secret {
			return usage(cmd, "%s is secret and is not given on the command line: others on this machine could read it there", f.Name).
				WithHint("use --set-file %s=PATH or --set-stdin %s, or leave it out to be asked for it", f.Name, f.Name)
		}
		s.given.Texts[f.Name] = text
	}
	if err := s.readTexts(cmd, "--set "); err != nil {
		return err
	}
	for _, pair := range s.files {
		f, path, err := s.field(cmd, "--set-file", pair)
		if err == nil {
			err = s.put(f, path)
		}
		if err != nil {
			return err
		}
	}
	if s.stdin != "" {
		f, _, err := s.field(cmd, "--set-stdin", s.stdin+"=-")
		if err == nil {
			err = s.put(f, "-")
		}
		if err != nil {
			return err
		}
	}
	return s.readTexts(cmd, "")
}

// readTexts has the texts so far read by the types of their fields.
func (s *instanceSetting) readTexts(cmd *cobra.Command, flag string) error {
	if len(s.given.Texts) == 0 {
		return nil
	}
	found, err := s.check(cmd.Context(), api.Given{Texts: s.given.Texts}, true)
	if err != nil {
		return err
	}
	for _, p := range found.Body.Problems {
		return usage(cmd, "%s%s %s", flag, p.Field, p.Message)
	}
	return nil
}

// put takes a field's value from a file.
func (s *instanceSetting) put(f api.Field, path string) error {
	text, err := s.app.secretFrom(path)
	if err != nil {
		return err
	}
	if f.Secret {
		s.given.Secrets[f.Name] = text
	} else {
		s.given.Texts[f.Name] = text
	}
	return nil
}

func (s *instanceSetting) field(cmd *cobra.Command, flag, pair string) (api.Field, string, error) {
	name, text, ok := strings.Cut(pair, "=")
	if !ok {
		return api.Field{}, "", usage(cmd, "%s %q is not field=value", flag, pair)
	}
	var known []string
	for _, f := range s.form.Config {
		if f.Name == name {
			return f, text, nil
		}
		known = append(known, f.Name)
	}
	return api.Field{}, "", usage(cmd, "%s has no field %q", s.form.Title, name).WithHint("%s", source.DidYouMean(name, known))
}
