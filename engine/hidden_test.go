package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/orgs"
	"gantry/sandbox/halo"
	"gantry/schema"
)

// A secret that was sent to another system and is read back by a later task, or by a later run, is not shown or kept.
func TestSecretsThatComeBack(t *testing.T) {
	const secret, short = `Zx9-very "secret" <b>`, "hush"
	server := startHalo(t, halo.Options{Applications: applicationsOf([]string{"Main"}), RateLimit: -1})
	b := setup(t, map[string]string{
		"leak": `
tasks:
  note:
    action: halo.add_note
    with: {ticket_id: 2041, note: "The token is ${{ org.vars.token }}, the pin ${{ org.vars.pin }}"}
    next: read
  read: {action: halo.list_actions, with: {ticket_id: 2041}}
outputs: {notes: "${{ tasks.read.result }}"}`,
		"later": `
tasks: {read: {action: halo.list_actions, with: {ticket_id: 2041}}}
outputs: {notes: "${{ tasks.read.result }}"}`,
	})
	b.addHalo(server, b.msp, "Main", true)
	for name, value := range map[string]string{"token": secret, "pin": short} {
		if err := b.orgs.SetVariable(context.Background(), b.msp.ID, orgs.Variable{Name: name, Type: orgs.TypeSecret, Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(d *history.Detail) string {
		b.expect(d, flow.Succeeded)
		text, err := schema.Encode(d.Outputs)
		if err != nil || !strings.Contains(string(text), "The token is ********, the pin ") {
			t.Errorf("%v: the note is not among %s", err, text)
		}
		return string(text)
	}
	if text := shown(b.run(engine.Request{Workflow: "leak", Organisation: b.msp})); strings.Contains(text, short) {
		t.Error("a short secret that the run has sent is shown")
	}
	shown(b.run(engine.Request{Workflow: "later", Organisation: b.msp}))
	files, _ := filepath.Glob(filepath.Join(b.dir, "*"))
	for _, file := range files {
		if kept, err := os.ReadFile(file); err == nil && strings.Contains(string(kept), "Zx9-very") {
			t.Errorf("%s holds the secret", file)
		}
	}
}
