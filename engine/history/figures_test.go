package history

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/engine/flow"
)

// figureRow is whose figures of a quarter of an hour these are.
type figureRow struct {
	At           int64  `db:"at"`
	Organisation string `db:"organisation"`
	Workflow     string `db:"workflow"`
}

// figuresNow gives all figures, those in the sums, too, but those that are nothing.
func (h *History) figuresNow(t interface{ Fatal(...any) }) map[figureRow]Figures {
	var rows []struct {
		figureRow
		Figures
	}
	if err := h.db.Read().Select(&rows, `SELECT f.at, g.organisation, g.workflow, f.succeeded, f.failed, f.timed_out, f.cancelled, f.saved
		FROM run_figures f JOIN run_groups g ON g.id = f.run_group UNION ALL SELECT f.at, s.organisation, s.workflow, f.succeeded, f.failed, f.timed_out, f.cancelled, f.saved
		FROM run_sums f JOIN run_scopes s ON s.id = f.scope WHERE f.span = 1 AND s.organisation <> '' AND s.workflow <> ''`); err != nil {
		t.Fatal(err)
	}
	all := map[figureRow]Figures{}
	for _, r := range rows {
		sum := all[r.figureRow]
		sum.add(r.Figures)
		all[r.figureRow] = sum
	}
	maps.DeleteFunc(all, func(_ figureRow, f Figures) bool { return f == Figures{} })
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

func (l *lived) cell() figureRow { return figureRow{quarterOf(l.ended.UnixNano()), l.org, l.wf} }

// counts tells that the run is in the figures: it has ended, and nothing else started it.
func (l *lived) counts() bool { return l.status.Ended() && l.parent == "" }

func (l *lived) addTo(f *Figures) {
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
}

func (l *lived) of() *Run {
	if l.byRow {
		return nil
	}
	return &Run{OrganisationID: l.org, Workflow: l.wf, TriggerType: "always_pass", TriggerName: "by hand", Parent: l.parent}
}

// TestFiguresCountEachEndOnce: whatever ends, is taken back, ends anew, is written over or removed, however these share
// transactions, and whenever figures are moved into the sums, they are what the runs' last ends add up to, for whatever
// days of whatever place somebody asks; removing a run changes nothing, and of organisations that are gone nothing stays.
func TestFiguresCountEachEndOnce(t *testing.T) {
	ctx, atOnce := context.Background(), movedAtOnce
	defer func() { movedAtOnce = atOnce }()
	rapid.Check(t, func(rt *rapid.T) {
		h, _ := open(t)
		var all []*lived
		want := func() map[figureRow]Figures {
			sum := map[figureRow]Figures{}
			for _, l := range all {
				if l.counts() {
					f := sum[l.cell()]
					l.addTo(&f)
					sum[l.cell()] = f
				}
			}
			return sum
		}
		now := morning
		for range rapid.IntRange(1, 12).Draw(rt, "transactions") {
			now = now.Add(time.Duration(rapid.OneOf(rapid.IntRange(0, 2000), rapid.IntRange(0, 40*24*3600)).Draw(rt, "seconds")) * time.Second)
			if rapid.Bool().Draw(rt, "moved") {
				movedAtOnce = rapid.Int64Range(1, 3).Draw(rt, "at once")
				if err := h.SumUp(ctx, now); err != nil {
					rt.Fatal(err)
				}
			}
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
			h.asked(rt, all, now)
		}
		if _, err := h.Prune(ctx, Retention{Rule: func(string) Rule { return Rule{Runs: 1} }, Now: now}); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want(), h.figuresNow(rt)); diff != "" {
			rt.Fatal("after removing: " + diff)
		}
		if err := h.DropFigures(ctx, "b"); err != nil {
			rt.Fatal(err)
		}
		all = slices.DeleteFunc(all, func(l *lived) bool { return l.org == "b" })
		h.asked(rt, all, now)
		if err := h.SumUp(ctx, now.Add(quarter)); err != nil {
			rt.Fatal(err)
		}
		h.asked(rt, all, now)
		if left := h.figuresLeft(rt); left > 0 {
			rt.Fatal(left, "figures are not in the sums")
		}
		if err := h.db.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}
