package triggers_test

import (
	"strings"
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

func TestFire(t *testing.T) {
	b := setup(t, map[string]string{
		"w":    hook(`, when: "body != null && body == 1"`),
		"late": "triggers:\n  - {name: daily, type: schedule, cron: '0 8 * * *', run_for: {this: true}}\ntasks: {a: {action: core.noop}}\n",
		"idle": "tasks: {a: {action: core.noop}}\n",
		"l":    strings.Replace(listening("run_for: {this: true}, "+passes), "workflow: w", "workflow: idle", 1),
	})
	fire := func(f triggers.Fire) triggers.Decision {
		t.Helper()
		accepted, err := b.Fire(ctx, f)
		faulttest.Must(t, err)
		return b.decided(accepted[0].ID)
	}
	f := triggers.Fire{Key: hookKey, Organisations: []string{b.northwind.ID}, By: "ana"}
	if d := fire(f); d.Status != triggers.Filtered {
		t.Errorf("an empty event is %+v", d)
	}
	f.Data = map[string]any{"body": int64(1)}
	if d := fire(f); d.Status != triggers.Started {
		t.Errorf("with data it is %+v", d)
	}
	f.Data = nil
	if d := fire(f); d.Status != triggers.Started {
		t.Errorf("with the data of last time it is %+v", d)
	}
	f.Organisations = []string{b.contoso.ID}
	if d := fire(f); d.Status != triggers.Filtered {
		t.Errorf("for Contoso, which has had no event, it is %+v", d)
	}
	f.SkipWhen = true
	if d := fire(f); d.Status != triggers.Started {
		t.Errorf("whatever the condition says, it is %+v", d)
	}
	events, err := b.Events(ctx, triggers.EventFilter{Limit: 1})
	faulttest.Must(t, err)
	if events[0].By != "ana" || !events[0].SkipWhen {
		t.Errorf("kept as %+v", events[0])
	}
	f.Organisations = append(f.Organisations, b.msp.ID)
	_, err = b.Fire(ctx, f)
	faulttest.Want(t, err, fault.Usage, "does not fire for Acme MSP", "run_for")
	f.Organisations = nil
	_, err = b.Fire(ctx, f)
	faulttest.Want(t, err, fault.Usage, "for which organisation")
	if d := fire(triggers.Fire{Key: triggers.Key{Workflow: "late", Trigger: "daily"}, Organisations: []string{b.msp.ID}}); d.Status != triggers.Started {
		t.Errorf("a schedule is %+v", d)
	}
	_, err = b.Fire(ctx, triggers.Fire{Key: triggers.Key{Workflow: "l", Trigger: "after"}, Organisations: []string{b.msp.ID}})
	faulttest.Want(t, err, fault.Usage, "no event", "data")
}

// TestRefire: a failed event can be fired again when its workflow has been mended; the first one stays as it was.
func TestRefire(t *testing.T) {
	b := setup(t, map[string]string{"w": hook(`, inputs: {n: '${{ int(body.number) }}'}`)})
	id := b.accept(b.event(map[string]any{"n": "7"}))
	if d := b.decided(id); d.Status != triggers.Failed {
		t.Fatalf("decided as %+v", d)
	}
	b.project.load(t, map[string]string{"w": hook(`, inputs: {n: '${{ int(body.n) }}'}`)})
	again := triggers.Accepted{}
	for d := (triggers.Decision{}); d.Status != triggers.Started; { // until the Book has the edit
		var err error
		again, err = b.Refire(ctx, id, "ana")
		faulttest.Must(t, err)
		d = b.decided(again.ID)
	}
	e, err := b.Event(ctx, again.ID)
	faulttest.Must(t, err)
	if e.Again != id || e.By != "ana" || b.run(e.Run).Outputs["n"] != int64(7) {
		t.Errorf("fired again it is %+v", e)
	}
	if d := b.decided(id); d.Status != triggers.Failed {
		t.Errorf("the first is %+v", d)
	}
	_, err = b.Refire(ctx, "gone", "")
	faulttest.Want(t, err, fault.Missing, "gantry triggers events")
}
