package endtoend_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Variables that say how these tests are run; docs/testing.md has them.
const (
	binaryVariable = "GANTRY_ENDTOEND_BINARY" // a program that is tried instead of one that is built first
	scaleVariable  = "GANTRY_ENDTOEND_SCALE"  // how much larger than usual everything is
)

// binary is the program that is tried.
var binary string

// scale multiplies how many deliveries are sent, and how many organisations there are.
var scale = 1

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if text := os.Getenv(scaleVariable); text != "" {
		if scale, err = strconv.Atoi(text); err != nil || scale < 1 {
			return 0, fmt.Errorf("%s=%s is not a number from 1", scaleVariable, text)
		}
	}
	if binary = os.Getenv(binaryVariable); binary != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "gantry-endtoend-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "gantry")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "gantry/cmd/gantry").CombinedOutput(); err != nil {
		return 0, fmt.Errorf("the program cannot be built: %w\n%s", err, out)
	}
	return m.Run(), nil
}
