package history

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/engine/flow"
	"gantry/store"
)

// figureRow is a row of run_figures with whose it is.
type figureRow struct {
	At           int64  `db:"at"`
	Organisation string `db:"organisation"`
	Workflow     string `db:"workflow"`
	Child        bool   `db:"child"`
}

// figuresNow gives all figures but those that are nothing.
func (h *History) figuresNow(t interface{ Fatal(...any) }) map[figureRow]Figures {
	var rows []struct {
		figureRow
		Figures
	}
	if err := h.db.Read().Select(&rows, `SELECT f.at, g.organisation, g.workflow, g.child, f.succeeded, f.failed, f.timed_out, f.cancelled, f.saved
		FROM run_figures f JOIN run_groups g ON g.id = f.run_group`); err != nil {
		t.Fatal(err)
	}
	all := map[figureRow]Figures{}
	for _, r := range rows {
		if r.Figures != (Figures{}) {
			all[r.figureRow] = r.Figures
		}
	}
	return all
}

// lived is a run of the law, as it stands.
type lived struct {
	n        int
	org, wf  string
	parent   string
	status   flow.Status // Queued, Running, or how it ended
	ended    time.Time
	saved    time.Duration
	seq      int
	byRow    bool // nobody says whose it is when it ends
	lastSave int64
}

func (l *lived) cell() figureRow {
	return figureRow{quarterOf(l.ended.UnixNano()), l.org, l.wf, l.parent != ""}
}

func (l *lived) of() *Run {
	if l.byRow {
		return nil
	}
	return &Run{OrganisationID: l.org, Workflow: l.wf, TriggerType: "always_pass", TriggerName: "by hand", Parent: l.parent}
}

// TestFiguresCountEachEndOnce: whatever ends, is taken back, ends anew, is written over or removed, and however these share
// transactions, the figures are what the runs' last ends add up to; removing a run changes nothing.
func TestFiguresCountEachEndOnce(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		h, _ := open(t)
		var all []*lived
		want := func() map[figureRow]Figures {
			sum := map[figureRow]Figures{}
			for _, l := range all {
				if l.status.Ended() {
					f := sum[l.cell()]
					switch l.status {
					case flow.Succeeded:
						f.Succeeded++
					case flow.Failed:
						f.Failed++
					case flow.TimedOut:
						f.TimedOut++
					case flow.Cancelled:
						f.Cancelled++
					}
					f.Saved += l.lastSave
					sum[l.cell()] = f
				}
			}
			return sum
		}
		now := morning
		for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
			now = now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(rt, "seconds")) * time.Second)
			var entries []Entry
			var queued []*lived
			touched := map[*lived]bool{}
			for range rapid.IntRange(1, 6).Draw(rt, "steps") {
				what := rapid.SampledFrom([]string{"new", "new", "end", "end", "end", "again", "over", "queued"}).Draw(rt, "what")
				l := &lived{n: len(all) + 1, org: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "org"), wf: rapid.SampledFrom([]string{"v", "w"}).Draw(rt, "workflow"),
					saved: time.Duration(rapid.IntRange(0, 3).Draw(rt, "saved")) * 90 * time.Second, byRow: rapid.Bool().Draw(rt, "by row")}
				if what != "new" && what != "queued" {
					if len(all) == 0 {
						continue
					}
					l = all[rapid.IntRange(0, len(all)-1).Draw(rt, "run")]
				}
				if touched[l] {
					continue
				}
				end := rapid.SampledFrom([]flow.Status{flow.Succeeded, flow.Failed, flow.TimedOut, flow.Cancelled}).Draw(rt, "end")
				switch {
				case what == "new":
					if len(all) > 0 && rapid.Bool().Draw(rt, "child") {
						l.parent = id(all[0].n)
					}
					l.status = rapid.SampledFrom([]flow.Status{flow.Running, end}).Draw(rt, "status")
					e := begun(l.n, l.wf, l.org, l.status)
					e.New.Parent, e.State.Saved = l.parent, l.saved
					if l.status.Ended() {
						e.State.FinishedAt = now
					}
					l.seq, entries = 1, append(entries, e)
				case what == "queued":
					l.status = flow.Queued
					e := begun(l.n, l.wf, l.org, flow.Queued)
					e.Events, e.State, e.Queue = nil, nil, &QueuedRun{}
					entries, queued = append(entries, e), append(queued, l)
				case what == "end" && l.status == flow.Running, what == "over" && l.status.Ended():
					l.status = end
					entries = append(entries, Entry{Run: id(l.n), Of: l.of(), State: &RunState{Status: end, StartedAt: morning, FinishedAt: now, Saved: l.saved}})
				case what == "again" && l.status.Ended():
					l.status, l.seq = flow.Running, l.seq+1
					entries = append(entries, Entry{Run: id(l.n), Of: l.of(), FirstSeq: l.seq, Reopens: &Reopening{Workflow: l.wf, Version: "v1", At: now},
						Events: []flow.Event{flow.Reopened{At: now}}, State: &RunState{Status: flow.Running, StartedAt: morning}})
				default:
					continue
				}
				if touched[l] = true; l.status.Ended() {
					l.ended, l.lastSave = now, 0
					if l.status == flow.Succeeded && l.parent == "" {
						l.lastSave = int64(l.saved / time.Second)
					}
				}
				if what == "new" || what == "queued" {
					all = append(all, l)
				}
			}
			if len(entries) > 0 {
				h.mustAppend(t, entries...)
			}
			for _, l := range queued {
				if rapid.Bool().Draw(rt, "cancelled") {
					if _, err := h.EndQueued(ctx, id(l.n), flow.Cancelled, nil, now, nil); err != nil {
						rt.Fatal(err)
					}
					l.status, l.ended = flow.Cancelled, now
				}
			}
			if diff := cmp.Diff(want(), h.figuresNow(rt)); diff != "" {
				rt.Fatal(diff)
			}
		}
		if _, err := h.Prune(ctx, Retention{Rule: func(string) Rule { return Rule{Runs: 1} }, Now: now}); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want(), h.figuresNow(rt)); diff != "" {
			rt.Fatal("after removing: " + diff)
		}
		if err := h.db.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}

