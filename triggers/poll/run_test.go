package poll_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gantry/actions"
	"gantry/actions/wire"
	"gantry/engine/workflow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
)

// asked is a Halo without tickets that notes when it is asked, and for which client.
type asked struct {
	mu     sync.Mutex
	at     map[string][]time.Time // by client id
	fails  map[string]bool
	inside int
	most   int // side by side
}

func (a *asked) Send(_ context.Context, req *wire.Request) (*wire.Answer, error) {
	header := http.Header{"Content-Type": {"application/json"}}
	if req.Method == http.MethodPost {
		return &wire.Answer{Status: 200, Header: header, Body: []byte(`{"access_token":"t","token_type":"Bearer","expires_in":36000}`)}, nil
	}
	client := req.URL.Query().Get("client_id")
	a.mu.Lock()
	a.inside++
	a.most = max(a.most, a.inside)
	a.at[client] = append(a.at[client], time.Now())
	fails := a.fails[client]
	a.mu.Unlock()
	time.Sleep(200 * time.Millisecond) // of the bubble
	a.mu.Lock()
	a.inside--
	a.mu.Unlock()
	if fails {
		return &wire.Answer{Status: 503, Header: http.Header{}}, nil
	}
	return &wire.Answer{Status: 200, Header: header, Body: []byte(`{"record_count":0,"tickets":[]}`)}, nil
}

// count tells how often a client was asked for.
func (a *asked) count(client string) int { return len(a.times(client)) }

func (a *asked) times(client string) []time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.at[client])
}

func (a *asked) fail(client string, fails bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fails[client] = fails
}

// switchable is triggers whose Book the test makes.
type switchable struct {
	poll.Triggers
	mu   sync.Mutex
	tell func(*triggers.Book)
	book *triggers.Book
	full map[string]bool // organisations whose queue is full
}

func (s *switchable) OnChange(told func(*triggers.Book)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell = told
	told(s.book)
}

func (s *switchable) change(book *triggers.Book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book = book
	s.tell(book)
}

func (s *switchable) Room(orgID string) (bool, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.full[orgID], 20 * time.Second
}

const crowd = 60

// running is a Poller at work for a crowd of organisations that share one instance.
type running struct {
	halo     *asked
	triggers *switchable
	store    *store.Store
	lib      *workflow.Library
	tree     []orgs.Organisation
	client   func(i int) string
}

func (r *running) bookOf(switches ...triggers.Switch) *triggers.Book {
	return triggers.NewBook(triggers.World{Workflows: r.lib.All(), Organisations: r.tree, Switches: switches})
}

func (r *running) detail(t *testing.T, i int) map[string]any {
	t.Helper()
	facts, err := poll.Detail{Store: r.store}.Of(ctx, key, r.tree[i].ID)
	faulttest.Must(t, err)
	return facts
}

// run has a Poller work in a bubble of its own time while the test does something.
func run(t *testing.T, during func(t *testing.T, r *running)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), triggers.Migrations(), poll.Migrations())
		faulttest.Must(t, err)
		ring, err := orgs.NewKeyring(slices.Repeat([]byte{1}, 32))
		faulttest.Must(t, err)
		service := orgs.New(s, ring, time.Now)
		r := &running{halo: &asked{at: map[string][]time.Time{}, fails: map[string]bool{}}, store: s, client: func(i int) string { return fmt.Sprint(100 + i) }}
		msp, err := service.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
		faulttest.Must(t, err)
		in, err := service.AddInstance(ctx, msp.ID, "halo", "main", map[string]any{"resource_server": "https://x.halopsa.com", "client_id": "a", "tenant": "x"}, map[string]string{"client_secret": "abcdefgh"}, true)
		faulttest.Must(t, err)
		for i := range crowd {
			org, err := service.Create(ctx, orgs.NewOrganisation{Slug: fmt.Sprintf("client-%02d", i), Name: "Client", Parent: "acme-msp"})
			faulttest.Must(t, err)
			faulttest.Must(t, service.SetMapping(ctx, org.ID, "halo", in.ID, r.client(i), "Client"))
			r.tree = append(r.tree, org)
		}
		r.tree = append(r.tree, msp)
		lib, ds := workflow.LoadAll([]workflow.File{{ID: "w", Name: "w.yaml", Text: []byte(watching(newTicket))}}, workflow.World{Catalogue: actions.Builtin()})
		faulttest.Must(t, ds.Err())
		r.lib = lib
		events := triggers.New(triggers.Options{Store: s, Organisations: service})
		r.triggers = &switchable{Triggers: events, full: map[string]bool{}}
		r.triggers.book = r.bookOf(triggers.Switch{Key: key, OrganisationID: msp.ID})
		runtime := actions.NewRuntime(actions.Options{HTTP: r.halo})
		p := poll.New(poll.Options{Store: s, Triggers: r.triggers, Organisations: service, Actions: runtime})
		halt, stop := context.WithCancel(ctx)
		ended := make(chan error)
		go func() { ended <- p.Run(halt) }()
		during(t, r)
		stop()
		faulttest.Must(t, <-ended)
		events.Close()
		runtime.Close()
		faulttest.Must(t, s.Close())
	})
}

