package timers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// bench is a data directory, triggers that a test writes, and a clock that it sets. Events go to the real
// service; who asks for them is one call of look at a time.
type bench struct {
	t     testing.TB
	dir   string
	clock time.Time
	world triggers.World
	store *store.Store
	*triggers.Service
	room   *Room
	full   bool  // the queue
	bound  int   // events that the queue takes; 0: all
	taken  int   // events that were accepted
	refuse error // what Accept says instead
	calls  int   // of Accept
	most   int   // calls of Accept that succeed, and then refuse; 0: all
}

// open opens the data directory as a new process would.
func (b *bench) open() {
	b.t.Helper()
	var err error
	b.store, err = store.Open(ctx, b.dir, store.Options{}, triggers.Migrations(), Migrations())
	faulttest.Must(b.t, err)
	b.Service = triggers.New(triggers.Options{Store: b.store, Now: func() time.Time { return b.clock }})
	b.room = New(Options{Store: b.store, Triggers: b, Now: func() time.Time { return b.clock }})
	faulttest.Must(b.t, b.room.load(ctx))
}

func (b *bench) close() { faulttest.Must(b.t, b.store.Close()) }

// restart ends the process at one time and starts it at another.
func (b *bench) restart(at string) {
	b.t.Helper()
	b.close()
	b.set(at)
	b.open()
}

func (b *bench) Book() *triggers.Book            { return triggers.NewBook(b.world) }
func (b *bench) OnChange(f func(*triggers.Book)) { f(b.Book()) }

func (b *bench) Room(string) (bool, time.Duration) {
	return !b.full && (b.bound == 0 || b.taken < b.bound), 10 * time.Second
}

func (b *bench) Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error) {
	b.calls++
	if b.refuse != nil && b.calls > b.most {
		return nil, b.refuse
	}
	b.taken += len(events)
	return b.Service.Accept(ctx, events, also)
}

// setup begins on 2 March 2026, a Monday, at 7:30 UTC, with one trigger `t` of the workflow `w` for Northwind.
func setup(t testing.TB, keys string) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir()}
	b.set("2026-03-02 07:30:00")
	b.world.Organisations = []orgs.Organisation{{ID: "msp", Slug: "acme-msp", Enabled: true}, client("northwind")}
	b.write(keys)
	b.open()
	t.Cleanup(func() { b.close() })
	return b
}

func client(slug string) orgs.Organisation {
	return orgs.Organisation{ID: slug, Slug: slug, ParentID: "msp", Enabled: true}
}

// write makes the workflow anew, with one trigger for each text.
func (b *bench) write(keys ...string) {
	b.t.Helper()
	var text strings.Builder
	text.WriteString("triggers:\n")
	for i, k := range keys {
		fmt.Fprintf(&text, "  - {name: t%s, run_for: {all_managed: true}, %s}\n", strings.TrimPrefix(fmt.Sprint(i), "0"), k)
	}
	text.WriteString("tasks: {a: {action: core.noop}}\n")
	lib, ds := workflow.LoadAll([]workflow.File{{ID: "w", Name: "w.yaml", Text: []byte(text.String())}}, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		b.t.Fatal(ds.Err())
	}
	b.world.Workflows = lib.All()
	b.changed()
}

// changed tells the room that the Book is another one.
func (b *bench) changed() {
	if b.room != nil {
		b.room.stale = true
	}
}

const layout = "2006-01-02 15:04:05"

func (b *bench) set(at string) {
	b.t.Helper()
	clock, err := time.Parse(layout, at)
	faulttest.Must(b.t, err)
	b.clock = clock
}

// look sets the clock and looks.
func (b *bench) look(at string) {
	b.t.Helper()
	b.set(at)
	b.lookNow()
}

func (b *bench) lookNow() time.Duration {
	b.t.Helper()
	wait, err := b.room.look(ctx)
	faulttest.Must(b.t, err)
	return wait
}

// run lets the clock go on by itself, waking the room when it asked for it.
func (b *bench) runUntil(at string) {
	b.t.Helper()
	end, err := time.Parse(layout, at)
	faulttest.Must(b.t, err)
	for {
		wait := b.lookNow()
		if next := b.clock.Add(wait); !next.After(end) {
			b.clock = next
			continue
		}
		b.clock = end
		b.lookNow()
		return
	}
}

// events gives the due times of all events as kept, in the order in which they were accepted.
func (b *bench) events() []string {
	b.t.Helper()
	var at []int64
	faulttest.Must(b.t, b.store.Read().Select(&at, "SELECT at FROM trigger_events ORDER BY id"))
	times := make([]string, len(at))
	for i, micros := range at {
		times[i] = time.UnixMicro(micros).UTC().Format("02 15:04:05")
	}
	return times
}

// want compares all events that there have been, as "02 08:00:00".
func (b *bench) want(times ...string) {
	b.t.Helper()
	if got := b.events(); !slices.Equal(got, times) {
		b.t.Fatalf("fired\n  %s\nwanted\n  %s", strings.Join(got, "\n  "), strings.Join(times, "\n  "))
	}
}
