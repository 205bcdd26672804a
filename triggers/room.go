package triggers

import "time"

// Queue bounds what waits: events that are not decided, and runs that are queued. Zero values mean the
// defaults.
type Queue struct {
	Limit           int // altogether
	PerOrganisation int
}

// The defaults of Queue.
const (
	DefaultLimit           = 100_000
	DefaultPerOrganisation = 50_000
)

// askAgain is when to ask again whether there is room.
const askAgain = 10 * time.Second

func (q Queue) complete() Queue {
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	if q.PerOrganisation <= 0 {
		q.PerOrganisation = DefaultPerOrganisation
	}
	return q
}

// Room tells whether the queue on disk takes more events for an organisation, and if not, when to ask again.
// There is none before Start and after Close.
func (s *Service) Room(orgID string) (ok bool, retryAfter time.Duration) {
	if s.engine == nil || s.halt.Err() != nil {
		return false, askAgain
	}
	total, own := s.line.waiting(orgID)
	queued := s.engine.Queued()
	if total+queued.Total >= s.Queue.Limit || own+queued.ByOrganisation[orgID] >= s.Queue.PerOrganisation {
		return false, askAgain
	}
	return true, 0
}

// Waiting is how many events are not decided yet, altogether and of one organisation.
func (s *Service) Waiting(orgID string) (total, own int) { return s.line.waiting(orgID) }
