package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

var programScenarios = []scenario{
	{name: "checking {runs} workflows (gantry check)", runs: 1000, bars: []bar{{figure: took, most: 2000}}, measure: inProject(checkMany)},
	{name: "the program, stripped, without the console", once: true, bars: []bar{{figure: size, most: 40}}, measure: inProject(sizeOfProgram)},
	{name: "gantry serve, idle, from start to ready", bars: []bar{{figure: resident, most: 40}, {figure: took, most: 100}}, measure: inProject(idle)},
}

// built is the program, built as `make build` does, and a new project.
type built struct {
	program, project string
	data             string // the data folder; "": the project's own
}

// program is where the program lies, which is built once, when it is first needed.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return "", err
	}
	atEnd = append(atEnd, func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "gantry")
	return path, run("make", "build", "BIN="+path)
})

// inProject makes a project with the program, and measures there.
func inProject(measure func(p built, s scenario, scale float64) (figures, error)) func(scenario, float64) (figures, error) {
	return func(s scenario, scale float64) (figures, error) {
		path, err := program()
		if err != nil {
			return nil, err
		}
		dir, err := os.MkdirTemp("", "gantry-bench-")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		p := built{program: path, project: filepath.Join(dir, "project")}
		if err := run(p.program, "init", p.project); err != nil {
			return nil, err
		}
		return measure(p, s, scale)
	}
}

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, out)
	}
	return nil
}

func sizeOfProgram(p built, _ scenario, _ float64) (figures, error) {
	info, err := os.Stat(p.program)
	if err != nil {
		return nil, err
	}
	console, err := sizeOfConsole()
	return figures{size: float64(info.Size()-console) / 1e6}, err
}

// sizeOfConsole is the size of the files of the console, which are in the program as they are.
func sizeOfConsole() (sum int64, err error) {
	err = fs.WalkDir(os.DirFS("console/dist"), ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

// checked is a workflow of the size that people write: reads, conditions, a loop over what was read, a write.
const checked = `title: Workflow %d
inputs:
  ticket_id: {type: integer, required: true, description: Halo ticket number}
vars: {urgent: 1}
tasks:
  get_ticket:
    action: halo.get_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}"}
    retry: {attempts: 5, delay: 2s}
    follow: first
    next:
      - when: succeeded && result.priority_id == vars.urgent
        publish: {team: Escalations}
        do: assign
      - when: succeeded
        publish: {team: "Team of ${{ result.id }}"}
        do: assign
  assign:
    action: halo.update_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}", team: "${{ ctx.team }}"}
    next: note
  note:
    for_each: {items: "${{ [1, 2, 3] }}", as: step}
    action: halo.add_note
    with: {ticket_id: "${{ inputs.ticket_id }}", note: "Step ${{ step }} of ${{ org.name }}"}
outputs:
  team: ${{ ctx.team }}
`

func checkMany(p built, s scenario, scale float64) (figures, error) {
	folder := filepath.Join(p.project, "workflows", "many")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	for i := range s.size(scale) {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("w%d.yaml", i)), fmt.Appendf(nil, checked, i), 0o600); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(p.program, "check", "--project", p.project)
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gantry check: %w\n%s", err, out)
	}
	d := time.Since(began)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return figures{took: ms(d), cpuEach: float64(cpu.Microseconds()) / float64(s.size(scale))}, nil
}

// settled is how long the server is left alone before its memory is looked at.
const settled = 3 * time.Second

// idle starts a server, on the data that its first start made, and looks at its memory when it has nothing to do.
func idle(p built, _ scenario, _ float64) (figures, error) {
	if _, err := p.serve(0); err != nil {
		return nil, err
	}
	return p.serve(settled)
}

// serve starts a server and ends it again; it gives how long it took to be ready, its resident memory, what of that is its
// own, and what it comes to where pages that processes share count by their share. What is not its own is the program's
// file, which the system maps in pages of its choice and may take back. What it cost is until it has ended.
func (p built) serve(wait time.Duration) (figures, error) {
	cmd := exec.Command(p.program, "serve", "--project", p.project, "--listen", "127.0.0.1:0", "--format", "json", "--log-level", "warn")
	if p.data != "" {
		cmd.Args = append(cmd.Args, "--data", p.data)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var serving struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(out).Decode(&serving); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("gantry serve: %w\n%s", err, said.String())
	}
	f := figures{took: ms(time.Since(began))}
	time.Sleep(wait)
	var failed [3]error
	f[resident], failed[0] = toldOf(cmd.Process.Pid, "status", "VmRSS:")
	f[own], failed[1] = toldOf(cmd.Process.Pid, "status", "RssAnon:")
	f[proportional], failed[2] = toldOf(cmd.Process.Pid, "smaps_rollup", "Pss:")
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("gantry serve: %w\n%s", err, said.String())
	}
	f[cpuEach] = float64((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Microseconds())
	return f, errors.Join(failed[:]...)
}
