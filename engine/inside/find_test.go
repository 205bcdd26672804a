package inside_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gantry/engine/flow"
	"gantry/engine/inside"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

func (h *house) find(id, text string, most int) *inside.Found {
	h.t.Helper()
	found, err := h.reader.Find(context.Background(), h.get(id), text, most)
	faulttest.Must(h.t, err)
	return found
}

// places writes matches as the tests compare them.
func places(found *inside.Found) string {
	var b strings.Builder
	for _, m := range found.Matches {
		of := "run"
		if m.Task != "" {
			of = fmt.Sprintf("%s#%d", m.Task, m.Instance)
		}
		if m.Item != nil {
			of += fmt.Sprintf(".%d", *m.Item)
		}
		fmt.Fprintf(&b, "%s %s %s: %s\n", of, m.In, m.Path, m.Text)
	}
	return b.String()
}

const wordy = `
inputs: {client: {type: string, required: true}}
tasks:
  look:
    action: core.set
    with: {values: {name: "${{ inputs.client }}", "known as": [Anna, "${{ inputs.client }} Ltd"], size: 2045}}
    next: {publish: {whose: "${{ result.name }}"}, do: each}
  each:
    for_each: {items: [1, 2], as: n, on_error: continue}
    action: core.fail
    with: {message: "no ${{ n }} for ${{ ctx.whose }}"}
outputs: {client: "${{ ctx.whose }}"}
`

// TestFind: a text is found wherever it may be seen, with the place as an expression writes it.
func TestFind(t *testing.T) {
	h := open(t, map[string]string{"wordy": wordy})
	run := h.run("wordy", map[string]any{"client": "Contessa"}).ID
	for text, want := range map[string]string{
		"contessa": `run inputs client: Contessa
run outputs client: Contessa
look#1 inputs values['known as'][1]: Contessa Ltd
look#1 inputs values.name: Contessa
look#1 result ['known as'][1]: Contessa Ltd
look#1 result name: Contessa
look#1 published whose: Contessa
each#1.0 inputs message: no 1 for Contessa
each#1.1 inputs message: no 2 for Contessa
each#1.0 error message: no 1 for Contessa
each#1.1 error message: no 2 for Contessa
`,
		"NO 2 FOR": "each#1.1 inputs message: no 2 for Contessa\neach#1.1 error message: no 2 for Contessa\n",
		"204":      "look#1 inputs values.size: 2045\nlook#1 result size: 2045\n",
		"known":    "look#1 inputs values['known as']: known as\nlook#1 result ['known as']: known as\n",
		"whose":    "look#1 published whose: Contessa\n",
		"nobody":   "",
	} {
		if got := places(h.find(run, text, 0)); got != want {
			t.Errorf("%s:\n%swant:\n%s", text, got, want)
		}
	}
	if found := h.find(run, "contessa", 3); len(found.Matches) != 3 || !found.More {
		t.Errorf("%+v", found)
	}
	for _, text := range []string{"", "c", strings.Repeat("c", 201)} {
		_, err := h.reader.Find(context.Background(), h.get(run), text, 0)
		faulttest.Want(t, err, fault.Usage)
	}
}

// TestFindFindsNoSecret: what is masked where it is shown is not found either, so that nobody can guess at it.
func TestFindFindsNoSecret(t *testing.T) {
	h := open(t, map[string]string{"secretive": secretive})
	faulttest.Must(t, h.orgs.SetVariable(context.Background(), h.org.ID, orgs.Variable{Name: "api_key", Type: orgs.TypeSecret, Value: "s3cret-of-acme"}))
	run := h.run("secretive", map[string]any{"url": flaky(t, 0), "key": "s3cret-of-acme"})
	if run.Status != flow.Succeeded {
		t.Fatal(run.Error)
	}
	for _, text := range []string{"s3cret", "hunter2", "the-token"} {
		if got := places(h.find(run.ID, text, 0)); got != "" {
			t.Errorf("%s is found:\n%s", text, got)
		}
	}
	if got := places(h.find(run.ID, "the key is", 0)); !strings.Contains(got, "told: the key is ********") {
		t.Error(got)
	}
}

// TestFindWithoutTheWorkflow: what the log says by itself is looked through, and the rest is said to be missing.
func TestFindWithoutTheWorkflow(t *testing.T) {
	h := open(t, map[string]string{"wordy": wordy})
	run := h.run("wordy", map[string]any{"client": "Contessa"}).ID
	h.library.gone = true
	found := h.find(run, "contessa", 0)
	if got := places(found); found.Problem == nil || !strings.Contains(got, "look#1 result name: Contessa") || strings.Contains(got, "look#1 inputs") {
		t.Errorf("%v\n%s", found.Problem, got)
	}
}

// TestFindInLongTexts: what is around the place is told, whole letters.
func TestFindInLongTexts(t *testing.T) {
	h := open(t, map[string]string{"wordy": wordy})
	long := strings.Repeat("ä", 300) + "here" + strings.Repeat("ö", 300)
	run := h.run("wordy", map[string]any{"client": long}).ID
	want := "…" + strings.Repeat("ä", 40) + "here" + strings.Repeat("ö", 116) + "…"
	if got := h.find(run, "HERE", 0).Matches[0].Text; got != want {
		t.Error(got)
	}
}
