package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = ""

func newVersion(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Show the version",
		Example: "  gantry version\n  gantry version --format json",
		GroupID: groupLook,
		Args:    takes(),
	}
	cmd.RunE = func(*cobra.Command, []string) error {
		v := buildVersion()
		return app.Show(v, func(out io.Writer) error {
			fmt.Fprintf(out, "gantry %s\n", v.Version)
			if v.Commit != "" {
				fmt.Fprintf(out, "commit %s\n", strings.TrimSpace(v.Commit+" "+v.Time))
			}
			fmt.Fprintf(out, "%s %s\n", v.Go, v.Platform)
			return nil
		})
	}
	return cmd
}

// versionInfo is what `gantry version` tells.
type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"` // of the commit
	Modified bool   `json:"modified"`       // built from a tree with changes that are not committed
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func buildVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	if v.Version == "" {
		v.Version = strings.TrimPrefix(info.Main.Version, "v")
	}
	if v.Version == "" || v.Version == "(devel)" {
		v.Version = "development"
	}
	return v
}
