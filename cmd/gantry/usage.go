package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gantry/fault"
	"gantry/source"
)

// usage is an error in how a command was called; its hint is how the command is called rightly.
func usage(cmd *cobra.Command, format string, args ...any) *fault.Error {
	return fault.New(fault.Usage, format, args...).WithHint("usage: %s; %s", cmd.UseLine(), seeHelp(cmd))
}

func seeHelp(cmd *cobra.Command) string {
	return fmt.Sprintf("`%s --help` tells more", cmd.CommandPath())
}

// hints joins what is said to one hint.
func hints(parts ...string) string {
	said := ""
	for _, part := range parts {
		switch {
		case said == "" || part == "":
			said += part
		case strings.HasSuffix(said, "?"):
			said += " " + part
		default:
			said += "; " + part
		}
	}
	return said
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage(cmd, "%s has no command %q", cmd.CommandPath(), args[0]).WithHint("%s", hints(source.DidYouMean(args[0], commandsOf(cmd)), seeHelp(cmd)))
}

// commandsOf gives the words that may follow a command.
func commandsOf(cmd *cobra.Command) (known []string) {
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			known = append(known, child.Name())
			known = append(known, child.Aliases...)
		}
	}
	return known
}

// takes checks the words after a command against their names: "WORKFLOW" is required and not empty,
// "[PATH]" may be left out, "[PATH...]" may be given any number of times.
func takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		for i, name := range names {
			switch {
			case strings.HasPrefix(name, "["):
			case len(args) <= i:
				return usage(cmd, "%s needs %s", cmd.CommandPath(), strings.Join(names[i:], " "))
			case args[i] == "":
				return usage(cmd, "%s needs %s, which is empty here", cmd.CommandPath(), name)
			}
		}
		endless := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "...]")
		if len(args) > len(names) && !endless {
			return usage(cmd, "%s does not know what to do with %q", cmd.CommandPath(), args[len(names)])
		}
		return nil
	}
}

// emptyFlag refuses a flag that was given and says nothing, as --org "$ORG" does in a script where ORG is
// not set: taken for a flag that was left out, it would mean another organisation than the one intended.
func emptyFlag(cmd *cobra.Command) error {
	var empty *pflag.Flag
	cmd.Flags().Visit(func(f *pflag.Flag) {
		said := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			said = list.GetSlice()
		}
		if len(said) == 0 || slices.Contains(said, "") {
			empty = f
		}
	})
	if empty == nil {
		return nil
	}
	return usage(cmd, "--%s is empty: it needs %s", empty.Name, valueNeeded(empty))
}

// valueNeeded says what a flag takes.
func valueNeeded(f *pflag.Flag) string {
	name, _ := pflag.UnquoteUsage(f)
	if name == "" {
		return "true or false"
	}
	if strings.ContainsAny(name[:1], "aeiou") {
		return "an " + name
	}
	return "a " + name
}

// flagError says what is wrong with a flag in words that are not a programmer's.
func flagError(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return unknownFlag(cmd, unknown)
	}
	if without, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return usage(cmd, "--%s needs %s", without.GetFlag().Name, valueNeeded(without.GetFlag()))
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return usage(cmd, "--%s needs %s, not %q", wrong.GetFlag().Name, valueShape(wrong.GetFlag()), wrong.GetValue())
	}
	return usage(cmd, "%s: %s", cmd.CommandPath(), err)
}

// valueShape says what the value of a flag looks like.
func valueShape(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return valueNeeded(f)
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() != "" {
		return usage(cmd, "%s has no flag -%s", cmd.CommandPath(), name)
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	hint := ""
	if near := source.Suggest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return usage(cmd, "%s has no flag --%s", cmd.CommandPath(), name).WithHint("%s", hints(hint, seeHelp(cmd)))
}
