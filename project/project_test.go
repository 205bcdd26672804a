package project

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

func none(string) string { return "" }

// open writes a project of files and loads it.
func open(t *testing.T, files map[string]string) *Project {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Load(dir, Options{Getenv: none})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestItself: Gantry's own folder is a project without a mistake; its examples run elsewhere, too.
func TestItself(t *testing.T) {
	p, err := Load("..", Options{Getenv: none})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Diagnostics()) > 0 {
		p.Diagnostics().Render(os.Stderr, p.Texts, false)
		t.Error("the examples do not check")
	}
	for _, id := range []string{"test-halo-integration", "ticket-digest/digest", "examples/for-each"} {
		if _, err := p.Workflow(id); err != nil {
			t.Error(err)
		}
	}
}

const greeting = "tasks: {say: {action: core.set, with: {values: hello}}}\n"

func TestEmpty(t *testing.T) {
	p := open(t, nil)
	if len(p.Diagnostics()) > 0 {
		t.Error(p.Diagnostics())
	}
	if _, err := p.Workflow("ticket-digest/digest"); err != nil {
		t.Errorf("what ships is not there: %v", err)
	}
	if _, err := Load(filepath.Join(p.Dir, "nowhere"), Options{}); fault.From(err).Code != fault.Missing {
		t.Error(err)
	}
}

// TestWrongFilesStayAlone: each wrong file is reported, everything else loads.
func TestWrongFilesStayAlone(t *testing.T) {
	p := open(t, map[string]string{
		"workflows/good.yaml":             greeting,
		"workflows/caller.yaml":           "tasks: {a: {workflow: broken}}\n",
		"workflows/broken.yaml":           "tasks: {a: {action: core.nop}}\n",
		"workflows/torn.yaml":             "tasks: {a: [\n",
		"workflows/twice.yaml":            greeting,
		"workflows/twice.yml":             greeting,
		"crates/half/crate.yaml":          "title: Half\n",
		"crates/half/workflows/w.yaml":    greeting,
		"actions/desk/integration.yaml":   "title: Desk\n",
		"actions/lamp/integration.yaml":   "id: lamp\ntitle: Lamp\nbase_url: https://lamp.example\n",
		"actions/lamp/light.yaml":         "actions: {on: {title: On, description: Puts it on., effect: write, request: {method: POST, path: /on}}}\n",
		"workflows/lit.yaml":              "tasks: {a: {action: lamp.on}}\n",
		"gantry.yaml":                     "mps: {}\n",
		"crates/good/crate.yaml":          "title: Good\ndescription: Good.\nversion: 1.0.0\n",
		"crates/good/workflows/deep.yaml": greeting,
	})
	reported := map[string]bool{}
	for _, d := range p.Diagnostics() {
		if d.Severity == source.Error {
			reported[d.Pos.File] = true
		}
		if d.Pos.Line > 0 && p.Texts[d.Pos.File] == nil {
			t.Errorf("there is no text for %s", d)
		}
	}
	for _, name := range []string{"workflows/broken.yaml", "workflows/caller.yaml", "workflows/torn.yaml", "workflows/twice.yml", "crates/half/crate.yaml", "actions/desk/integration.yaml", "gantry.yaml"} {
		if !reported[name] {
			t.Errorf("%s is not reported", name)
		}
		delete(reported, name)
	}
	if len(reported) > 0 {
		t.Errorf("reported besides: %v\n%v", reported, p.Diagnostics())
	}
	for _, id := range []string{"good", "twice", "lit", "good/deep"} {
		if w, err := p.Workflow(id); err != nil || w.ID != id {
			t.Errorf("%s: %v", id, err)
		}
	}
	for id, code := range map[string]fault.Code{"broken": fault.NotChecked, "caller": fault.NotChecked, "torn": fault.NotChecked, "half/w": fault.Missing, "god": fault.Missing} {
		_, err := p.Workflow(id)
		if f := fault.From(err); err == nil || f.Code != code || f.Hint == "" {
			t.Errorf("%s: %v", id, err)
		}
	}
	_, err := p.Workflow("broken")
	if text := err.Error(); !strings.Contains(text, `workflows/broken.yaml:1:21: there is no action "core.nop"`) || !strings.Contains(text, "gantry check workflows/broken.yaml") {
		t.Error(text)
	}
	_, err = p.Workflow("god")
	if !strings.Contains(err.Error(), `did you mean "good"?`) {
		t.Error(err)
	}
}

