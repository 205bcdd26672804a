package flow_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
)

var update = flag.Bool("update", false, "add the histories that are missing; those that are there stay as they are")

// storedHistories are the histories below testdata/histories by name, each with the scenario that it was
// played from. The scenario may change later, the history may not.
var storedHistories = map[string]string{
	"join-all":          "a join after a join",
	"join-each-other":   "of joins that wait for each other the second goes on with what the first sends it",
	"join-number":       "a number runs at that many distinct inbound tasks and absorbs the rest",
	"join-unsatisfied":  "an unsatisfied number may be handled",
	"loop-rounds":       "a join inside a loop opens a new round each time",
	"for-each-retry":    "retry holds for each item",
	"for-each-failed":   "with on_error fail no new items start, running ones finish, the task fails",
	"for-each-subruns":  "a sub-workflow may be run for each item",
	"retry-jitter":      "unless jitter is off, waits are between half as long and as long as said",
	"sub-workflow":      "a failed sub-workflow fails its task",
	"timeout-waiting":   "time spent waiting does not count with timeout_excludes_waiting",
	"timeout-write":     "a failed run stays failed when its time is up",
	"cancel-write":      "a cancelled run lets a write that is under way finish",
	"pause-retry":       "a pause holds repeated attempts back",
	"pause-cancel":      "a paused run may be cancelled",
	"organisations":     "each item may act for its own organisation",
	"fail-clean-up":     "the tasks named beside fail still run once, without following theirs",
	"failed-running":    "when a run has failed, running tasks finish and their transitions are not followed",
	"on-failure":        "on_failure is started with the failed run's facts",
	"merge-absorbed":    "what an absorbed branch published counts at the end",
	"unfinished":        "a task that waits is waiting, and so is a run that only waits",
	"answer":            "a task that waits for somebody goes on with the answer",
	"wait-retry":        "a wait that timed out is repeated by the task's retry",
	"verify":            "a write that the end of the process cut off and that was not done is made again at once",
	"verify-unsure":     "looks that tell nothing are repeated, five in all, then it stays unknown",
	"resolve-items":     "items are resolved one by one",
	"reopen-ways":       "ways in wait at a join wait there again",
	"reopen-items":      "items of a cancelled run that never began are run, and no others",
	"reopen-version":    "with a version that changes what is repeated and what never ran",
	"reopen-subruns":    "the runs of items are resumed each",
	"reopen-inputs":     "what was replaced stays so when the run fails again",
	"reopen-fails-soon": "what fails again before the rest was taken up leaves the rest for the next time",
}

// storedEvent is a line of a history: an event as the store keeps it.
type storedEvent struct {
	Kind string          `json:"kind"`
	At   time.Time       `json:"at"`
	Data json.RawMessage `json:"data"`
}

// TestStoredHistories replays histories that earlier programs wrote: each event must have the consequences
// that it had then. Where this fails, runs that are under way would not survive the upgrade.
func TestStoredHistories(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(storedHistories)) {
		t.Run(name, func(t *testing.T) {
			base := filepath.Join("testdata", "histories", name)
			if _, err := os.Stat(base + ".jsonl"); os.IsNotExist(err) && *update {
				addHistory(t, base, storedHistories[name])
			}
			want, err := os.ReadFile(base + ".golden")
			if err != nil {
				t.Fatal(err, "; make it with -update")
			}
			same(t, name, strings.Split(string(want), "\n"), strings.Split(replayed(t, base), "\n"))
		})
	}
	files, err := filepath.Glob("testdata/histories/*.jsonl")
	if err != nil || len(files) != len(storedHistories) {
		t.Errorf("%d histories are stored, %d are replayed", len(files), len(storedHistories))
	}
}

