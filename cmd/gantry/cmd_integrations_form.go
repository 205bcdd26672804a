package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
	"gantry/schema"
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

	of    *actions.Integration
	asked []schema.Field // the fields that were asked for
	given actions.Given
	made  actions.Configured
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
	s.given.Config, s.given.Secrets = map[string]any{}, map[string]string{}
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
		return s.askAndConfigure()
	}
	return s.configure()
}

// configure makes a configuration of what was given.
func (s *instanceSetting) configure() error {
	made, problem := s.of.Configure(s.given)
	if problem != nil {
		if problem.Hint == "" {
			problem.Hint = "give fields with --set field=value and secrets with --set-file or --set-stdin; the fields are: " + s.fieldList()
		}
		return fault.Wrap(problem, fault.Usage, "%s", problem.Message).WithHint("%s", problem.Hint)
	}
	for _, w := range made.Warnings {
		s.app.Note("Note: %s.%s", w.Message, hintBehind(w))
	}
	s.made = made
	return nil
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
	if s.of.OneLine == nil {
		return usage(cmd, "%s has no one-line key", s.of.Title)
	}
	var err error
	name, fromEnv := strings.CutPrefix(s.key, "env:")
	switch {
	case s.key == "-":
		s.given.Line, err = s.app.askSecret(s.of.Title + ", " + s.of.OneLine.Title)
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

func (s *instanceSetting) fromFlags(cmd *cobra.Command) error {
	for _, pair := range s.set {
		f, text, err := s.field(cmd, "--set", pair)
		if err != nil {
			return err
		}
		if f.Type.Kind == schema.KindSecret {
			return usage(cmd, "%s is secret and is not given on the command line: others on this machine could read it there", f.Name).
				WithHint("use --set-file %s=PATH or --set-stdin %s, or leave it out to be asked for it", f.Name, f.Name)
		}
		if text == "" {
			s.given.Config[f.Name] = "" // takes the field away
			continue
		}
		if s.given.Config[f.Name], err = f.Type.FromText(text); err != nil {
			return usage(cmd, "--set %s %s", f.Name, err)
		}
	}
	for _, pair := range s.files {
		f, path, err := s.field(cmd, "--set-file", pair)
		if err == nil {
			err = s.put(cmd, f, path)
		}
		if err != nil {
			return err
		}
	}
	if s.stdin == "" {
		return nil
	}
	f, _, err := s.field(cmd, "--set-stdin", s.stdin+"=-")
	if err != nil {
		return err
	}
	return s.put(cmd, f, "-")
}

// put reads a field's value from a file.
func (s *instanceSetting) put(cmd *cobra.Command, f schema.Field, path string) error {
	text, err := s.app.secretFrom(path)
	if err != nil {
		return err
	}
	if f.Type.Kind == schema.KindSecret {
		s.given.Secrets[f.Name] = text
		return nil
	}
	if s.given.Config[f.Name], err = f.Type.FromText(text); err != nil {
		return usage(cmd, "%s %s", f.Name, err)
	}
	return nil
}

func (s *instanceSetting) field(cmd *cobra.Command, flag, pair string) (schema.Field, string, error) {
	name, text, ok := strings.Cut(pair, "=")
	if !ok {
		return schema.Field{}, "", usage(cmd, "%s %q is not field=value", flag, pair)
	}
	f, known := fieldNamed(s.of.Config, name)
	if !known {
		return f, "", usage(cmd, "%s has no field %q", s.of.Title, name).WithHint("%s", source.DidYouMean(name, fieldOrder(s.of.Config)))
	}
	return f, text, nil
}

func (s *instanceSetting) fieldList() string {
	said := make([]string, len(s.of.Config))
	for i, f := range s.of.Config {
		said[i] = f.Name
		switch {
		case f.Type.Kind == schema.KindSecret && f.Required:
			said[i] += " (secret, required)"
		case f.Type.Kind == schema.KindSecret:
			said[i] += " (secret)"
		case f.Required:
			said[i] += " (required)"
		}
	}
	return strings.Join(said, ", ")
}