// TestCrateSettings: a setting's default reaches the inputs of its name that have none of their own.
func TestCrateSettings(t *testing.T) {
	const head = "title: T\ndescription: D.\nversion: 1.0.0\nsettings:\n"
	const workflow = "inputs: {days: {type: integer, required: true}, own: {type: integer, default: 1}, free: {type: string, required: true}}\n" + greeting
	p := open(t, map[string]string{
		"crates/c/crate.yaml":       head + "  days: {type: integer, description: D., default: 7}\n  own: {type: integer, description: O., default: 9}\n  nobody: {type: string, description: N.}\n",
		"crates/c/workflows/w.yaml": workflow,
	})
	if len(p.Diagnostics()) != 1 || p.Diagnostics()[0].Code != "unused-setting" || p.Diagnostics()[0].Pos.Line != 7 {
		t.Error(p.Diagnostics())
	}
	w, err := p.Workflow("c/w")
	if err != nil {
		t.Fatal(err)
	}
	got, problems := w.InputsType.Complete(map[string]any{"free": "x"})
	if len(problems) > 0 || fmt.Sprint(got) != "map[days:7 free:x own:1]" {
		t.Error(got, problems)
	}
	again, err := p.Compile("c/w", w.Text)
	if err != nil || again.Version != w.Version {
		t.Fatal(err)
	}
	if _, problems := again.InputsType.Complete(map[string]any{"free": "x"}); len(problems) > 0 {
		t.Error("a version from the history does not get the settings:", problems)
	}
	wrong := open(t, map[string]string{
		"crates/c/crate.yaml":       head + "  days: {type: string, description: D., default: x}\n",
		"crates/c/workflows/w.yaml": workflow,
	})
	if ds := wrong.Diagnostics(); len(ds) != 1 || ds[0].Code != "wrong-type" {
		t.Error(ds)
	}
}

// TestCrateNeeds: what a crate's workflows use is declared.
func TestCrateNeeds(t *testing.T) {
	p := open(t, map[string]string{
		"crates/c/crate.yaml":       "title: T\ndescription: D.\nversion: 1.0.0\n",
		"crates/c/workflows/w.yaml": "tasks: {a: {action: halo.list_agents, next: b}, b: {action: halo.list_teams}}\n",
	})
	if ds := p.Diagnostics(); len(ds) != 1 || ds[0].Code != "undeclared-need" || ds[0].Pos.File != "crates/c/workflows/w.yaml" {
		t.Error(ds)
	}
}

// TestOwnCrateReplacesShipped: a project may unpack a crate by copying it.
func TestOwnCrateReplacesShipped(t *testing.T) {
	p := open(t, map[string]string{
		"crates/ticket-digest/crate.yaml":         "title: Mine\ndescription: D.\nversion: 1.0.0\n",
		"crates/ticket-digest/workflows/own.yaml": greeting,
	})
	if _, err := p.Workflow("ticket-digest/own"); err != nil || len(p.Diagnostics()) > 0 {
		t.Error(err, p.Diagnostics())
	}
	if _, err := p.Workflow("ticket-digest/digest"); fault.From(err).Code != fault.Missing {
		t.Error("the shipped one is still there")
	}
}

// TestCompile: a version that the history kept is checked against what is there now.
func TestCompile(t *testing.T) {
	p := open(t, map[string]string{"workflows/part.yaml": greeting})
	w, err := p.Compile("gone", []byte("tasks: {a: {workflow: part}}\n"))
	if err != nil || w.ID != "gone" || w.Tasks[0].SubWorkflow != "part" {
		t.Error(err)
	}
	for _, text := range []string{"tasks: {a: {workflow: lost}}", "tasks: [", ""} {
		if _, err := p.Compile("gone", []byte(text)); fault.From(err).Code != fault.NotChecked {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestThousandWorkflows holds the bar of 2 s for checking 1,000 workflows, with room for a busy machine.
func TestThousandWorkflows(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("it measures time")
	}
	files := map[string]string{}
	for i := range 1000 {
		files[fmt.Sprintf("workflows/team-%d/w%d.yaml", i%20, i)] = fmt.Sprintf(typical, i)
	}
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	started := time.Now()
	p, err := Load(dir, Options{Getenv: none, OrgVars: []schema.Field{{Name: "default_team", Type: schema.String(), Required: true}}, OrgVarsKnown: true})
	took := time.Since(started)
	if err != nil || p.Diagnostics().HasErrors() {
		t.Fatal(err, p.Diagnostics())
	}
	t.Logf("1,000 workflows of 4 tasks: %s", took)
	if took > 10*time.Second {
		t.Errorf("loading took %s", took)
	}
}

const typical = `title: Workflow %d
inputs: {ticket_id: {type: integer, required: true}}
tasks:
  get:
    action: halo.get_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}"}
    follow: first
    next:
      - {when: succeeded && result.priority_id == 1, publish: {team: Escalations}, do: assign}
      - {when: succeeded, publish: {team: "${{ org.vars.default_team }}"}, do: assign}
      - {when: failed, do: tell}
  assign:
    action: halo.update_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}", team: "${{ ctx.team }}"}
    next: note
  note:
    action: halo.add_note
    with: {ticket_id: "${{ inputs.ticket_id }}", note: "Given to ${{ ctx.team }} by ${{ org.name }}"}
  tell:
    action: core.fail
    with: {message: "${{ tasks.get.error.message }}"}
outputs: {team: "${{ ctx.?team.orValue('none') }}"}
`
