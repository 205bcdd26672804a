package triggers

import (
	"context"
	"strings"

	"gantry/fault"
	"gantry/store"
)

// FindEvent gives the event whose id begins or ends as people copy it. One that fits several is fault.Missing.
func (s *Service) FindEvent(ctx context.Context, part string) (Kept, error) {
	part = strings.ToLower(strings.TrimSpace(part))
	const whole, least = 36, 4
	if len(part) == whole || len(part) < least || strings.Trim(part, "0123456789abcdef-") != "" {
		return s.Event(ctx, part)
	}
	var ids []string
	err := s.Store.Read().SelectContext(ctx, &ids, `SELECT id FROM trigger_events WHERE id LIKE ? OR id LIKE ? LIMIT 2`, part+"%", "%"+part)
	switch {
	case err != nil:
		return Kept{}, store.Fault(err)
	case len(ids) > 1:
		return Kept{}, fault.New(fault.Missing, "%q begins or ends the ids of several events", part).WithHint("give more of the id")
	case len(ids) == 1:
		part = ids[0]
	}
	return s.Event(ctx, part)
}
