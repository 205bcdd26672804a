package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// commandsPage asks the program itself: its commands are a main package, which cannot be imported.
func commandsPage(root string) (*page, error) {
	dir, err := os.MkdirTemp("", "gantry-docs-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "gantry")
	build := exec.Command("go", append(buildFlags(), "-o", program, "./cmd/gantry")...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", build, err, out)
	}
	p := newPage("Commands", "cmd/gantry", "What `gantry COMMAND --help` says, in one place. [The command line](../command-line.md) is the guide.")
	return p, addCommand(p, program, nil)
}

// buildFlags build as this program was built, so that what is compiled already is used.
func buildFlags() []string {
	flags := []string{"build", "-buildvcs=false", "-ldflags=-s -w"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		flags = append(flags, "-race")
	}
	return flags
}

func addCommand(p *page, program string, path []string) error {
	help := exec.Command(program, append(slices.Clone(path), "--help")...)
	help.Env = append(os.Environ(), "NO_COLOR=1", "COLUMNS=120")
	out, err := help.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", help, err)
	}
	own, children := split(string(out), len(path) > 0)
	if len(path) > 0 {
		p.heading(min(1+len(path), 3), "gantry "+strings.Join(path, " "))
	}
	p.code("text", own)
	for _, child := range children {
		if child == "help" {
			continue
		}
		if err := addCommand(p, program, append(slices.Clone(path), child)); err != nil {
			return err
		}
	}
	return nil
}

var (
	section = regexp.MustCompile(`^[A-Z][^:]*:$`)
	listed  = regexp.MustCompile(`^  ([a-z][a-z-]*) +\S`)
)

// split takes the help apart: the text without what every command repeats, and the names of the commands
// below.
func split(help string, below bool) (own string, children []string) {
	var kept []string
	current := ""
	for _, line := range strings.Split(help, "\n") {
		if section.MatchString(line) {
			current = line
		}
		switch current {
		case "Usage:", "Aliases:", "Examples:", "Flags:", "":
		case "Global Flags:":
			if below {
				continue
			}
		default:
			if m := listed.FindStringSubmatch(line); m != nil {
				children = append(children, m[1])
			}
		}
		if !strings.HasPrefix(line, `Use "gantry`) {
			kept = append(kept, strings.TrimRight(line, " "))
		}
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n"), children
}
