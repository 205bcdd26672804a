package api

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Given are fields of a configuration. What is left out stays as it was.
type Given struct {
	Config  map[string]any    `json:"config,omitempty" doc:"Fields that are not secret; an empty text takes one away"`
	Texts   map[string]string `json:"texts,omitempty" doc:"Fields that are not secret, as people type them: each is read by its type"`
	Secrets map[string]string `json:"secrets,omitempty" doc:"Secret fields: they go in and never come out"`
	Line    string            `json:"line,omitempty" doc:"The one-line key of integrations that have one"`
}

// read gives the fields with the texts read by the types of the fields, and what is wrong with texts.
func (g Given) read(of *actions.Integration) (config map[string]any, problems []FieldProblem) {
	config = maps.Clone(g.Config)
	if config == nil {
		config = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(g.Texts)) {
		value, problem := readField(of, name, g.Texts[name])
		if problem != "" {
			problems = append(problems, FieldProblem{Field: name, Message: problem})
			continue
		}
		config[name] = value
	}
	return config, problems
}

// readField reads the text of a field. An empty one takes the field away.
func readField(of *actions.Integration, name, text string) (value any, problem string) {
	at := slices.IndexFunc(of.Config, func(f schema.Field) bool { return f.Name == name })
	switch {
	case at < 0:
		return nil, "is no field of " + of.Title
	case of.Config[at].Type.Kind == schema.KindSecret:
		return nil, "is secret, and goes among the secrets"
	case text == "":
		return "", ""
	}
	value, err := of.Config[at].Type.FromText(text)
	if err != nil {
		return nil, err.Error()
	}
	return value, ""
}

// configured makes a configuration of what was given, over what an instance had before.
func configured(of *actions.Integration, g Given, before map[string]any, secrets map[string]string) (actions.Configured, error) {
	if g.Line != "" && of.OneLine == nil {
		return actions.Configured{}, fault.New(fault.Usage, "%s has no one-line key", of.Title)
	}
	config, problems := g.read(of)
	if len(problems) > 0 {
		f := fault.New(fault.Usage, "%s %s", problems[0].Field, problems[0].Message)
		return actions.Configured{}, f.WithHint("%s", source.DidYouMean(problems[0].Field, fieldNames(of)))
	}
	made, problem := of.Configure(actions.Given{Config: config, Secrets: g.Secrets, Line: g.Line, Before: before, SecretsBefore: secrets})
	if problem == nil {
		return made, nil
	}
	f := fault.Wrap(problem, fault.Usage, "%s", problem.Message).WithDetail(problem.Detail)
	if problem.Hint != "" {
		return made, f.WithHint("%s", problem.Hint)
	}
	return made, f.WithHint("give fields with --set field=value and secrets with --set-file or --set-stdin; the fields are: %s", fieldList(of))
}

func fieldNames(of *actions.Integration) []string {
	all := make([]string, len(of.Config))
	for i, f := range of.Config {
		all[i] = f.Name
	}
	return all
}

func fieldList(of *actions.Integration) string {
	said := make([]string, len(of.Config))
	for i, f := range of.Config {
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

// CheckConfigurationIn is a configuration, or some of it.
type CheckConfigurationIn struct {
	OfInstance
	Body struct {
		Given
		Change  bool `json:"change,omitempty" doc:"The fields go over those of the instance, as when it is updated; else they are all there is"`
		Partial bool `json:"partial,omitempty" doc:"More is to come: each field is looked at by itself, and nothing is missing"`
	}
}

// CheckConfigurationOut tells what is wrong with a configuration.
type CheckConfigurationOut struct {
	Body struct {
		Config   map[string]any `json:"config,omitempty" doc:"The fields as they would be saved, without secrets; left out where something is wrong"`
		FromLine []string       `json:"from_line,omitempty" doc:"With partial: the fields that the one-line key gives"`
		Problems []FieldProblem `json:"problems,omitempty" doc:"With partial: texts that are no value of their field"`
		Error    *fault.Error   `json:"error,omitempty" doc:"Why it cannot be saved so"`
		Warnings []*fault.Error `json:"warnings,omitempty" doc:"What is odd about it"`
	}
}

// CheckConfiguration looks at a configuration, asks no other system, and saves nothing.
var CheckConfiguration = Operation[CheckConfigurationIn, CheckConfigurationOut]{ID: "check-configuration", Method: "POST", Path: "/organisations/{org}/instances/{integration}/check",
	Tag: tagIntegrations, Asks: true, Summary: "Look at a configuration without saving it, and without a test of the connection", Policy: changeInstances}

func (a *API) checkConfiguration(ctx context.Context, in *CheckConfigurationIn) (*CheckConfigurationOut, error) {
	out := &CheckConfigurationOut{}
	if in.Body.Partial {
		of, err := a.integration(ctx, in.Integration)
		if err != nil {
			return nil, err
		}
		return out, out.partly(of, in.Body.Given)
	}
	c, secrets, err := a.configuring(ctx, &in.OfInstance, in.Body.Change)
	if err != nil {
		return nil, err
	}
	made, err := configured(c.of, in.Body.Given, c.in.Config, secrets)
	if err != nil {
		out.Body.Error = fault.From(err)
		return out, nil
	}
	out.Body.Config, out.Body.Warnings = made.Config, made.Warnings
	return out, nil
}

// partly looks at each field by itself.
func (out *CheckConfigurationOut) partly(of *actions.Integration, g Given) error {
	if g.Line != "" {
		if of.OneLine == nil {
			return fault.New(fault.Usage, "%s has no one-line key", of.Title)
		}
		parts, _, problem := of.OneLine.Parse(g.Line)
		if problem != nil {
			return problem
		}
		out.Body.FromLine = slices.Sorted(maps.Keys(parts))
	}
	config, problems := g.read(of)
	if out.Body.Problems = problems; len(problems) > 0 {
		return nil
	}
	if config, out.Body.Error = of.NormaliseConfig(config); out.Body.Error == nil {
		out.Body.Config = config
	}
	return nil
}
