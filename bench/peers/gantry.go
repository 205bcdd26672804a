package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// openGantryInside lets the benchmark measure the engine without a server.
func openGantryInside(w *world) (*session, error) {
	return &session{close: func() {}, measure: func(load workload, seconds float64) (figures, error) {
		text, err := output("", nil, filepath.Join(w.work, "bench"), "runs", load.workflow, strconv.Itoa(load.concurrency), fmt.Sprint(seconds))
		if err != nil {
			return figures{}, err
		}
		var f figures
		return f, json.Unmarshal([]byte(text), &f)
	}}, nil
}

// openGantryServed starts `gantry serve` and calls webhooks that answer when the run has ended.
func openGantryServed(w *world) (*session, error) {
	folder, err := w.scratch("gantry")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(w.work, "gantry")
	if err := command("", nil, "make", "build", "BIN="+program); err != nil {
		return nil, err
	}
	files := map[string]string{"gantry.yaml": "msp: {slug: msp, name: MSP}\nnetwork: {allow: [127.0.0.0/8]}\n"}
	for _, load := range workloads {
		files["workflows/"+load.workflow+".yaml"] = gantryWorkflow(load, w.target)
	}
	if err := write(folder, files); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s, err := serve(folder, nil, listens(port), program, "serve", "--sandbox", "--listen", "127.0.0.1:"+port, "--quiet")
	if err != nil {
		return nil, err
	}
	hooks := map[string]string{}
	for _, load := range workloads {
		address, err := output(folder, nil, program, "triggers", "address", load.workflow, "in", "--sandbox")
		if err != nil {
			s.close()
			return nil, err
		}
		_, path, _ := strings.Cut(strings.TrimSpace(address), "/hooks/")
		hooks[load.workflow] = "http://127.0.0.1:" + port + "/hooks/" + path
	}
	return called(s.close, func(load workload) error { return post(hooks[load.workflow]) }), nil
}

func gantryWorkflow(load workload, target string) string {
	var b strings.Builder
	b.WriteString("triggers:\n  - {name: in, type: webhook, verify: none, dedupe: off, wait: 1m, run_for: {this: true}}\ntasks:\n")
	for i := range load.tasks {
		action := "action: core.noop"
		if load.http {
			action = fmt.Sprintf("action: core.http_request, with: {url: %q}", target)
		}
		if i < load.tasks-1 {
			action += fmt.Sprintf(", next: t%d", i+1)
		}
		fmt.Fprintf(&b, "  t%d: {%s}\n", i, action)
	}
	return b.String()
}

// write makes files below a folder.
func write(folder string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