// Each organisation is asked for once a minute, at a moment of its own, and few side by side.
func TestPollsAreSpread(t *testing.T) {
	run(t, func(t *testing.T, r *running) {
		begin := time.Now()
		time.Sleep(20 * time.Minute)
		bySecond := map[int]int{}
		for i := range crowd {
			at := r.halo.times(r.client(i))
			if len(at) < 19 || len(at) > 23 { // the first poll asks twice
				t.Errorf("client %d was asked for %d times in 20 minutes", i, len(at))
			}
			for _, one := range at {
				if since := one.Sub(begin); since > 2*time.Minute {
					bySecond[int(since/time.Second)%60]++
				}
			}
		}
		for second, n := range bySecond {
			if n > 18*8 {
				t.Errorf("second %d of the minute has %d polls in 18 minutes", second, n)
			}
		}
		r.halo.mu.Lock()
		defer r.halo.mu.Unlock()
		if r.halo.most > 2 {
			t.Errorf("%d polls went side by side with one instance", r.halo.most)
		}
	})
}

// One that fails is left alone for longer and longer; the others go on.
func TestFailingPollsPause(t *testing.T) {
	run(t, func(t *testing.T, r *running) {
		time.Sleep(5 * time.Minute)
		r.halo.fail(r.client(3), true)
		before, others := r.halo.count(r.client(3)), r.halo.count(r.client(4))
		time.Sleep(2 * time.Hour)
		if n := r.halo.count(r.client(3)) - before; n < 6 || n > 9 { // 1, 2, 4, … 60 minutes apart
			t.Errorf("asked %d times while failing", n)
		}
		if n := r.halo.count(r.client(4)) - others; n < 115 {
			t.Errorf("another one was asked for %d times only", n)
		}
		if facts := r.detail(t, 3); facts["status"] != "failing" {
			t.Error(facts)
		}
		r.halo.fail(r.client(3), false)
		time.Sleep(time.Hour)
		if facts := r.detail(t, 3); facts["status"] != "waiting" || facts["error"] != nil {
			t.Error(facts)
		}
	})
}

// Switched off, a poll stops and forgets where it was; away for the moment, it remembers. A full queue holds it.
func TestSwitchingOff(t *testing.T) {
	run(t, func(t *testing.T, r *running) {
		time.Sleep(3 * time.Minute)
		msp := triggers.Switch{Key: key, OrganisationID: r.tree[crowd].ID}
		r.triggers.change(r.bookOf(msp, triggers.Switch{Key: key, OrganisationID: r.tree[0].ID}))
		r.triggers.mu.Lock()
		r.triggers.full[r.tree[1].ID] = true
		r.triggers.mu.Unlock()
		time.Sleep(time.Minute)
		off, held := r.halo.count(r.client(0)), r.halo.count(r.client(1))
		time.Sleep(10 * time.Minute)
		if r.halo.count(r.client(0)) != off || r.halo.count(r.client(1)) != held {
			t.Error("it goes on")
		}
		if facts := r.detail(t, 0); facts["status"] != "new" {
			t.Error("switched off:", facts)
		}
		r.triggers.change(triggers.NewBook(triggers.World{Organisations: r.tree})) // the workflow is away
		time.Sleep(time.Minute)
		if facts := r.detail(t, 2); facts["status"] != "waiting" {
			t.Error("away:", facts)
		}
		r.triggers.change(r.bookOf(msp))
		time.Sleep(2 * time.Minute)
		if r.halo.count(r.client(0)) == off {
			t.Error("it does not begin again")
		}
	})
}
