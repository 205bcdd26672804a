package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/sandbox/halo"
)

// ticketOfOurs creates a ticket that can be found again; MORE is more of the task.
const ticketOfOurs = `
tasks:
  make:
    action: halo.create_ticket
    with: {summary: Disk full, details: x, client_id: 12, tickettype_id: 1, third_party_id_string: RMM-77}
MORE
outputs: {ticket: "${{ tasks.?make.?result.?id.orValue(0) }}"}
`

func ticketWorkflow(more string) map[string]string {
	return map[string]string{"w": strings.Replace(ticketOfOurs, "MORE", more, 1), "count": `
tasks:
  list: {action: halo.list_tickets, with: {third_party_id_string: RMM-77}}
outputs: {ids: "${{ tasks.list.result.map(t, t.id) }}"}
`}
}

// posts counts the tickets that Halo was asked to create, and looks how often it was asked whether it had.
func posts(server *halo.Server) (posts, looks int) {
	for _, r := range server.Requests() {
		switch {
		case r.Method == "POST" && strings.EqualFold(r.Path, "/api/tickets"):
			posts++
		case r.Method == "GET" && strings.EqualFold(r.Path, "/api/tickets"):
			looks++
		}
	}
	return posts, looks
}

var (
	lostAfter  = halo.Fault{Method: "POST", Path: "/api/tickets", Kind: halo.FaultDrop, After: true}
	lostBefore = halo.Fault{Method: "POST", Path: "/api/tickets", Kind: halo.FaultDrop}
	hangsAfter = halo.Fault{Method: "POST", Path: "/api/tickets", Kind: halo.FaultHang, After: true}
	hangs      = halo.Fault{Method: "POST", Path: "/api/tickets", Kind: halo.FaultHang}
	blind      = halo.Fault{Method: "GET", Path: "/api/tickets", Kind: halo.FaultForbidden, Times: -1}
	blindOnce  = halo.Fault{Method: "GET", Path: "/api/tickets", Kind: halo.FaultErrorPage}
	brokenBy   = halo.Fault{Method: "POST", Path: "/api/tickets", Kind: halo.FaultErrorPage, After: true}
)

// A write whose answer was lost is looked for: what was done stands, what was not done fails or is made again, and
// what nobody can tell stays unknown.
func TestLostAnswersAreLookedFor(t *testing.T) {
	const retry = "    retry: {attempts: 3, delay: 1s}"
	for _, c := range []struct {
		name         string
		more         string
		faults       []halo.Fault
		status       flow.Status // of the task
		code         fault.Code
		posts, looks int
	}{
		{"done", "", []halo.Fault{lostAfter}, flow.Succeeded, "", 1, 1},
		{"done, and the task would repeat it", retry, []halo.Fault{lostAfter}, flow.Succeeded, "", 1, 1},
		{"not done", "", []halo.Fault{lostBefore}, flow.Failed, fault.Network, 1, 1},
		{"not done, and repeated", retry, []halo.Fault{lostBefore}, flow.Succeeded, "", 2, 1},
		{"not done, repeated, done", retry, []halo.Fault{lostBefore, lostAfter}, flow.Succeeded, "", 2, 2},
		{"failed in the middle, and yet done", "", []halo.Fault{brokenBy}, flow.Succeeded, "", 1, 1},
		{"seen at the second look", "", []halo.Fault{lostAfter, blindOnce}, flow.Succeeded, "", 1, 2},
		{"nobody can tell", retry, []halo.Fault{lostAfter, blind}, flow.Unknown, fault.UnknownOutcome, 1, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, server := withHalo(t, halo.Options{Faults: c.faults}, nil, ticketWorkflow(c.more))
				defer b.close()
				begun := time.Now()
				d := b.run(engine.Request{Workflow: "w"})
				task := taskOf(d, "make")
				if task.Status != c.status || c.code != "" && (task.Error == nil || task.Error.Code != c.code) {
					t.Fatalf("the task %s: %v", task.Status, task.Error)
				}
				if sent, looked := posts(server); sent != c.posts || looked != c.looks {
					t.Errorf("%d posts and %d looks, want %d and %d", sent, looked, c.posts, c.looks)
				}
				if took := time.Since(begun); took < 10*time.Second || took > 2*time.Minute {
					t.Errorf("took %s", took)
				}
				if c.status == flow.Succeeded {
					onlyTicket(t, b, d)
				}
				checkLooks(t, task, c.posts, c.looks)
			})
		})
	}
}

// onlyTicket proves that there is one ticket of the run's, and that it is the one that the run gave.
func onlyTicket(t *testing.T, b *bench, d *history.Detail) {
	t.Helper()
	there := b.run(engine.Request{Workflow: "count"})
	b.expect(there, flow.Succeeded)
	if diff := cmp.Diff([]any{d.Outputs["ticket"]}, there.Outputs["ids"]); diff != "" {
		t.Error(diff)
	}
}

