package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/store"
)

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// plainSeal turns text around: enough to see what is sealed and what is bound to what.
type plainSeal struct{}

func (plainSeal) Seal(plain []byte, boundTo string) (string, error) {
	return boundTo + "|" + string(turned(plain)), nil
}

func (plainSeal) Open(sealed, boundTo string) ([]byte, error) {
	rest, ok := bytes.CutPrefix([]byte(sealed), []byte(boundTo+"|"))
	if !ok {
		return nil, errors.New("bound to something else")
	}
	return turned(rest), nil
}

func turned(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[len(b)-1-i] = b[i]
	}
	return out
}

func open(t *testing.T) (*History, string) {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(context.Background(), dir, store.Options{}, Migrations())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return New(db, plainSeal{}), dir
}

func (h *History) mustAppend(t *testing.T, entries ...Entry) {
	t.Helper()
	kept := make(chan error, 1)
	h.Append(new(Chain), entries, func(err error) { kept <- err })
	if err := <-kept; err != nil {
		t.Fatal(err)
	}
}

func id(n int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", n) }

func begun(n int, workflow, org string, status flow.Status) Entry {
	e := Entry{Run: id(n), FirstSeq: 1, New: &NewRun{Workflow: workflow, Version: "v1", Text: []byte("tasks: {}"), Organisation: org, OrganisationSlug: org + "-slug",
		TriggerType: "always_pass", TriggerName: "by hand", ParentUnit: flow.Unit{Exec: -1, Item: -1}, Inputs: map[string]any{"n": int64(n)}, CreatedAt: morning},
		Events: []flow.Event{flow.Started{At: morning, RunID: id(n), Inputs: map[string]any{"n": int64(n)}}},
		State:  &RunState{Status: status, StartedAt: morning}}
	if status.Ended() {
		e.State.FinishedAt, e.State.Outputs = morning.Add(time.Second), map[string]any{"n": 1.5}
	}
	return e
}

func TestListsAreFilteredAndPagedByKey(t *testing.T) {
	h, _ := open(t)
	for n := range 25 {
		status, org := flow.Succeeded, "a"
		if n%5 == 0 {
			status = flow.Failed
		}
		if n%2 == 1 {
			org = "b"
		}
		h.mustAppend(t, begun(n, fmt.Sprintf("w%d", n%3), org, status))
	}
	child := begun(99, "w0", "a", flow.Succeeded)
	child.New.Parent = id(3)
	h.mustAppend(t, child)

	cases := []struct {
		name   string
		filter Filter
		want   []int
	}{
		{"the newest first", Filter{Limit: 3}, []int{24, 23, 22}},
		{"the next page", Filter{Limit: 3, Before: id(22)}, []int{21, 20, 19}},
		{"by status", Filter{Status: flow.Failed}, []int{20, 15, 10, 5, 0}},
		{"by organisation and workflow", Filter{OrganisationID: "b", Workflow: "w1"}, []int{19, 13, 7, 1}},
		{"runs that others started only when asked for", Filter{Limit: 1, Children: true}, []int{99}},
		{"nothing", Filter{Workflow: "none"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			runs, err := h.Runs(context.Background(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, r := range runs {
				var n int
				_, _ = fmt.Sscanf(r.ID[24:], "%d", &n)
				got = append(got, n)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARunIsFoundByPartOfItsID(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, begun(1, "w", "a", flow.Succeeded))
	h.mustAppend(t, begun(21, "w", "a", flow.Succeeded))
	cases := map[string]string{id(1): id(1), "00000021": id(21), " " + id(21) + " ": id(21), "0190a000": "", "../etc": "", "%": "", "1": "", "00000099": ""}
	for part, want := range cases {
		got, err := h.Find(context.Background(), part)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q finds %q, %v", part, got, err)
		}
		if err != nil && fault.From(err).Code != fault.Missing {
			t.Errorf("%q: %v", part, err)
		}
	}
}

func TestAnEntryIsKeptWholeOrNotAtAll(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, begun(1, "w", "a", flow.Running))
	kept := make(chan error, 1)
	h.Append(new(Chain), []Entry{begun(2, "w", "a", flow.Running), {Run: id(1), FirstSeq: 1, Events: []flow.Event{flow.PauseRequested{At: morning}}}}, func(err error) { kept <- err })
	if err := <-kept; err == nil {
		t.Fatal("an event was written over another")
	}
	if _, err := h.Show(context.Background(), id(2)); fault.From(err).Code != fault.Missing {
		t.Errorf("half of it was kept: %v", err)
	}
}

// TestALogHasNoHoles: what comes after a part that could not be kept is not kept either.
func TestALogHasNoHoles(t *testing.T) {
	h, _ := open(t)
	pause := func(seq int) []Entry {
		return []Entry{{Run: id(1), FirstSeq: seq, Events: []flow.Event{flow.PauseRequested{At: morning}}}}
	}
	first := begun(1, "w", "a", flow.Running)
	h.mustAppend(t, first)
	next := len(first.Events) + 1
	broken := []Entry{{Run: id(1), FirstSeq: next, Events: []flow.Event{nil}}}
	chain, kept := new(Chain), make(chan error, 4)
	done := func(err error) { kept <- err }
	h.Append(chain, pause(next), done)
	h.Append(chain, broken, done)
	h.Append(chain, pause(next+2), done)
	h.Append(chain, pause(next+2), done)
	for i, want := range []bool{true, false, false, false} {
		if err := <-kept; (err == nil) != want {
			t.Errorf("part %d: %v", i, err)
		}
	}
	if log, err := h.Load(context.Background(), id(1)); err != nil || len(log.Events) != next {
		t.Errorf("the log has %d events, want %d: %v", len(log.Events), next, err)
	}
}

func TestALogComesBackAsItWas(t *testing.T) {
	h, _ := open(t)
	entry := begun(1, "w", "a", flow.Running)
	out := flow.Outcome{Result: map[string]any{"n": int64(9007199254740993), "f": 1.0}, Error: fault.New(fault.ServerError, "busy").WithHint("wait").WithDetail(map[string]any{"status": int64(503)}),
		TimedOut: true, Unknown: true, Passing: true, Repeatable: true, FailRun: true, Cancelled: true, RetryAfter: 1500 * time.Millisecond}
	unit := flow.Unit{Exec: 3, Item: 7}
	entry.Events = append(entry.Events,
		flow.AttemptStarted{At: morning, Unit: unit, Subrun: id(5)},
		flow.AttemptWaits{At: morning, Unit: unit, Until: morning.Add(time.Hour), Result: "r"},
		flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: out},
		flow.TimerFired{At: morning, Unit: unit}, flow.DeadlineReached{At: morning}, flow.CancelRequested{At: morning, Reason: "why"},
		flow.PauseRequested{At: morning}, flow.ResumeRequested{At: morning})
	entry.New.Settings = map[string]any{"depth": 2}
	h.mustAppend(t, entry)
	log, err := h.Load(context.Background(), id(1))
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b *fault.Error) bool {
		return a.Code == b.Code && a.Message == b.Message && a.Hint == b.Hint && cmp.Equal(a.Detail, b.Detail)
	})
	if diff := cmp.Diff(entry.Events[1:], log.Events[1:], same); diff != "" {
		t.Error(diff)
	}
	if string(log.Settings) != `{"depth":2}` || log.Run.Status != flow.Running {
		t.Errorf("log is %+v", log)
	}
}

func TestWhatIsRedactedIsSealedOnDiskMaskedInViewAndOpenForTheRun(t *testing.T) {
	h, dir := open(t)
	result := map[string]any{"token": "clear-token", "list": []any{map[string]any{"pin": "clear-pin", "id": int64(1)}}, "open": "visible"}
	entry := begun(1, "w", "a", flow.Running)
	entry.Redact = func(int) []string { return []string{"result.token", "result.list.pin", "result.missing", "with.x"} }
	entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: result}})
	entry.Tasks = []Task{{Exec: 0, Name: "t", Instance: 1, Status: flow.Succeeded, Attempts: 1, StartedAt: &morning, FinishedAt: &morning, items: -1}}
	h.mustAppend(t, entry)

	files, _ := filepath.Glob(filepath.Join(dir, "gantry.db*"))
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("clear-")) {
			t.Errorf("a redacted value stands in %s", filepath.Base(file))
		}
	}
	detail, err := h.Show(context.Background(), id(1))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"token": masked, "list": []any{map[string]any{"pin": masked, "id": int64(1)}}, "open": "visible"}
	if diff := cmp.Diff(any(want), detail.Tasks[0].Result); diff != "" {
		t.Error(diff)
	}
	log, err := h.Load(context.Background(), id(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(result), log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
		t.Error(diff)
	}
}

