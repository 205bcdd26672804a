package workflow

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func completionTrigger() *triggerType {
	return &triggerType{
		Name: "completion",
		Doc:  "Starts a run when a run of another workflow has ended.",
		Settings: []schema.Field{
			needed(setting("workflow", "The other workflow's id.", schema.String())),
			withDefault(setting("statuses", "The ends that count.", schema.ListOf(oneOf("succeeded", "failed", "timed_out", "cancelled"))), []any{"succeeded"}),
			setting("organisations", "Only runs of these organisations, by slug; all where it is left out.", schema.ListOf(schema.String())),
		},
		Event: []expr.Variable{{Name: "completed", Type: completedRunType(schema.MapOf(nil))}},
		check: (*triggerCheck).completion,
	}
}

func (t *triggerCheck) completion() {
	n := t.node.Settings.Lookup("workflow")
	if n == nil || n.Kind != source.String {
		return
	}
	if n.Value == t.def.ID {
		t.ds.Errorf(n.Pos, "calls-itself", "this workflow would start itself again each time it ends").Hint = "name another workflow"
		return
	}
	if sig := t.signature(n); sig != nil && sig.Output != nil {
		t.event = []expr.Variable{{Name: "completed", Type: completedRunType(sig.Output)}}
	}
}

// failedRunType is what is known of a run that has failed: failed_run of on_failure.
func failedRunType() *schema.Type {
	return schema.Object("",
		text("id"), text("workflow"), text("title"), text("status"),
		schema.Field{Name: "error", Type: errorType().AsNullable(), Required: true},
		schema.Field{Name: "organisation", Type: organisationType(), Required: true},
		timeOf("started_at"), timeOf("finished_at"), text("url"),
	)
}

// completedRunType is what a completion trigger knows of the other run.
func completedRunType(outputs *schema.Type) *schema.Type {
	t := failedRunType()
	t.Fields = append(t.Fields, schema.Field{Name: "outputs", Type: outputs, Required: true})
	return t
}
