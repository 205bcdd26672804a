package api

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gantry/access"
	"gantry/engine"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// must gives an answer, or ends the test.
func must[O any](t *testing.T) func(*O, error) *O {
	return func(out *O, err error) *O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// refused tells that a call failed with a code.
func refused(t *testing.T, err error, code fault.Code, says string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Code != code || !strings.Contains(f.Error(), says) {
		t.Errorf("%v, want %s: %s", err, code, says)
	}
}

// TestOrganisations goes through an organisation's life.
func TestOrganisations(t *testing.T) {
	w := newWorld(t)
	ctx, c := t.Context(), w.as(local)
	create := &CreateOrganisationIn{}
	create.Body.Name, create.Body.Parent, create.Body.Tags = "Müller & Söhne", "contoso", []string{"gold"}
	made := must[PlacedOrganisation](t)(CreateOrganisation.Call(ctx, c, create)).Body
	if made.Slug != "mueller-soehne" || made.Parent != "contoso" || made.Tags[0] != "gold" {
		t.Errorf("%+v", made)
	}
	_, err := CreateOrganisation.Call(ctx, c, &CreateOrganisationIn{})
	refused(t, err, fault.InvalidInput, "a slug or a name")
	change := &UpdateOrganisationIn{OfOrganisation: OfOrganisation{made.Slug}}
	off := false
	change.Body.Enabled, change.Body.Tags = &off, &[]string{}
	if now := must[UpdatedOrganisation](t)(UpdateOrganisation.Call(ctx, c, change)).Body; now.Enabled || len(now.Tags) != 0 {
		t.Errorf("%+v", now)
	}
	faulttest.Must(t, w.orgs.SetVariable(ctx, w.contoso.ID, orgs.Variable{Name: "team", Type: orgs.TypeString, Value: "x"}))
	move := &MoveOrganisationIn{OfOrganisation: OfOrganisation{made.Slug}}
	move.Body.Parent = TheMSP
	if moved := must[MoveOrganisationOut](t)(MoveOrganisation.Call(ctx, c, move)).Body; moved.Parent != "acme-msp" || moved.Lost[0].Name != "team" || len(moved.Gained) != 0 {
		t.Errorf("%+v", moved)
	}
	_, err = RemoveOrganisation.Call(ctx, c, &RemoveOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}})
	refused(t, err, fault.Conflict, "")
	gone := must[RemovedOut](t)(RemoveOrganisation.Call(ctx, c, &RemoveOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}, WithChildren: true})).Body
	if fmt.Sprint(gone.Organisations) != "[contoso contoso-labs]" {
		t.Error(gone)
	}
	back := must[RestoreOrganisationOut](t)(RestoreOrganisation.Call(ctx, c, &RestoreOrganisationIn{"contoso"})).Body
	if len(back.Organisations) != 2 || back.DeletedAt != nil {
		t.Errorf("%+v", back)
	}
	purge := &PurgeOrganisationsIn{}
	purge.Body.Slug, purge.Body.DryRun = "contoso", true
	must[RemovedOut](t)(RemoveOrganisation.Call(ctx, c, &RemoveOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}, WithChildren: true}))
	_, err = PurgeOrganisations.Call(ctx, c, purge)
	refused(t, err, fault.Conflict, "") // not before its time, as it would be
	purge.Body.Now = true
	if goes := must[PurgeOrganisationsOut](t)(PurgeOrganisations.Call(ctx, c, purge)).Body; fmt.Sprint(goes.Purged) != "[contoso-labs contoso]" {
		t.Errorf("what goes along is not told: %v", goes.Purged)
	}
	must[RestoreOrganisationOut](t)(RestoreOrganisation.Call(ctx, c, &RestoreOrganisationIn{"contoso"}))
	must[RemovedOut](t)(RemoveOrganisation.Call(ctx, c, &RemoveOrganisationIn{OfOrganisation: OfOrganisation{made.Slug}}))
	purge.Body.Slug, purge.Body.Now, purge.Body.DryRun = made.Slug, true, true
	for range 2 {
		if purged := must[PurgeOrganisationsOut](t)(PurgeOrganisations.Call(ctx, c, purge)).Body; purged.Purged[0] != made.Slug {
			t.Error(purged)
		}
		purge.Body.DryRun = false
	}
	_, err = PurgeOrganisations.Call(ctx, c, purge)
	refused(t, err, fault.Missing, "")
}