// checkLooks proves that looks stand in the history as requests of the attempt that they are about.
func checkLooks(t *testing.T, task *history.Task, sent, looked int) {
	t.Helper()
	posts, looks := 0, 0
	for _, r := range task.Requests {
		switch {
		case r.Method == "POST" && strings.HasSuffix(r.URL, "/Tickets"):
			posts++
		case r.Method == "GET" && strings.Contains(r.URL, "third_party_id_string=RMM-77"):
			looks++
		}
	}
	if posts != sent || looks != looked {
		t.Errorf("the history has %d posts and %d looks, want %d and %d", posts, looks, sent, looked)
	}
}

// A process that ends in the middle of a write leaves it to the next one to find out, also when it ends in the middle
// of the look.
func TestAWriteThatTheProcessLeftIsLookedFor(t *testing.T) {
	again := halo.Fault{Method: "GET", Path: "/api/tickets", Kind: halo.FaultHang}
	for _, c := range []struct {
		name         string
		faults       []halo.Fault
		ends         int // how often the process ends
		posts, looks int
	}{
		{"done", []halo.Fault{hangsAfter}, 1, 1, 1},
		{"not done: made again at once", []halo.Fault{hangs}, 1, 2, 1},
		{"ended again while it looked", []halo.Fault{hangsAfter, again}, 2, 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				texts := ticketWorkflow("")
				b, server := withHalo(t, halo.Options{Faults: c.faults}, nil, texts)
				defer func() { b.close() }()
				id := b.start(engine.Request{Workflow: "w"})
				for range c.ends {
					time.Sleep(20 * time.Second) // of the test's clock: the request hangs
					b.close()
					b.open(texts)
					if taken, problems := b.engine.Recover(context.Background()); len(problems) > 0 || len(taken) != 1 {
						t.Fatal(taken, problems)
					}
				}
				d := b.wait(id)
				b.expect(d, flow.Succeeded)
				if task := taskOf(d, "make"); task.Status != flow.Succeeded {
					t.Errorf("%s", task.Status)
				}
				if sent, looked := posts(server); sent != c.posts || looked != c.looks {
					t.Errorf("%d posts and %d looks, want %d and %d", sent, looked, c.posts, c.looks)
				}
				onlyTicket(t, b, d)
			})
		})
	}
}

// A run that is cancelled does not wait for a look, and says that nobody knows.
func TestACancelEndsALook(t *testing.T) {
	for name, at := range map[string]time.Duration{"before it": 5 * time.Second, "in the middle of it": 30 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, server := withHalo(t, halo.Options{Faults: []halo.Fault{lostAfter, {Method: "GET", Path: "/api/tickets", Kind: halo.FaultHang, Times: -1}}}, nil, ticketWorkflow("    timeout: 30m"))
				defer b.close()
				begun := time.Now()
				id := b.start(engine.Request{Workflow: "w"})
				time.Sleep(at)
				if err := b.engine.Cancel(id, "enough"); err != nil {
					t.Fatal(err)
				}
				d := b.wait(id)
				b.expect(d, flow.Cancelled)
				if task := taskOf(d, "make"); task.Status != flow.Unknown {
					t.Errorf("%s: %v", task.Status, task.Error)
				}
				if took := time.Since(begun); took > at+10*time.Second {
					t.Errorf("took %s", took)
				}
				if sent, _ := posts(server); sent != 1 {
					t.Errorf("%d posts", sent)
				}
			})
		})
	}
}

// A ticket that had the key before the run asked for one is not taken for the run's own, in whichever process the look is.
func TestATicketThatWasThereBeforeIsNotTheRunsOwn(t *testing.T) {
	for name, lost := range map[string]halo.Fault{"the connection broke": lostBefore, "the process ended": hangs} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				lost.Skip = 1
				texts := ticketWorkflow("")
				b, server := withHalo(t, halo.Options{Faults: []halo.Fault{lost}}, nil, texts)
				defer func() { b.close() }()
				b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
				time.Sleep(time.Hour) // of the test's clock
				id := b.start(engine.Request{Workflow: "w"})
				if lost.Kind == halo.FaultHang {
					time.Sleep(20 * time.Second)
					b.close()
					b.open(texts)
					if taken, problems := b.engine.Recover(context.Background()); len(problems) > 0 || len(taken) != 1 {
						t.Fatal(taken, problems)
					}
				}
				task := taskOf(b.wait(id), "make")
				if task.Status != flow.Unknown || task.Error == nil || !strings.Contains(task.Error.Hint, "before this was sent") {
					t.Errorf("%s: %+v", task.Status, task.Error)
				}
				if sent, looked := posts(server); sent != 2 || looked != 5 {
					t.Errorf("%d posts and %d looks", sent, looked)
				}
			})
		})
	}
}
