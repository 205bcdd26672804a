package api

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gantry/access"
	"gantry/authoring"
	"gantry/fault"
	"gantry/fault/faulttest"
)

const (
	hourNap = "tasks:\n  wait:\n    action: core.delay\n    with: {duration: 1h}\n"
	noNap   = "title: No nap\ntasks:\n  wait:\n    action: core.noop\n"
)

// TestAuthoring goes from a draft by way of mistakes to a published workflow, its versions, another name and its end.
func TestAuthoring(t *testing.T) {
	w := newWorld(t)
	_, ana := w.program("ana", access.Author, w.msp)
	_, ben := w.program("ben", access.Author, w.msp)
	ctx, c := t.Context(), w.as(ana)
	of := OfWorkflow{"nap"}
	shown := must[ShowDraftOut](t)(ShowDraft.Call(ctx, c, &of)).Body
	if shown.Draft != nil || shown.File == nil || shown.File.Text != hourNap || shown.File.Version != authoring.VersionOf([]byte(hourNap)) || !shown.Publish.Allowed || shown.Publish.Comment != "optional" {
		t.Errorf("%+v", shown)
	}
	save := &SaveDraftIn{OfWorkflow: of}
	save.Body.Text, save.Body.Base = "tasks: [", shown.File.Version
	draft := must[SaveDraftOut](t)(SaveDraft.Call(ctx, c, save)).Body.Draft
	if draft.Revision != 1 || draft.By != "ana" || draft.Text != "tasks: [" || draft.At.IsZero() {
		t.Errorf("%+v", draft)
	}
	_, err := SaveDraft.Call(ctx, w.as(ben), save)
	refused(t, err, fault.Conflict, "ana saved a draft of nap meanwhile")
	if detail := fmt.Sprint(fault.From(err).Detail); !strings.Contains(detail, "by:ana") || !strings.Contains(detail, "revision:1") {
		t.Error(detail)
	}

	publish := &PublishWorkflowIn{OfWorkflow: of}
	publish.Body.Text, publish.Body.Base, publish.Body.Comment = "tasks: {wait: {action: core.nop}}\n", shown.File.Version, " Wait no more. "
	_, err = PublishWorkflow.Call(ctx, c, publish)
	refused(t, err, fault.NotChecked, "core.nop")
	if detail := fmt.Sprint(fault.From(err).Detail); !strings.Contains(detail, "line:1") || !strings.Contains(detail, "file:workflows/nap.yaml") {
		t.Error(detail)
	}
	publish.Body.Text, publish.Body.Revision = noNap, draft.Revision
	now := must[ChangedWorkflow](t)(PublishWorkflow.Call(ctx, c, publish)).Body
	if now.Title != "No nap" || now.Version != authoring.VersionOf([]byte(noNap)) || now.Number != 2 || now.Draft != nil || now.Changed == nil || now.Changed.Comment != "Wait no more." || now.Changed.By != "ana" {
		t.Errorf("%+v", now)
	}
	if text, err := os.ReadFile(filepath.Join(w.dir, "workflows/nap.yaml")); err != nil || string(text) != noNap {
		t.Error(string(text), err)
	}
	publish.Body.Text, publish.Body.Comment = hourNap, ""
	_, err = PublishWorkflow.Call(ctx, w.as(ben), publish)
	refused(t, err, fault.Conflict, "has changed meanwhile")
	if detail := fmt.Sprint(fault.From(err).Detail); !strings.Contains(detail, "version:"+now.Version) || !strings.Contains(detail, "by:ana") {
		t.Error(detail)
	}

	versions := must[ListVersionsOut](t)(ListVersions.Call(ctx, c, &ListVersionsIn{OfWorkflow: of})).Body
	if v := versions.Versions; len(v) != 2 || v[0].Kind != "published" || !v[0].Current || v[0].By != "ana" || v[1].Kind != "file" || v[1].Current || v[1].By != "" || versions.Next != 0 {
		t.Errorf("%+v", versions)
	}
	if page := must[ListVersionsOut](t)(ListVersions.Call(ctx, c, &ListVersionsIn{OfWorkflow: of, Limit: 1})).Body; len(page.Versions) != 1 || page.Next != 2 {
		t.Errorf("%+v", page)
	}
	if page := must[ListVersionsOut](t)(ListVersions.Call(ctx, c, &ListVersionsIn{OfWorkflow: of, Before: 2, Limit: 1})).Body; len(page.Versions) != 1 || page.Versions[0].Number != 1 || page.Next != 0 {
		t.Errorf("%+v", page)
	}
	if first := must[ShowVersionOut](t)(ShowVersion.Call(ctx, c, &OfVersion{of, 1})).Body; first.Text != hourNap {
		t.Errorf("%+v", first)
	}
	_, err = ShowVersion.Call(ctx, c, &OfVersion{of, 9})
	refused(t, err, fault.Missing, "no version number 9")

	move := &MoveWorkflowIn{OfWorkflow: of}
	move.Body.To, move.Body.Comment = "rest/none", "A better name"
	if moved := must[ChangedWorkflow](t)(MoveWorkflow.Call(ctx, c, move)).Body; moved.ID != "rest/none" || moved.File != "workflows/rest/none.yaml" || moved.Number != 1 {
		t.Errorf("%+v", moved)
	}
	_, err = ShowWorkflow.Call(ctx, c, &of)
	refused(t, err, fault.Missing, "")
	remove := &RemoveWorkflowIn{OfWorkflow: OfWorkflow{"rest/none"}}
	remove.Body.Base = "0123"
	_, err = RemoveWorkflow.Call(ctx, c, remove)
	refused(t, err, fault.Conflict, "has changed meanwhile")
	remove.Body.Base, remove.Body.Comment = now.Version, "Nobody sleeps here"
	if gone := must[RemovedWorkflow](t)(RemoveWorkflow.Call(ctx, c, remove)).Body; gone.Number != 2 {
		t.Errorf("%+v", gone)
	}
	_, err = ShowWorkflow.Call(ctx, c, &OfWorkflow{"rest/none"})
	refused(t, err, fault.Missing, "")
	left := must[ListVersionsOut](t)(ListVersions.Call(ctx, c, &ListVersionsIn{OfWorkflow: OfWorkflow{"rest/none"}})).Body.Versions
	if len(left) != 2 || left[0].Kind != "removed" || left[1].Kind != "moved" || left[1].Other != "nap" {
		t.Errorf("%+v", left)
	}
	entries, _, err := w.access.Audit(ctx, local, access.AuditFilter{Operation: "publish-workflow"})
	if err != nil || len(entries) != 3 || entries[1].Outcome != "done" || entries[1].Login != "ana" || entries[1].Details["version"] != now.Version {
		t.Errorf("%+v %v", entries, err)
	}
}