// TestSubtreeAdministrator: who administers a client can change it and what is below, and nothing beside or above.
func TestSubtreeAdministrator(t *testing.T) {
	w := newWorld(t)
	_, admin := w.program("contoso-admin", access.Admin, w.contoso)
	ctx, c := t.Context(), w.as(admin)
	create := &CreateOrganisationIn{}
	create.Body.Slug = "contoso-lab2"
	for parent, code := range map[string]fault.Code{"": fault.Missing, "northwind": fault.Missing, "contoso-labs": ""} {
		create.Body.Parent = parent
		_, err := CreateOrganisation.Call(ctx, c, create)
		if code == "" {
			faulttest.Must(t, err)
		} else {
			refused(t, err, code, "There is no organisation")
		}
	}
	move := &MoveOrganisationIn{OfOrganisation: OfOrganisation{"contoso-labs"}}
	move.Body.Parent = "northwind"
	_, err := MoveOrganisation.Call(ctx, c, move)
	refused(t, err, fault.Missing, `There is no organisation "northwind"`)
	list := must[ListOrganisationsOut](t)(ListOrganisations.Call(ctx, c, &ListOrganisationsIn{})).Body.Organisations
	if len(list) != 3 || list[0].Slug != "contoso" || list[0].Parent != "" || list[1].Parent != "contoso" {
		t.Errorf("%+v", list)
	}
	call := &CallActionIn{OfAction: OfAction{"core.noop"}}
	call.Body.Organisation, call.Body.Use = "contoso", "default"
	_, err = CallAction.Call(ctx, c, call)
	refused(t, err, fault.Missing, "There is no organisation") // the MSP's instance is not theirs to lend
	call.Body.Use = ""
	must[CallActionOut](t)(CallAction.Call(ctx, c, call))
}

// TestWrongInputsOfACall: each is told with its name, so that a form can show it there.
func TestWrongInputsOfACall(t *testing.T) {
	w := newWorld(t)
	call := &CallActionIn{OfAction: OfAction{"core.http_request"}}
	call.Body.Inputs = map[string]any{"method": "FETCH", "timeout": 3}
	_, err := CallAction.Call(t.Context(), w.as(local), call)
	refused(t, err, fault.Usage, "core.http_request cannot be called like this")
	detail, _ := fault.From(err).Detail.(map[string]any)
	told, _ := detail["fields"].(map[string]any)
	if len(told) < 2 || told["url"] != "is missing" || told["method"] == nil {
		t.Errorf("%+v", detail)
	}
}

// TestVariables: a secret goes in by its own right and never comes out.
func TestVariables(t *testing.T) {
	w := newWorld(t)
	_, author := w.program("author", access.Author, w.msp)
	ctx, c := t.Context(), w.as(local)
	set := func(c *Client, org, name string, in func(*SetVariableIn)) (*SetVariableOut, error) {
		req := &SetVariableIn{OfVariable: OfVariable{OfOrganisation{org}, name}}
		in(req)
		return SetVariable.Call(ctx, c, req)
	}
	text := "14"
	now := must[SetVariableOut](t)(set(w.as(author), TheMSP, "days", func(in *SetVariableIn) { in.Body.Type, in.Body.Text = "number", &text })).Body
	if !now.New || now.Value != int64(14) && now.Value != float64(14) {
		t.Errorf("%+v", now)
	}
	_, err := set(w.as(author), TheMSP, "days", func(in *SetVariableIn) { in.Body.Value = "soon" })
	refused(t, err, fault.InvalidInput, "")
	secret := func(in *SetVariableIn) { in.Body.Type, in.Body.Value = "secret", "hunter2" }
	_, err = set(w.as(author), TheMSP, "password", secret)
	refused(t, err, fault.Denied, "admin")
	if out := must[SetVariableOut](t)(set(c, TheMSP, "password", secret)).Body; out.Value != nil {
		t.Errorf("%+v", out)
	}
	_, err = RemoveVariable.Call(ctx, w.as(author), &OfVariable{OfOrganisation{TheMSP}, "password"})
	refused(t, err, fault.Denied, "admin")
	must[SetVariableOut](t)(set(c, "contoso", "days", func(in *SetVariableIn) { in.Body.Value = 7 }))
	shown := must[ShowVariableOut](t)(ShowVariable.Call(ctx, c, &OfVariable{OfOrganisation{"contoso-labs"}, "days"})).Body
	if shown.Source != "contoso" || len(shown.Origins) != 2 || shown.Origins[1].State != orgs.OriginHidden || shown.Origins[1].Value == nil {
		t.Errorf("%+v", shown)
	}
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	shown = must[ShowVariableOut](t)(ShowVariable.Call(ctx, w.as(viewer), &OfVariable{OfOrganisation{"contoso-labs"}, "days"})).Body
	if shown.Origins[1].Value != nil {
		t.Error("a value of the MSP that does not count is shown to a client's people")
	}
	gone := must[RemoveVariableOut](t)(RemoveVariable.Call(ctx, c, &OfVariable{OfOrganisation{"contoso"}, "days"})).Body
	if gone.Inherited == nil || gone.Inherited.Source != "acme-msp" {
		t.Errorf("%+v", gone)
	}
}