// TestFiguresOfOlderRuns: what the migration makes of the runs there are is what counting them as they ended would have.
func TestFiguresOfOlderRuns(t *testing.T) {
	h, _ := open(t)
	for n, status := range []flow.Status{flow.Succeeded, flow.Failed, flow.TimedOut, flow.Cancelled, flow.Running, flow.Succeeded, flow.Failed} {
		e := begun(n, fmt.Sprint("w", n%2), "a", status)
		if status.Ended() {
			e.State.FinishedAt = morning.Add(time.Duration(n) * 10 * time.Minute)
		}
		h.mustAppend(t, e)
	}
	want := h.figuresNow(t)
	text, err := migrations.ReadFile("migrations/00013_figures.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "WITHOUT ROWID;")
	fill, _, _ := strings.Cut(rest, ";")
	if err := h.db.Write(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM run_figures"); err != nil {
			return err
		}
		_, err := tx.Exec(fill)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, h.figuresNow(t)); diff != "" || len(want) != 6 {
		t.Error(len(want), diff)
	}
}

// TestStatistics: what ended is in the bucket of its end, for those who are asked for, without what other runs started.
func TestStatistics(t *testing.T) {
	h, _ := open(t)
	ctx := context.Background()
	for n, c := range []struct {
		org, wf, parent string
		status          flow.Status
		after           time.Duration
	}{{"a", "v", "", flow.Succeeded, 0}, {"a", "v", "", flow.Failed, 14 * time.Minute}, {"a", "w", "", flow.TimedOut, time.Hour}, {"b", "v", "", flow.Succeeded, time.Hour},
		{"b", "v", id(0), flow.Succeeded, time.Hour}, {"b", "w", "", flow.Running, 0}, {"a", "w", "", flow.Waiting, 0}, {"a", "w", id(0), flow.Waiting, 0}, {"a", "v", "", flow.Cancelled, 3 * time.Hour}} {
		e := begun(n, c.wf, c.org, c.status)
		if e.New.Parent, e.State.Saved = c.parent, 5*time.Minute; c.status.Ended() {
			e.State.FinishedAt = morning.Add(c.after)
		}
		h.mustAppend(t, e)
	}
	bounds := []time.Time{morning, morning.Add(time.Hour), morning.Add(2 * time.Hour), morning.Add(3 * time.Hour)}
	show := func(f FigureFilter) string {
		s, err := h.Statistics(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		now, err := json.Marshal(s.Now)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintln(s.Buckets, s.Totals, s.ByOrganisation, s.ByWorkflow, string(now))
	}
	for _, c := range []struct {
		f    FigureFilter
		want string
	}{
		{FigureFilter{}, `[{1 1 0 0 300} {1 0 1 0 300} {0 0 0 0 0}] {2 1 1 0 600} [{a {1 1 1 0 300}} {b {1 0 0 0 300}}] [{v {2 1 0 0 600}} {w {0 0 1 0 0}}] {"running":1,"waiting":1}`},
		{FigureFilter{OrganisationID: "a"}, `[{1 1 0 0 300} {0 0 1 0 0} {0 0 0 0 0}] {1 1 1 0 300} [{a {1 1 1 0 300}}] [{v {1 1 0 0 300}} {w {0 0 1 0 0}}] {"waiting":1}`},
		{FigureFilter{OrganisationIDs: []string{"b", "c"}, Workflow: "v"}, `[{0 0 0 0 0} {1 0 0 0 300} {0 0 0 0 0}] {1 0 0 0 300} [{b {1 0 0 0 300}}] [{v {1 0 0 0 300}}] {}`},
		{FigureFilter{OrganisationIDs: []string{}}, `[{0 0 0 0 0} {0 0 0 0 0} {0 0 0 0 0}] {0 0 0 0 0} [] [] {}`},
	} {
		c.f.Bounds = bounds
		if got := show(c.f); got != c.want+"\n" {
			t.Errorf("%+v:\n got %s\nwant %s", c.f, got, c.want)
		}
	}
	if err := h.DropFigures(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if got := show(FigureFilter{Bounds: bounds, OrganisationIDs: []string{"b"}}); !strings.HasPrefix(got, `[{0 0 0 0 0} {0 0 0 0 0} {0 0 0 0 0}] {0 0 0 0 0} [] []`) {
		t.Error(got)
	}
}
