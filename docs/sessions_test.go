package docs

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSessions types what the handbook's console blocks show, those marked `<!-- run -->`, and compares what
// is printed. Each page is a session of its own, in a new project unless it makes one itself; the files that
// it shows are there once they have been shown. Ids, times and paths may differ.
func TestSessions(t *testing.T) {
	if _, err := exec.LookPath("bash"); testing.Short() || err != nil {
		t.Skip("builds the program, and needs bash")
	}
	bin := build(t)
	for _, page := range pages(t) {
		if !slices.ContainsFunc(page.blocks, func(b block) bool { return runs(b) }) {
			continue
		}
		t.Run(strings.ReplaceAll(page.name, "/", "-"), func(t *testing.T) {
			t.Parallel()
			s := &session{t: t, bin: bin, dir: t.TempDir(), ids: map[string]string{}}
			if !strings.Contains(page.text, "$ gantry init") {
				s.say("gantry init . --name 'Acme MSP'")
			}
			for _, b := range page.blocks {
				if name, ok := b.file(); ok && b.marker != "wrong" {
					put(t, s.dir, name, b)
				}
				if runs(b) {
					s.play(page.name, b)
				}
			}
		})
	}
}

func runs(b block) bool { return b.marker == "run" || b.marker == "run: fails" }

// build gives the folder of the program, without the race detector: what is called has it in its own tests. It is the
// one that GANTRY_TEST_BINARY names, else one that is built.
func build(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("GANTRY_TEST_BINARY"); path != "" {
		return filepath.Dir(path)
	}
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", filepath.Join(dir, "gantry"), "gantry/cmd/gantry").CombinedOutput(); err != nil {
		t.Fatalf("go build: %s\n%s", err, out)
	}
	return dir
}

// session is a shell in which the commands of one page are typed. ids are those that the page shows, with
// those that there really are.
type session struct {
	t        *testing.T
	bin, dir string
	ids      map[string]string
}

func (s *session) shell(command string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "PATH="+s.bin+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1", "GANTRY_MASTER_KEY=", "GANTRY_ALLOW_NETWORKS=")
	return cmd
}

// say runs one command in the session's folder and follows it where it goes.
func (s *session) say(command string) (printed string, err error) {
	s.t.Helper()
	where := filepath.Join(s.t.TempDir(), "pwd")
	cmd := s.shell(command + "\nstatus=$?; pwd > '" + where + "'; exit $status")
	var out, progress bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &progress
	err = cmd.Run()
	if now, readErr := os.ReadFile(where); readErr == nil {
		s.dir = strings.TrimSpace(string(now))
	}
	if err != nil {
		return out.String() + progress.String(), err
	}
	return out.String(), nil
}

// serve runs a server in the background, on a port that is free, until the page is through, and waits until it
// is ready.
func (s *session) serve(command string) {
	s.t.Helper()
	cmd := s.shell(strings.Replace(command, "gantry serve", "exec gantry serve --listen 127.0.0.1:0", 1))
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if printed, err := s.say("grep -s 'Ctrl-C stops it' serve.out"); err == nil && printed != "" {
			return
		}
		if time.Now().After(deadline) {
			printed, _ := s.say("cat serve.out serve.log")
			s.t.Fatalf("%s does not serve:\n%s", command, printed)
		}
	}
}

