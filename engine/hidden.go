package engine

import (
	"context"
	"sync"

	"gantry/actions"
	"gantry/orgs"
)

// hidden are the secrets that no result of a run may show: those that the run has opened, and those of its
// organisations, which an earlier run may have sent to where this one reads.
type hidden struct {
	mu       sync.Mutex
	redactor actions.Redactor
	added    map[string]bool // organisations whose secrets are known
	links    bool            // the addresses of the run's waits are known
}

// least is the length from which a secret is looked for although the run has not opened it. A shorter one
// would take parts out of what has nothing to do with it.
const least = 8

// of gives what hides the secrets of the organisations, and all that the run has opened.
func (h *hidden) of(ctx context.Context, o *orgs.Service, organisations ...orgs.Organisation) (*actions.Redactor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, org := range organisations {
		if h.added[org.ID] {
			continue
		}
		values, err := o.SecretValues(ctx, org.ID)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if len(v) >= least {
				h.redactor.Add(v)
			}
		}
		if h.added == nil {
			h.added = map[string]bool{}
		}
		h.added[org.ID] = true
	}
	return &h.redactor, nil
}
