package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// roles are what the command is started as by itself, in a process of its own: `bench ROLE ARGS…`.
var roles map[string]func(args []string) error

func init() {
	roles = map[string]func([]string) error{"target": serveTarget, "items": itemsRole, "begin-runs": beginRuns, "resume-runs": resumeRuns, "runs": sideRole}
}

// process is another one of this command; it speaks in lines.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func startRole(args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(self, args...)}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lines = bufio.NewScanner(out)
	return p, p.cmd.Start()
}

// hear waits for the next line that begins with a word, and gives what follows it.
func (p *process) hear(word string) (string, error) {
	for p.lines.Scan() {
		if rest, ok := strings.CutPrefix(p.lines.Text(), word+" "); ok {
			return rest, nil
		}
	}
	return "", fmt.Errorf("%s ended without saying %q", p.cmd.Args[1], word)
}

// kill ends it as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.cmd.Wait()         // an error tells that it was killed
}