// TestRuns: a run is started, followed, listed by page, and cancelled.
func TestRuns(t *testing.T) {
	w := newWorld(t)
	_, operator := w.program("operator", access.Operator, w.contoso)
	ctx, c := t.Context(), w.as(operator)
	start := &StartRunIn{}
	start.Body.Workflow, start.Body.Organisation, start.Body.Texts = "workflows/greet/hello.yaml", "contoso", map[string]string{"name": "Bob", "times": "2"}
	var ids []string
	for range 5 {
		out := must[StartRunOut](t)(StartRun.Call(ctx, c, start)).Body
		if out.Note != `for Contoso, trigger "by hand"` || out.Workflow != "greet/hello" {
			t.Errorf("%+v", out)
		}
		for _, err := range FollowRun.Follow(ctx, c, &FollowRunIn{OfRunIn: OfRunIn{out.ID}}, 0) {
			faulttest.Must(t, err)
		}
		ids = append(ids, out.ID)
	}
	w.run("greet/hello", w.northwind, map[string]any{"name": "Eve"})
	w.run("greet/hello", w.labs, map[string]any{"name": "Eve"})
	start.Body.Organisation = "northwind"
	_, err := StartRun.Call(ctx, c, start)
	refused(t, err, fault.Missing, "There is no organisation")
	var listed []string
	page := &ListRunsIn{Limit: 2}
	for {
		out := must[ListRunsOut](t)(ListRuns.Call(ctx, c, page)).Body
		for _, r := range out.Runs {
			listed = append(listed, r.ID)
		}
		if page.Before = out.Next; page.Before == "" {
			break
		}
	}
	if len(listed) != 6 || listed[1] != ids[4] || listed[5] != ids[0] {
		t.Errorf("%v, want that of Contoso Labs and %v", listed, ids)
	}
	shown := must[ShowRunOut](t)(ShowRun.Call(ctx, c, &ShowRunIn{OfRunIn: OfRunIn{ids[0]}})).Body
	if shown.Outputs["said"] != "Hello Bob" || shown.Inputs["times"] != int64(2) || len(shown.Tasks) != 1 {
		t.Errorf("%+v", shown)
	}
	if text := must[RunWorkflowOut](t)(ShowRunWorkflow.Call(ctx, w.as(local), &OfRunIn{ids[0]})).Body.Text; text != workflowFiles["workflows/greet/hello.yaml"] {
		t.Error(text)
	}
	_, err = CancelRun.Call(ctx, c, &CancelRunIn{OfRunIn: OfRunIn{ids[0]}})
	refused(t, err, fault.Conflict, "has ended already: it succeeded")
	nap, err := w.engine.Start(ctx, engine.Request{Workflow: "nap", Organisation: w.contoso})
	faulttest.Must(t, err)
	must[OneRun](t)(PauseRun.Call(ctx, c, &OfRunIn{nap}))
	must[OneRun](t)(UnpauseRun.Call(ctx, c, &OfRunIn{nap}))
	must[OneRun](t)(CancelRun.Call(ctx, c, &CancelRunIn{OfRunIn: OfRunIn{nap}}))
	if status, err := w.engine.Wait(context.Background(), nap); status != "cancelled" {
		t.Error(status, err)
	}
}

