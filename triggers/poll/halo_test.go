package poll_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"gantry/fault"
	"gantry/triggers/poll"
)

const newTicket = "    poll: halo.new_ticket\n"

// The first poll takes nothing old; then each ticket comes once.
func TestNewTickets(t *testing.T) {
	b := setup(t, newTicket)
	if n := b.polls(b.client); n != 0 {
		t.Fatalf("the first poll found %d old tickets", n)
	}
	first := b.ticket(b.remote.read())
	b.remote.add(time.Second)
	second := b.ticket(b.remote.read())
	if n := b.polls(b.client); n != 2 {
		t.Errorf("found %d", n)
	}
	b.call("halo.update_ticket", map[string]any{"ticket_id": first, "summary": "changed"})
	b.call("halo.delete_ticket", map[string]any{"ticket_id": second})
	if n := b.polls(b.client); n != 0 {
		t.Errorf("found %d again", n)
	}
	b.again()
	third := b.ticket(b.remote.read().Add(-9 * time.Minute)) // late, but not too late
	b.ticket(b.remote.read().Add(-11 * time.Minute))         // too late
	if n := b.polls(b.client); n != 1 {
		t.Errorf("found %d late ones", n)
	}
	if got := b.events(b.client); !maps.Equal(got, map[int64]int{first: 1, second: 1, third: 1}) {
		t.Error(got)
	}
}

func TestFirstPollTakesAllWhenAsked(t *testing.T) {
	b := setup(t, newTicket+"    first: all\n    limit: 10000\n")
	list := b.call("halo.list_tickets", map[string]any{"client_id": b.clientID}).([]any)
	if n := b.polls(b.client); n != len(list) || n == 0 {
		t.Errorf("found %d of %d", n, len(list))
	}
	if n := b.polls(b.client); n != 0 {
		t.Errorf("found %d again", n)
	}
}

// The MSP's own instance gives the MSP everything; lent, it gives each organisation its own, and nothing to one
// that is not mapped.
func TestTenantsDoNotMix(t *testing.T) {
	b := setup(t, newTicket)
	others := b.halo.Clients()[2].ID
	b.polls(b.client)
	b.polls(b.msp)
	own, other := b.ticket(b.remote.read()), b.ticketOf(others, b.remote.read())
	b.polls(b.client)
	b.polls(b.msp)
	if got := b.events(b.client); !maps.Equal(got, map[int64]int{own: 1}) {
		t.Error("the client's:", got)
	}
	if got := b.events(b.msp); !maps.Equal(got, map[int64]int{own: 1, other: 1}) {
		t.Error("the MSP's:", got)
	}
	if r := b.poll(b.unmapped); !r.Left || r.Err == nil || r.Err.Code != fault.NotInstalled || len(b.events(b.unmapped)) > 0 {
		t.Errorf("not mapped: %+v", r)
	}
	facts, err := poll.Detail{Store: b.store, Poller: b.poller}.Of(ctx, key, b.unmapped.ID)
	if err != nil || facts["status"] != "left_out" {
		t.Error(facts, err)
	}
}

// What is lent and not narrowed down to the organisation is refused.
func TestALentInstanceMustBeNarrowed(t *testing.T) {
	b := setup(t, "    action: halo.list_tickets\n    with: {startdate: \"${{ cursor }}\", order: dateoccurred}\n    cursor: dateoccurred\n    every: 1m\n")
	if r := b.poll(b.client); !r.Left || r.Err == nil || r.Err.Code != fault.Tenant {
		t.Errorf("%+v", r)
	}
	if r := b.poll(b.msp); r.Err != nil {
		t.Error(r.Err)
	}
}

