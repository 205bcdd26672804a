package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// mostOfDagu is how many processes are started side by side.
const mostOfDagu = 8

// openDagu starts a process for each run, which is how Dagu runs what its command line starts. Two runs of one file at the
// same moment fail now and then (they listen at an address that is made of the file's path), so each lane has its own.
func openDagu(w *world) (*session, error) {
	folder, err := w.node("dagu", `{"private": true, "dependencies": {"@dagu-org/dagu-linux-x64": "1.30.2"}}`)
	if err != nil {
		return nil, err
	}
	data, err := w.scratch("dagu")
	if err != nil {
		return nil, err
	}
	lanes := make(chan string, mostOfDagu)
	for i := range mostOfDagu {
		lane := fmt.Sprintf("lane%d", i)
		for _, load := range workloads {
			if err := write(data, map[string]string{filepath.Join(lane, load.workflow+".yaml"): daguWorkflow(load, w.target)}); err != nil {
				return nil, err
			}
		}
		lanes <- lane
	}
	program := filepath.Join(folder, "node_modules", "@dagu-org", "dagu-linux-x64", "bin", "dagu")
	return called(func() {}, func(load workload) error {
		lane := <-lanes
		defer func() { lanes <- lane }()
		return command(data, []string{"DAGU_HOME=" + data}, program, "start", "--quiet", filepath.Join(data, lane, load.workflow+".yaml"))
	}), nil
}

func daguWorkflow(load workload, target string) string {
	var b strings.Builder
	b.WriteString("maxActiveRuns: 0\nsteps:\n")
	for i := range load.tasks {
		step := "command: \"true\""
		if load.http {
			step = fmt.Sprintf("executor: {type: http, config: {silent: true}}\n    command: GET %s", target)
		}
		fmt.Fprintf(&b, "  - name: t%d\n    %s\n", i, step)
		if i > 0 {
			fmt.Fprintf(&b, "    depends: [t%d]\n", i-1)
		}
	}
	return b.String()
}
