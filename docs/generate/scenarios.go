package main

import (
	"fmt"
	"os"
	"path/filepath"

	"gantry/source"
)

// proof is the step of a scenario of actions/testdata/halo that calls an action with success.
type proof struct{ file, step string }

// readProofs gives by action the first step that calls it with success, one with a title before others.
func readProofs(dir string) (map[string]proof, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	proofs := map[string]proof{}
	titled := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		root, ds := source.Parse(filepath.Base(file), text)
		if err := ds.Err(); err != nil {
			return nil, err
		}
		steps := root.Lookup("steps")
		if steps == nil {
			return nil, fmt.Errorf("%s has no steps", file)
		}
		for i, step := range steps.Items {
			id, _ := step.Lookup("call").Data().(string)
			title, hasTitle := step.Lookup("title").Data().(string)
			if _, has := proofs[id]; step.Lookup("fails") != nil || step.Lookup("lost") != nil || has && (titled[id] || !hasTitle) {
				continue
			}
			if !hasTitle {
				title = fmt.Sprintf("step %d", i+1)
			}
			proofs[id], titled[id] = proof{filepath.Base(file), title}, hasTitle
		}
	}
	return proofs, nil
}