// TestUsedBy: what leads to a workflow is told before somebody tries to move or remove it.
func TestUsedBy(t *testing.T) {
	w := newWorld(t)
	ctx, c := t.Context(), w.as(local)
	of := OfWorkflow{"nap"}
	if shown := must[ShowDraftOut](t)(ShowDraft.Call(ctx, c, &of)).Body; shown.UsedBy == nil || len(shown.UsedBy) > 0 {
		t.Errorf("%+v", shown.UsedBy)
	}
	for id, text := range map[string]string{
		"calls": "tasks:\n  rest: {workflow: nap}\n",
		"fails": "on_failure: {workflow: nap}\ntasks:\n  one: {action: core.noop}\n",
		"waits": "triggers:\n  - {name: end, type: completion, workflow: nap, run_for: {this: true}}\ntasks:\n  one: {action: core.noop}\n",
	} {
		publish := &PublishWorkflowIn{OfWorkflow: OfWorkflow{id}}
		publish.Body.Text = text
		must[ChangedWorkflow](t)(PublishWorkflow.Call(ctx, c, publish))
	}
	if shown := must[ShowDraftOut](t)(ShowDraft.Call(ctx, c, &of)).Body; !slices.Equal(shown.UsedBy, []string{"calls", "fails", "waits"}) {
		t.Errorf("%+v", shown.UsedBy)
	}
	move := &MoveWorkflowIn{OfWorkflow: of}
	move.Body.To = "rest"
	_, err := MoveWorkflow.Call(ctx, c, move)
	refused(t, err, fault.Conflict, "nap is used by calls, fails, waits")
}