func TestDataThatOnlyLooksSealedStaysAsItIs(t *testing.T) {
	h, _ := open(t)
	fake := map[string]any{sealKey: "another-run|}"}
	entry := begun(1, "w", "a", flow.Running)
	entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: fake}})
	h.mustAppend(t, entry)
	log, err := h.Load(context.Background(), id(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(fake), log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
		t.Error(diff)
	}
}

func TestADamagedHistoryIsReported(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, begun(1, "w", "a", flow.Running))
	for _, damage := range []string{`UPDATE events SET data = '{'`, `UPDATE events SET data = '{}', kind = 'run_exploded'`} {
		if err := h.db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(damage); return err }); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Load(context.Background(), id(1)); err == nil || fault.From(err).Code != fault.Storage {
			t.Errorf("after %s: %v", damage, err)
		}
	}
}

func FuzzDecodeEvent(f *testing.F) {
	f.Add("attempt_ended", []byte(`{"exec":1,"item":2,"result":{"a":1},"error":{"code":"x","message":"m"}}`))
	f.Add("run_started", []byte(`{"run":"r","org":{"vars":3},"secrets":{"k":"o"}}`))
	f.Add("attempt_waits", []byte(`{"exec":1,"until":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		event, err := flow.DecodeEvent(kind, morning, data)
		if err != nil {
			return
		}
		again, text, err := flow.EncodeEvent(event)
		if err != nil || again != kind {
			t.Fatalf("%s became %s, %v", kind, again, err)
		}
		if _, err := flow.DecodeEvent(again, morning, text); err != nil {
			t.Fatal(err)
		}
	})
}
