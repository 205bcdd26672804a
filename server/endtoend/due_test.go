package endtoend_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gantry/api"
	"gantry/fault/faulttest"
	"gantry/server"
	"gantry/store"
)

// ticks is a workflow that a schedule starts for all clients; each run keeps for when it was made.
func ticks(cron, more string) string {
	return fmt.Sprintf(`
inputs: {due: {type: string, required: true}}
triggers:
  - {name: tick, type: schedule, cron: %q, run_for: {all_managed: true}, inputs: {due: "${{ due }}"}%s}
tasks: {look: {action: core.noop}}
`, cron, more)
}

// organisations imports so many clients beside the sandbox's, and gives how many the trigger tick covers then.
func (h *house) organisations(workflow string, n int) (covered int) {
	h.t.Helper()
	var table strings.Builder
	table.WriteString("name,slug\n")
	for i := range n {
		fmt.Fprintf(&table, "Client %d,client-%d\n", i, i)
	}
	out, err := api.ImportOrganisations.Call(h.t.Context(), h.client(), &api.ImportOrganisationsIn{RawBody: []byte(table.String())})
	faulttest.Must(h.t, err)
	if out.Body.Counts["imported"] != n {
		h.t.Fatalf("imported: %v", out.Body.Counts)
	}
	until(h.t, time.Minute, func() bool {
		list, err := api.ListTriggers.Call(h.t.Context(), h.client(), &api.ListTriggersIn{Workflow: workflow})
		faulttest.Must(h.t, err)
		covered = list.Body.Triggers[0].Organisations
		return covered > n && h.count("SELECT count(*) FROM timers WHERE workflow = ?", workflow) == covered
	}, func() string { return "the trigger does not see the new organisations" })
	return covered
}

// began sets the time since when a workflow's timers are there, while no server runs: what was due since is owed.
// This is how a test has a time that is due without waiting for it.
func (h *house) began(workflow string, at time.Time) {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), h.data, store.Options{}, server.Tables()...)
	faulttest.Must(h.t, err)
	defer s.Close()
	faulttest.Must(h.t, s.Write(h.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE timers SET anchor = ?, last_due = 0 WHERE workflow = ?", at.Unix(), workflow)
		return err
	}))
}

// made counts runs by the time for which they were made, and fails the test where an organisation has two.
func (h *house) made(workflow string) map[string]int {
	h.t.Helper()
	s := h.look()
	defer s.Close()
	var rows []struct {
		Due, Organisation string
		Runs              int
	}
	faulttest.Must(h.t, s.Read().Select(&rows, `SELECT json_extract(inputs, '$.due') AS due, organisation_slug AS organisation, count(*) AS runs FROM runs WHERE workflow = ? GROUP BY 1, 2`, workflow))
	made := map[string]int{}
	for _, row := range rows {
		made[row.Due]++
		if row.Runs != 1 {
			h.t.Errorf("%s has %d runs for %s", row.Organisation, row.Runs, row.Due)
		}
	}
	return made
}

// TestKillNineInTheMinute: schedules of thousands of organisations are due in one minute, in which the server is killed
// again and again: all are started within it, none twice.
func TestKillNineInTheMinute(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"tick": ticks("* * * * *", "")})
	p := h.start()
	covered := h.organisations("tick", min(2000*scale, 10_000))
	p.kill()
	now := time.Now()
	if now.Second() > 30 { // the rest of the minute is to be enough
		time.Sleep(time.Until(now.Truncate(time.Minute).Add(time.Minute)))
	}
	minute := time.Now().UTC().Truncate(time.Minute)
	earlier := h.count("SELECT count(*) FROM runs")
	h.began("tick", minute.Add(-time.Second))
	began := time.Now()
	for kill := range 3 {
		p = h.spawn()
		most := earlier + kill*covered/3 + rand.IntN(covered/3)
		until(t, time.Minute, func() bool { return h.count("SELECT count(*) FROM runs") > most }, func() string { return "nothing fires" })
		p.kill()
		t.Logf("killed when %d of %d were started", h.count("SELECT count(*) FROM runs")-earlier, covered)
	}
	p = h.start()
	due := minute.Format(time.RFC3339)
	of := "SELECT count(*) FROM runs WHERE json_extract(inputs, '$.due') = ?"
	until(t, time.Minute, func() bool { return h.count(of, due) >= covered }, func() string { return fmt.Sprintf("%d of %d were started", h.count(of, due), covered) })
	t.Logf("%d organisations, three kills: all started after %s, %s into the minute", covered, time.Since(began).Round(time.Millisecond), time.Since(minute).Round(time.Millisecond))
	h.settled()
	faulttest.Must(t, p.stop())
	late := minute.Add(time.Minute).UnixNano()
	if n := h.count(of+" AND created_at >= ?", due, late); n > 0 {
		t.Errorf("%d runs were started after the minute", n)
	}
	if n := h.made("tick")[due]; n != covered {
		t.Errorf("%d organisations have a run for %s, want %d", n, due, covered)
	}
}

// TestDownForADay: what came due in a day without a server is caught up, each time once, also when the server is killed
// while it catches up.
func TestDownForADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"tick": ticks("0 * * * *", ", catch_up: all, overlap: queue")})
	p := h.start()
	covered := h.organisations("tick", 10*scale)
	p.kill()
	now := time.Now()
	h.began("tick", now.Add(-23*time.Hour-30*time.Minute))
	p = h.spawn()
	until(t, time.Minute, func() bool { return h.count("SELECT count(*) FROM runs") > covered }, func() string { return "nothing is caught up" })
	p.kill()
	p = h.start()
	owed := func(at time.Time) int {
		return int(at.Truncate(time.Hour).Sub(now.Add(-23*time.Hour-30*time.Minute).Truncate(time.Hour)) / time.Hour)
	}
	until(t, time.Minute, func() bool { return h.count("SELECT count(*) FROM runs") >= owed(now)*covered },
		func() string {
			return fmt.Sprintf("%d runs, want %d", h.count("SELECT count(*) FROM runs"), owed(now)*covered)
		})
	h.settled()
	faulttest.Must(t, p.stop())
	made := h.made("tick")
	if len(made) < owed(now) || len(made) > owed(time.Now()) {
		t.Errorf("%d times were caught up, want %d: %v", len(made), owed(now), made)
	}
	for due, organisations := range made {
		if organisations != covered {
			t.Errorf("%s: %d organisations, want %d", due, organisations, covered)
		}
	}
}
