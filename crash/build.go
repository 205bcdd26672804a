package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// build makes the program, with its fail-points, in a folder and gives its path.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "gantry")
	out, err := exec.CommandContext(ctx, "go", "build", "-tags", "failpoints", "-o", binary, "gantry/cmd/gantry").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program cannot be built: %w\n%s", err, out)
	}
	return binary, nil
}