func addHistory(t *testing.T, base, title string) {
	t.Helper()
	p := findScenario(t, title).play(t)
	var log bytes.Buffer
	for _, event := range p.log {
		kind, data, err := flow.EncodeEvent(event)
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(storedEvent{kind, event.When(), data})
		if err != nil {
			t.Fatal(err)
		}
		log.Write(append(line, '\n'))
	}
	write := func(name string, text []byte) {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(base+".yaml", p.first.Text)
	for version, wf := range p.others {
		write(base+"@"+version+".yaml", wf.Text)
	}
	write(base+".jsonl", log.Bytes())
	write(base+".golden", []byte(replayed(t, base)))
}

func findScenario(t *testing.T, title string) scenario {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, node := range parseList(t, file) {
			if node.Lookup("scenario").Value == title {
				return readScenario(t, node)
			}
		}
	}
	t.Fatalf("there is no scenario %q", title)
	return scenario{}
}

// replayed tells what each event of a stored history leads to, and how the run stands then.
func replayed(t *testing.T, base string) string {
	t.Helper()
	var out strings.Builder
	state := flow.New(storedVersion(t, base+".yaml"))
	text, err := os.ReadFile(base + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var stored storedEvent
		if err := json.Unmarshal(lines.Bytes(), &stored); err != nil {
			t.Fatal(err)
		}
		event, err := flow.DecodeEvent(stored.Kind, stored.At, stored.Data)
		if err != nil {
			t.Fatal(err)
		}
		if reopened, ok := event.(flow.Reopened); ok && reopened.Version != "" {
			reopened.Workflow = storedVersion(t, base+"@"+reopened.Version+".yaml")
			event = reopened
		}
		commands, err := state.Apply(event)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %s\n", stored.At.Format(time.RFC3339), stored.Kind)
		for _, c := range commands {
			fmt.Fprintf(&out, "  %s\n", commandText(t, c))
		}
	}
	fmt.Fprintf(&out, "%s %s outputs %s\n", state.Status(), faultText(state.Error()), jsonText(t, state.Outputs()))
	for _, e := range state.Executions() {
		fmt.Fprintf(&out, "  %s#%d %s attempts %d taken %v published %s result %s %s\n", e.Task.Name, e.Instance, e.Status, e.Attempts, e.Taken,
			jsonText(t, publishedBy(e)), jsonText(t, e.Result), faultText(e.Error))
	}
	return out.String()
}

func storedVersion(t *testing.T, file string) *workflow.Workflow {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wf, ok := library(t, map[string]string{"main": string(text), "handler": handlerWorkflow, "child": childWorkflow}).Get("main")
	if !ok {
		t.Fatalf("%s does not check", file)
	}
	return wf
}

func commandText(t *testing.T, c flow.Command) string {
	t.Helper()
	switch c := c.(type) {
	case flow.StartAttempt:
		text := fmt.Sprintf("StartAttempt %d/%d %s attempt %d timeout %s org %q with %s", c.Exec, c.Item, label(c), c.Attempt, c.Timeout, c.Org, jsonText(t, c.With))
		if c.Reopen != "" {
			text += " reopen " + c.Reopen
		}
		return text
	case flow.VerifyAttempt:
		return fmt.Sprintf("VerifyAttempt %d/%d %s attempt %d try %d with %s", c.Exec, c.Item, c.Task.Name, c.Attempt, c.Try, jsonText(t, c.With))
	case flow.SetTimer:
		return fmt.Sprintf("SetTimer %d/%d %s", c.Exec, c.Item, c.At.Format(time.RFC3339Nano))
	case flow.Finish:
		return fmt.Sprintf("Finish %s %s outputs %s", c.Status, faultText(c.Error), jsonText(t, c.Outputs))
	case flow.StartHandler:
		return fmt.Sprintf("StartHandler %s with %s", c.Workflow, jsonText(t, c.With))
	}
	return strings.TrimPrefix(fmt.Sprintf("%T %v", c, c), "flow.")
}

func publishedBy(e *flow.Execution) map[string]any {
	out := map[string]any{}
	for _, p := range e.Published {
		out[p.Name] = p.Value
	}
	return out
}

func faultText(err *fault.Error) string {
	if err == nil {
		return "without error"
	}
	return fmt.Sprintf("error %s %q hint %q task %q", err.Code, err.Message, err.Hint, err.Task)
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := schema.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
