package halo

import (
	"math/rand/v2"
	"time"
)

// Ids that the seeded data gives a meaning.
const (
	ownClientID   = 1 // the MSP itself
	apiAgentID    = 3 // the agent that applications log in as
	outcomeOpened = 1
)

// Usage numbers say which entity a custom field belongs to.
const (
	usageTicket   = 1
	usageClient   = 2
	usageSite     = 3
	usageUser     = 4
	usageAsset    = 5
	usageContract = 6
	usageItem     = 7
	usageSupplier = 8
	usageInvoice  = 9
	usageAction   = 10
)

// seeder invents the data of Acme MSP, the same for the same seed and time.
type seeder struct {
	*state
	rand  *rand.Rand
	today time.Time // the hour in which the simulator starts
}

// seeded makes a Halo with the data of Acme MSP.
func seeded(now func() time.Time, seed int64) *state {
	st := newState(now, seed)
	s := &seeder{state: st, rand: rand.New(rand.NewPCG(uint64(seed), 0x68616c6f)), today: now().UTC().Truncate(time.Hour)}
	s.configuration()
	s.agents()
	s.clients()
	s.business()
	s.tickets()
	s.appointments()
	s.reports()
	s.fields()
	s.timesheets()
	s.approvals()
	s.recurring()
	s.attachments()
	return st
}

// add makes a row of a resource with its defaults.
func (s *seeder) add(resourceName string, r record) record {
	res := s.resource(resourceName)
	r.fill(res.defaults)
	return s.insert(res, r)
}

func pick[T any](s *seeder, list []T) T { return list[s.rand.IntN(len(list))] }