// play types the commands of a block. What a command prints to standard output must stand below it, in
// order; what else stands there is progress, which looks otherwise on a terminal.
func (s *session) play(page string, b block) {
	t := s.t
	t.Helper()
	for i := 0; i < len(b.lines); {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			t.Fatalf("%s:%d: not a command: %s", page, b.line+i+1, b.lines[i])
		}
		at := b.line + i + 1
		for i++; strings.HasSuffix(command, `\`) && i < len(b.lines); i++ {
			command += "\n" + strings.TrimPrefix(b.lines[i], "> ")
		}
		var shown []string
		for ; i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ "); i++ {
			shown = append(shown, b.lines[i])
		}
		last := i == len(b.lines)
		if background, ok := strings.CutSuffix(command, " &"); ok {
			s.serve(background)
			continue
		}
		command = id.ReplaceAllStringFunc(command, func(shown string) string { return cmp.Or(s.ids[shown], shown) })
		printed, err := s.say(command)
		for range 100 { // what a server is still at is looked at again, as people would
			if !underWay.MatchString(printed) || underWay.MatchString(strings.Join(shown, "\n")) {
				break
			}
			printed, err = s.say(command)
		}
		if wantFail := last && b.marker == "run: fails"; (err != nil) != wantFail {
			t.Errorf("%s:%d: %s: %v\n%s", page, at, command, err, printed)
		}
		compare(t, page, at, command, withoutTree(shown), printed)
		s.learn(shown, printed)
	}
}

// underWay finds, in lists, what has not been decided or has not ended.
var underWay = regexp.MustCompile(`(?m)^[0-9a-f]{8} .* (pending|queued|running)\b`)

var id = regexp.MustCompile(`\b[0-9a-f]{8}\b`)

// learn takes the ids that were printed for those that are shown, in order.
func (s *session) learn(shown []string, printed string) {
	real := id.FindAllString(printed, -1)
	for i, there := range id.FindAllString(strings.Join(shown, "\n"), -1) {
		if _, known := s.ids[there]; !known && i < len(real) {
			s.ids[there] = real[i]
		}
	}
}

// withoutTree leaves out the tree of a run, which a terminal shows and a pipe does not.
func withoutTree(shown []string) []string {
	if len(shown) == 0 || !head.MatchString(shown[0]) {
		return shown
	}
	return shown[slices.Index(append(shown, ""), ""):]
}

// compare wants every shown line among what was printed and the other way round, except for lines that only
// one of terminal and pipe has, and what "…" stands for.
func compare(t *testing.T, page string, at int, command string, shown []string, printed string) {
	t.Helper()
	if slices.Contains(shown, "…") || slices.Contains(shown, "  …") {
		shown = slices.DeleteFunc(shown, func(l string) bool { return strings.TrimSpace(l) == "…" })
		for _, line := range shown {
			if !isProgress(line) && !strings.Contains(general(printed), general(line)) {
				t.Errorf("%s:%d: %s does not print %q but\n%s", page, at, command, line, printed)
			}
		}
		return
	}
	var want, got []string
	for _, line := range shown {
		if !isProgress(line) && strings.TrimSpace(line) != "" {
			want = append(want, general(line))
		}
	}
	for line := range strings.SplitSeq(printed, "\n") {
		if !isProgress(line) && strings.TrimSpace(line) != "" {
			got = append(got, general(line))
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("%s:%d: %s\nis shown as\n%s\nand prints\n%s", page, at, command, strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

var (
	head      = regexp.MustCompile(`^[✓✗] \S+  for `)
	progress  = regexp.MustCompile(`^[✓✗] \S+ +(for|<?\d)|^ *[├└│]|^Made the organisation|^  (started|succeeded|failed|skipped) |^[a-z0-9/-]+  for [A-Z]|^There is only the sandbox`)
	different = []struct{ pattern, general string }{
		{`\b[0-9a-f]{8}\b`, "ID"}, {`\b[0-9a-f]{4,12}(-[0-9a-f]{4,12})+\b|version [0-9a-f]{12}`, "ID"}, {`[ \t]+$`, ""}, {`<?\d+(\.\d+)?(ms|s)\b`, "TIME"}, {`\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?`, "DATE"},
		{`(just now|\d+ \w+ ago)`, "AGO"}, {` +`, " "},
	}
)

func isProgress(line string) bool { return progress.MatchString(line) }

// general replaces what differs from day to day.
func general(text string) string {
	for _, d := range different {
		text = regexp.MustCompile(`(?m)`+d.pattern).ReplaceAllString(text, d.general)
	}
	return text
}