// TestWorkflows: broken ones are told of, a text is checked, and what names other clients is not for a client's people.
func TestWorkflows(t *testing.T) {
	w := newWorld(t)
	ctx, c := t.Context(), w.as(local)
	all := must[ListWorkflowsOut](t)(ListWorkflows.Call(ctx, c, &ListWorkflowsIn{LastRun: true})).Body.Workflows
	at := map[string]Workflow{}
	for _, wf := range all {
		at[wf.ID] = wf
	}
	if at["broken"].Broken == nil || len(at["broken"].Broken.Diagnostics) != 1 || at["greet/hello"].Broken != nil || at["greet/hello"].Version == "" {
		t.Errorf("%+v", at)
	}
	shown := must[ShowWorkflowOut](t)(ShowWorkflow.Call(ctx, c, &OfWorkflow{"greet/hello"})).Body
	if shown.Text == "" || shown.Outline == nil || fmt.Sprint(shown.Order) != "[name times]" || shown.Inputs == nil {
		t.Errorf("%+v", shown)
	}
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	if shown := must[ShowWorkflowOut](t)(ShowWorkflow.Call(ctx, w.as(viewer), &OfWorkflow{"greet/hello"})).Body; shown.Text != "" || shown.Outline == nil || shown.Title != "Greet somebody" {
		t.Errorf("%+v", shown)
	}
	check := &CheckWorkflowIn{OfWorkflow: OfWorkflow{"greet/hello"}}
	for text, ok := range map[string]bool{workflowFiles["workflows/nap.yaml"]: true, workflowFiles["workflows/broken.yaml"]: false, "{": false} {
		check.Body.Text = text
		if out := must[CheckWorkflowOut](t)(CheckWorkflow.Call(ctx, c, check)).Body; out.OK != ok || (out.Error == nil) != ok {
			t.Errorf("%q: %+v", text, out)
		}
	}
	check.Body.Text = "tasks:\n  é: {action: core.noop}\n  b: {action: core.nop}\n"
	checked := must[CheckWorkflowOut](t)(CheckWorkflow.Call(ctx, c, check)).Body
	if len(checked.Diagnostics) != 2 || checked.Outline == nil || len(checked.Outline.Tasks) != 2 {
		t.Fatalf("%+v", checked)
	}
	if d := checked.Diagnostics[1]; d.Line != 3 || d.Column != 15 || d.EndLine != 3 || d.EndColumn != 23 || d.Severity != "error" || d.Code != "unknown-action" {
		t.Errorf("%+v", d)
	}
	place := &AtPlaceIn{OfWorkflow: OfWorkflow{"greet/hello"}}
	place.Body.Text, place.Body.Line, place.Body.Column = "tasks:\n  b: {action: core.no", 2, 22
	if c := must[CompleteWorkflowOut](t)(CompleteWorkflow.Call(ctx, c, place)).Body; c.From.Column != 15 || len(c.Items) == 0 || c.Items[0].Label != "core.noop" {
		t.Errorf("%+v", c)
	}
	place.Body.Column = 8
	if h := must[HoverWorkflowOut](t)(HoverWorkflow.Call(ctx, c, place)).Body; h.Title != "action" || h.Column != 7 || h.EndColumn != 13 {
		t.Errorf("%+v", h)
	}
	drawn := must[Drawing](t)(DrawWorkflow.Call(ctx, c, &GraphIn{OfWorkflow{"greet/hello"}, "svg"}))
	if !strings.HasPrefix(string(drawn.Body), "<svg") || drawn.ContentType != "image/svg+xml" {
		t.Error(drawn.ContentType, string(drawn.Body[:40]))
	}
}

// TestAudit: every change is kept, with who, what, for whom and how it ended; looking is not.
func TestAudit(t *testing.T) {
	w := newWorld(t)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	ctx := t.Context()
	tag := &TagOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}}
	tag.Body.Add = []string{"gold"}
	must[OneOrganisation](t)(TagOrganisation.Call(ctx, w.as(local), tag))
	_, err := TagOrganisation.Call(ctx, w.as(viewer), tag)
	refused(t, err, fault.Denied, "admin")
	tag.Body.Add = []string{""}
	_, err = TagOrganisation.Call(ctx, w.as(local), tag)
	refused(t, err, fault.InvalidInput, "")
	must[ShowOrganisationOut](t)(ShowOrganisation.Call(ctx, w.as(local), &OfOrganisation{"contoso"}))
	entries, _, err := w.access.Audit(ctx, local, access.AuditFilter{Operation: "tag-organisation"})
	faulttest.Must(t, err)
	var said []string
	for _, e := range entries {
		said = append(said, fmt.Sprintf("%s %s %s", e.Login, e.Target, e.Outcome))
	}
	if want := "tester /organisations/contoso/tags failed, viewer /organisations/contoso/tags refused, tester /organisations/contoso/tags done"; strings.Join(said, ", ") != want {
		t.Error(said)
	}
	looked, _, err := w.access.Audit(ctx, local, access.AuditFilter{Operation: "show-organisation"})
	if err != nil || len(looked) != 0 {
		t.Error(looked, err)
	}
}
