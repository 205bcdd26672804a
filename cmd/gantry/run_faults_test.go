package main

import (
	"encoding/json"
	"testing"
	"time"

	"gantry/sandbox/halo"
)

const readTicket = `
inputs: {write: {type: boolean, default: false}}
tasks:
  begin:
    action: core.noop
    next:
      - when: inputs.write
        do: write
      - when: "!inputs.write"
        do: read
  read:
    action: halo.get_ticket
    with: {ticket_id: 2045}
    timeout: 1s
  write:
    action: halo.add_note
    with: {ticket_id: 2045, note: Hello.}
    timeout: 1s
`

// Whatever way Halo fails, the task gets a coded error, and the person is told what to do.
func TestFaultsOfHalo(t *testing.T) {
	const tickets, actions = "/api/tickets/*", "/api/actions"
	cases := []struct {
		name   string
		fault  halo.Fault
		write  bool
		code   string
		status string // of the task
	}{
		{"400 with words", halo.Fault{Path: tickets, Kind: halo.FaultStatus, Status: 400, Body: `{"Message":"Summary is mandatory"}`}, false, "bad_request", "failed"},
		{"401", halo.Fault{Path: tickets, Kind: halo.FaultUnauthorised, Times: -1}, false, "unauthorised", "failed"},
		{"403 without a word", halo.Fault{Path: tickets, Kind: halo.FaultForbidden}, false, "forbidden", "failed"},
		{"404", halo.Fault{Path: tickets, Kind: halo.FaultStatus, Status: 404}, false, "not_found", "failed"},
		{"429", halo.Fault{Path: tickets, Kind: halo.FaultThrottled, RetryAfter: 600, Times: -1}, false, "rate_limited", "failed"},
		{"500 with a page", halo.Fault{Path: tickets, Kind: halo.FaultErrorPage}, false, "server_error", "failed"},
		{"hang", halo.Fault{Path: tickets, Kind: halo.FaultHang, Times: -1}, false, "timeout", "timed_out"},
		{"slow", halo.Fault{Path: tickets, Kind: halo.FaultSlow, DelayMS: 5000, Times: -1}, false, "timeout", "timed_out"},
		{"half a body", halo.Fault{Path: tickets, Kind: halo.FaultHalf, Times: -1}, false, "bad_response", "failed"},
		{"dropped", halo.Fault{Path: tickets, Kind: halo.FaultDrop, Times: -1}, false, "network", "failed"},
		{"write that hangs", halo.Fault{Path: actions, Kind: halo.FaultHang, Times: -1}, true, "unknown_outcome", "unknown"},
		{"write of which half the answer comes", halo.Fault{Path: actions, Kind: halo.FaultHalf, Times: -1}, true, "unknown_outcome", "unknown"},
		{"no sign-in", halo.Fault{Path: "/auth/token", Kind: halo.FaultErrorPage, Times: -1}, false, "login_failed", "failed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t, map[string]string{"ticket.yaml": readTicket})
			server := f.withHalo(halo.Options{})
			if err := server.InjectFault(c.fault); err != nil {
				t.Fatal(err)
			}
			args := []string{"run", "ticket"}
			if c.write {
				args = append(args, "-i", "write=true")
			}
			began := time.Now()
			text := f.gantry("", args...)
			if text.code != exitFailed {
				t.Fatalf("ended with %d:\n%s%s", text.code, text.out, text.err)
			}
			wants(t, text.out, "("+c.code+")", "hint: ", "gantry runs show")
			wants(t, text.err, "hint: ")
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
			checkKept(t, f, c.code, c.status)
		})
	}
}

// checkKept looks whether the history has the error with its hint.
func checkKept(t *testing.T, f *folder, code, status string) {
	t.Helper()
	var runs []listedRun
	if err := json.Unmarshal([]byte(f.must("", "runs", "list", "--format", "json").out), &runs); err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	var shown shownRun
	if err := json.Unmarshal([]byte(f.must("", "runs", "show", runs[0].ID, "--format", "json", "--requests").out), &shown); err != nil {
		t.Fatal(err)
	}
	last := shown.Tasks[len(shown.Tasks)-1]
	if string(last.Status) != status || last.Error == nil || string(last.Error.Code) != code || last.Error.Hint == "" {
		t.Errorf("kept %s %+v", last.Status, last.Error)
	}
	if len(last.Requests) == 0 {
		t.Error("the requests are not kept")
	}
}
