package halo

import (
	"maps"
	"strconv"
)

// Statistics counts requests since the start or the last reset. Those of the simulator's own controls are not counted.
type Statistics struct {
	Requests     int            `json:"requests"`
	Statuses     map[string]int `json:"statuses"`  // "none" where the connection was cut
	Resources    map[string]int `json:"resources"` // the first words of the path: auth/token, api/tickets
	Applications map[string]int `json:"applications"`
	Faults       map[string]int `json:"faults"`
	Left         map[string]int `json:"requests_left"` // by client id: until the rate limit, now; -1 without a limit
	Deliveries   int            `json:"deliveries"`    // of webhooks, in the log
	Waiting      int            `json:"waiting"`       // deliveries that are under way
}

// counts are the statistics of the request log.
type counts struct {
	total                                 int
	status, resource, application, faults map[string]int
}

func newCounts() counts {
	return counts{status: map[string]int{}, resource: map[string]int{}, application: map[string]int{}, faults: map[string]int{}}
}

func (c *counts) add(entry RequestLog) {
	c.total++
	status := "none"
	if entry.Status != 0 {
		status = strconv.Itoa(entry.Status)
	}
	c.status[status]++
	if entry.resource != "" {
		c.resource[entry.resource]++
	}
	if entry.Application != "" {
		c.application[entry.Application]++
	}
	if entry.Fault != "" {
		c.faults[entry.Fault]++
	}
}

// Statistics tells what has been asked of the simulator.
func (s *Server) Statistics() Statistics {
	s.log.mu.Lock()
	c := s.log.counts
	out := Statistics{
		Requests: c.total, Statuses: maps.Clone(c.status), Resources: maps.Clone(c.resource), Applications: maps.Clone(c.application),
		Faults: maps.Clone(c.faults), Left: map[string]int{},
	}
	s.log.mu.Unlock()
	apps, _ := s.directory.list()
	for _, app := range apps {
		out.Left[app.ClientID] = s.limiter.left(app.ClientID, s.options.Now())
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out.Deliveries, out.Waiting = len(s.data.table("WebhookEvent").rows), s.hooks.count()
	return out
}