// TestDraftsInLists: people of the MSP see what is being written and who changed what; a client's own people do not.
func TestDraftsInLists(t *testing.T) {
	w := newWorld(t)
	ctx, c := t.Context(), w.as(local)
	for _, id := range []string{"greet/hello", "a-new-one"} {
		save := &SaveDraftIn{OfWorkflow: OfWorkflow{id}}
		save.Body.Text = "tasks:"
		must[SaveDraftOut](t)(SaveDraft.Call(ctx, c, save))
	}
	list := func(c *Client) map[string]Workflow {
		at := map[string]Workflow{}
		for _, wf := range must[ListWorkflowsOut](t)(ListWorkflows.Call(ctx, c, &ListWorkflowsIn{})).Body.Workflows {
			at[wf.ID] = wf
		}
		return at
	}
	at := list(c)
	if d := at["a-new-one"]; !d.DraftOnly || d.Draft == nil || d.Changed != nil || d.File != "" {
		t.Errorf("%+v", d)
	}
	if d := at["greet/hello"]; d.DraftOnly || d.Draft == nil || d.Draft.By != "tester" || d.Changed == nil || d.Changed.By != "" || d.File != "workflows/greet/hello.yaml" {
		t.Errorf("%+v", d)
	}
	if b := at["broken"]; b.File != "workflows/broken.yaml" || b.Broken == nil {
		t.Errorf("%+v", b)
	}
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	at = list(w.as(viewer))
	if d, there := at["a-new-one"]; there || at["greet/hello"].Draft != nil || at["greet/hello"].Changed != nil {
		t.Errorf("%+v", d)
	}
	drop := &DropDraftIn{OfWorkflow: OfWorkflow{"a-new-one"}, Revision: 7}
	_, err := DropDraft.Call(ctx, c, drop)
	refused(t, err, fault.Conflict, "tester saved a draft")
	drop.Revision = 1
	must[struct{}](t)(DropDraft.Call(ctx, c, drop))
	if _, there := list(c)["a-new-one"]; there {
		t.Error("the draft is still listed")
	}
	_, err = DropDraft.Call(ctx, c, drop)
	refused(t, err, fault.Conflict, "is gone")
}

// TestTryText: an author runs a text in the place of the file, and what there is no file of yet; nobody else does.
func TestTryText(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	text := strings.Replace(workflowFiles["workflows/greet/hello.yaml"], "Hello", "Goodbye", 1)
	start := &StartRunIn{}
	start.Body.Workflow, start.Body.Text, start.Body.Inputs = "greet/hello", &text, map[string]any{"name": "Bob"}
	_, operator := w.program("operator", access.Operator, w.msp)
	_, err := StartRun.Call(ctx, w.as(operator), start)
	refused(t, err, fault.Denied, "the role author over the MSP")
	_, author := w.program("author", access.Author, w.msp)
	_, client := w.program("client", access.Author, w.contoso)
	start.Body.Organisation = "contoso"
	_, err = StartRun.Call(ctx, w.as(client), start)
	refused(t, err, fault.Denied, "the role author over the MSP")
	c := w.as(author)
	run := func(said string) {
		t.Helper()
		out := must[StartRunOut](t)(StartRun.Call(ctx, c, start)).Body
		if _, err := w.engine.Wait(ctx, out.ID); err != nil {
			t.Error(err)
		}
		shown := must[ShowRunOut](t)(ShowRun.Call(ctx, c, &ShowRunIn{OfRunIn: OfRunIn{out.ID}})).Body
		if shown.Outputs["said"] != said || shown.Version != authoring.VersionOf([]byte(text)) {
			t.Errorf("%+v", shown.Run)
		}
		if kept := must[RunWorkflowOut](t)(ShowRunWorkflow.Call(ctx, c, &OfRunIn{out.ID})).Body.Text; kept != text {
			t.Error(kept)
		}
	}
	run("Goodbye Bob")
	start.Body.Workflow = "greet/not-yet"
	run("Goodbye Bob")
	broken := workflowFiles["workflows/broken.yaml"]
	start.Body.Text = &broken
	_, err = StartRun.Call(ctx, c, start)
	refused(t, err, fault.NotChecked, "core.sleep")
	none := ""
	start.Body.Workflow, start.Body.Text = "greet/hello", &none
	_, err = StartRun.Call(ctx, c, start)
	refused(t, err, fault.NotChecked, "")
	start.Body.Workflow = "../up"
	_, err = StartRun.Call(ctx, c, start)
	refused(t, err, fault.InvalidInput, "cannot be a workflow's id")
	entries, _, err := w.access.Audit(ctx, local, access.AuditFilter{Operation: "start-run"})
	faulttest.Must(t, err)
	tried := 0
	for _, e := range entries {
		if e.Details["tried"] == authoring.VersionOf([]byte(text)) {
			tried++
		}
	}
	if tried != 2 {
		t.Errorf("%+v", entries)
	}
}