func TestUpdates(t *testing.T) {
	b := setup(t, "    poll: halo.updated_ticket\n")
	b.polls(b.client)
	b.remote.add(time.Minute)
	made := b.ticket(b.remote.read())
	if n := b.polls(b.client); n != 1 {
		t.Fatalf("new: found %d", n)
	}
	for range 3 {
		b.remote.add(10 * time.Second)
		b.call("halo.update_ticket", map[string]any{"ticket_id": made, "summary": b.remote.read().String()})
	}
	if n := b.polls(b.client); n != 1 {
		t.Errorf("updated three times: found %d", n)
	}
	if n := b.polls(b.client); n != 0 {
		t.Errorf("not updated: found %d", n)
	}
	b.again()
	b.remote.add(time.Hour)
	b.call("halo.update_ticket", map[string]any{"ticket_id": made, "summary": "later"})
	b.polls(b.client)
	if got := b.events(b.client); got[made] != 3 {
		t.Error(got)
	}
}

func TestClosedAndClosedAgain(t *testing.T) {
	b := setup(t, "    poll: halo.closed_ticket\n")
	made := b.ticket(b.remote.read())
	b.polls(b.client)
	for range 2 {
		b.remote.add(time.Hour)
		b.call("halo.close_ticket", map[string]any{"ticket_id": made, "skip_validation": true})
		if n := b.polls(b.client); n != 1 {
			t.Errorf("found %d", n)
		}
		b.call("halo.update_ticket", map[string]any{"ticket_id": made, "status_id": int64(1)})
		if n := b.polls(b.client); n != 0 {
			t.Errorf("opened: found %d", n)
		}
	}
}

// More tickets than one poll takes, many of them at the same moment, come with the next ones.
func TestBacklog(t *testing.T) {
	b := setup(t, newTicket+"    limit: 40\n")
	b.polls(b.client)
	var all []int64
	for range 2 {
		b.remote.add(time.Minute)
		all = append(all, b.tickets(b.clientID, slices.Repeat([]time.Time{b.remote.read()}, 130)...)...) // more than a page
	}
	polls := 0
	for more := true; more; polls++ {
		r := b.poll(b.client)
		if r.Err != nil || r.Found > 40 {
			t.Fatal(r)
		}
		more = r.More
		if polls == 3 {
			b.again()
		}
	}
	got := b.events(b.client)
	if polls != 7 || len(got) != len(all) || slices.Max(slices.Collect(maps.Values(got))) != 1 {
		t.Errorf("%d polls, %d of %d tickets", polls, len(got), len(all))
	}
}

// A ticket dated into the future is found, and does not hide those that come until then.
func TestFutureDates(t *testing.T) {
	b := setup(t, newTicket)
	b.polls(b.client)
	ahead := b.ticket(b.remote.read().Add(30 * 24 * time.Hour))
	b.polls(b.client)
	now := b.ticket(b.remote.read())
	b.polls(b.client)
	b.polls(b.client)
	if got := b.events(b.client); !maps.Equal(got, map[int64]int{ahead: 1, now: 1}) {
		t.Error(got)
	}
}

// Halo's clock counts, whatever ours says.
func TestClocksThatDiffer(t *testing.T) {
	for _, apart := range []time.Duration{-26 * time.Hour, -time.Hour, time.Hour, 26 * time.Hour} {
		t.Run(apart.String(), func(t *testing.T) {
			b := setup(t, newTicket)
			b.now.add(apart)
			b.polls(b.client)
			want := map[int64]int{}
			for range 3 {
				b.remote.add(20 * time.Minute)
				b.now.add(20 * time.Minute)
				want[b.ticket(b.remote.read())] = 1
				b.polls(b.client)
				b.polls(b.client)
			}
			if got := b.events(b.client); !maps.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}

// Another mapping is another place to ask: what is there counts as old.
func TestMappedAnew(t *testing.T) {
	b := setup(t, newTicket)
	b.polls(b.client)
	others := b.halo.Clients()[2].ID
	b.ticketOf(others, b.remote.read())
	if err := b.orgs.SetMapping(ctx, b.client.ID, "halo", b.instance.ID, text(others), "Other"); err != nil {
		t.Fatal(err)
	}
	b.polls(b.client)
	next := b.ticketOf(others, b.remote.read())
	b.polls(b.client)
	if got := b.events(b.client); !maps.Equal(got, map[int64]int{next: 1}) {
		t.Error(got)
	}
}
