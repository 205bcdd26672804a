package server

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gantry/fault/faulttest"
	"gantry/source"
)

func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", name))
	faulttest.Must(t, err)
	return string(text)
}

// TestUnit: the unit is one that systemd takes, and it keeps the process in.
func TestUnit(t *testing.T) {
	text := deployed(t, "gantry.service")
	for _, want := range []string{"Type=notify", "Restart=on-failure", "DynamicUser=yes", "StateDirectory=gantry", "ProtectSystem=strict", "NoNewPrivileges=yes", "LoadCredential=master.key:", "WatchdogSec="} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("the unit lacks %s", want)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // not a machine with systemd: the lines above are all that can be known
	}
	path := filepath.Join(t.TempDir(), "gantry.service") // a program that is there, in the place of the one that is not installed
	faulttest.Must(t, os.WriteFile(path, []byte(strings.ReplaceAll(text, "/usr/local/bin/gantry", "/bin/true")), 0o644))
	said, err := exec.Command(analyze, "verify", "--man=no", path).CombinedOutput()
	for line := range strings.Lines(string(said)) {
		if strings.Contains(line, "gantry.service") {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// TestContainer: the image is built with SQLite, does not run as root, and is asked whether it is ready.
func TestContainer(t *testing.T) {
	text := deployed(t, "Dockerfile")
	for _, want := range []string{"FROM golang:1.26", "CGO_ENABLED=1", "USER nonroot", "HEALTHCHECK", `"health"`, `ENTRYPOINT ["/usr/local/bin/gantry"]`, `"serve"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the Dockerfile lacks %s", want)
		}
	}
	compose := deployed(t, "compose.yaml")
	root, ds := source.Parse("compose.yaml", []byte(compose))
	faulttest.Must(t, ds.Err())
	for _, key := range []string{"services", "secrets", "volumes"} {
		if root.Lookup(key) == nil {
			t.Errorf("compose.yaml lacks %s", key)
		}
	}
}
