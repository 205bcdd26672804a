package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

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
	noTest, force bool

	of      *actions.Integration
	config  map[string]any
	secrets map[string]string
}

func (s *instanceSetting) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.org, "org", "", "the organisation's `slug` (default the MSP)")
	s.app.completeOrg(cmd)
	cmd.Flags().StringArrayVar(&s.set, "set", nil, "a field of the configuration, as `field=value`; may be repeated")
	cmd.Flags().StringArrayVar(&s.files, "set-file", nil, "a field whose value is read from a file, as `field=path`")
	cmd.Flags().StringVar(&s.stdin, "set-stdin", "", "the `field` whose value is read from standard input")
	cmd.Flags().BoolVar(&s.noTest, "no-test", false, "save without testing the connection")
	cmd.Flags().BoolVar(&s.force, "force", false, "save although the test of the connection fails")
}

func (s *instanceSetting) givenAny() bool { return len(s.set)+len(s.files) > 0 || s.stdin != "" }

// collect gathers the fields over those that are there already, checks them, and brings addresses into form.
func (s *instanceSetting) collect(cmd *cobra.Command, config map[string]any, secrets map[string]string) error {
	s.config, s.secrets = config, secrets
	if config == nil {
		s.config, s.secrets = map[string]any{}, map[string]string{}
	}
	if err := s.fromFlags(cmd); err != nil {
		return err
	}
	if config == nil {
		if err := s.ask(); err != nil {
			return err
		}
	}
	if err := s.check(cmd); err != nil {
		return err
	}
	normal, problem := s.of.NormaliseConfig(s.config)
	if problem != nil {
		return problem
	}
	s.config = normal
	return nil
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
		if s.config[f.Name], err = f.Type.FromText(text); err != nil {
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
		s.secrets[f.Name] = text
		return nil
	}
	if s.config[f.Name], err = f.Type.FromText(text); err != nil {
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

// ask asks for the fields that were not given, if there is somebody to ask.
func (s *instanceSetting) ask() error {
	file, ok := s.app.In.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || s.stdin != "" {
		return nil
	}
	for _, f := range s.of.Config {
		_, given := s.config[f.Name]
		_, secret := s.secrets[f.Name]
		if given || secret || f.Type.HasDefault {
			continue
		}
		if err := s.askField(f); err != nil {
			return err
		}
	}
	return nil
}

func (s *instanceSetting) askField(f schema.Field) error {
	title := f.Type.Title
	if title == "" {
		title = f.Name
	}
	style := s.app.errStyle()
	for _, line := range wrapped(f.Type.Description, 78) {
		fmt.Fprintln(s.app.Err, style.dim(line))
	}
	if f.Type.Kind == schema.KindSecret {
		secret, err := s.app.askSecret(title)
		s.secrets[f.Name] = secret
		return err
	}
	if !f.Required {
		title += " (Enter for none)"
	}
	fmt.Fprintf(s.app.Err, "%s: ", title)
	line, err := readLine(s.app.In)
	if err != nil {
		return fault.Wrap(err, fault.Usage, "no answer was given for %s", f.Name)
	}
	if line == "" {
		return nil
	}
	s.config[f.Name], err = f.Type.FromText(line)
	if err != nil {
		return fault.Wrap(err, fault.Usage, "%s %s", title, err)
	}
	return nil
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

// check holds what was given against the integration's form and fills in defaults.
func (s *instanceSetting) check(cmd *cobra.Command) error {
	all := map[string]any{}
	for name, v := range s.config {
		all[name] = v
	}
	for name, v := range s.secrets {
		all[name] = v
	}
	complete, problems := s.of.ConfigType().Complete(all)
	if len(problems) > 0 {
		said := make([]string, len(problems))
		for i, p := range problems {
			said[i] = p.String()
		}
		return usage(cmd, "%s cannot be configured so: %s", s.of.Title, strings.Join(said, "; ")).
			WithHint("give fields with --set field=value and secrets with --set-file or --set-stdin; the fields are: %s", s.fieldList())
	}
	for name, v := range complete.(map[string]any) {
		if _, secret := s.secrets[name]; !secret {
			s.config[name] = v
		}
	}
	return nil
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
