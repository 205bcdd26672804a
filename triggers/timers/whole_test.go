package timers

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

// files are the workflows of a test, which do not change.
type files struct{ *workflow.Library }

func (f files) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := f.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (f files) Compile(string, []byte) (*workflow.Workflow, error) {
	return nil, fault.New(fault.Missing, "no version is read here")
}

func (f files) Checked() []*workflow.Workflow { return f.All() }
func (f files) OnChange(func())               {}

// TestWhole: from the clock to a run's outputs, with the real service and engine.
func TestWhole(t *testing.T) {
	clock := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // clocks of London are put forward at 1:00
	var mu sync.Mutex                                      // the service reads the clock in goroutines of its own
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	lib, ds := workflow.LoadAll([]workflow.File{{ID: "w", Name: "w.yaml", Text: []byte(`
inputs: {at: {type: string, required: true}}
triggers:
  - {name: nightly, type: schedule, cron: "30 1 * * *", timezone: Europe/London, run_for: {all_managed: true}, when: "timestamp(due) < timestamp('2026-03-30T00:00:00Z')", inputs: {at: "${{ due }} for ${{ org.slug }}"}}
tasks: {a: {action: core.noop}}
outputs: {at: "${{ inputs.at }}", due: "${{ trigger.?due.orValue('none') }}"}
`)}}, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		t.Fatal(ds.Err())
	}
	dir := t.TempDir()
	st, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), history.Migrations(), triggers.Migrations(), Migrations())
	faulttest.Must(t, err)
	defer st.Close()
	ring, err := orgs.OpenKeyring(dir, func(string) string { return "" })
	faulttest.Must(t, err)
	organisations, log := orgs.New(st, ring, now), history.New(st, ring)
	for _, o := range []orgs.NewOrganisation{{Slug: "acme-msp", Name: "Acme MSP"}, {Slug: "northwind", Name: "Northwind", Parent: "acme-msp"}} {
		_, err := organisations.Create(ctx, o)
		faulttest.Must(t, err)
	}
	runtime := actions.NewRuntime(actions.Options{Clock: now})
	defer runtime.Close()
	service := triggers.New(triggers.Options{Store: st, Organisations: organisations, Workflows: files{lib}, Now: now})
	eng := engine.New(engine.Options{History: log, Organisations: organisations, Actions: runtime, Workflows: files{lib}, Now: now, Ended: service.RunEnded})
	defer eng.Close()
	faulttest.Must(t, service.Start(ctx, eng))
	defer service.Close()
	room := New(Options{Store: st, Triggers: service, Now: now})
	faulttest.Must(t, room.load(ctx))

	for range 2 { // the second day's is filtered
		_, err = room.look(ctx)
		faulttest.Must(t, err)
		mu.Lock()
		clock = room.onTime[0].at
		mu.Unlock()
		_, err = room.look(ctx)
		faulttest.Must(t, err)
	}
	var ids []string
	faulttest.Must(t, st.Read().Select(&ids, "SELECT id FROM trigger_events ORDER BY at"))
	if len(ids) != 2 {
		t.Fatalf("%d events", len(ids))
	}
	decision, err := service.Decided(ctx, ids[0])
	faulttest.Must(t, err)
	if decision.Status != triggers.Started {
		t.Fatalf("%+v %v", decision, decision.Error)
	}
	_, err = eng.Wait(ctx, decision.Run)
	faulttest.Must(t, err)
	run, err := log.Show(ctx, decision.Run)
	faulttest.Must(t, err)
	if got := fmt.Sprint(run.Outputs); got != "map[at:2026-03-29T01:00:00Z for northwind due:2026-03-29T01:00:00Z]" {
		t.Errorf("outputs %s", got)
	}
	if second, err := service.Decided(ctx, ids[1]); err != nil || second.Status != triggers.Filtered {
		t.Errorf("%+v, %v", second, err)
	}
}
