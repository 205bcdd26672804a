package webhook

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gantry/source"
	"gantry/store"
	"gantry/triggers"
)

// kind is what a request was refused for. There are few, so that a flood of bad requests keeps few rows.
type kind string

// The kinds.
const (
	kindUnauthorised kind = "unauthorised" // not verified
	kindMethod       kind = "method"       // a method that the trigger does not take
	kindUnsupported  kind = "unsupported"  // a content type, encoding or file that is not taken
	kindUnreadable   kind = "unreadable"   // a body that is not what its content type says
	kindTooLarge     kind = "too_large"
	kindSlow         kind = "slow"
	kindFull         kind = "full"     // no room
	kindResponse     kind = "response" // accepted, but the trigger's response could not be made
)

// refusalWrite is how often the refusals of one address are written at most.
const refusalWrite = 10 * time.Second

// refusalKeep is how long refusals are remembered after the last one of their kind.
const refusalKeep = 90 * 24 * time.Hour

// dropRefusals forgets old ones, such as those of triggers that have gone.
func dropRefusals(ctx context.Context, s *store.Store, now time.Time) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM webhook_refusals WHERE last_at < ?", now.Add(-refusalKeep).UnixMicro())
		return err
	})
}

// maxWhy is the longest reason that is kept, in bytes.
const maxWhy = 500

// Refusal tells how often requests were refused for one kind of reason, and the last one's.
type Refusal struct {
	Kind   string    `json:"kind"` // unauthorised, method, unsupported, unreadable, too_large, slow, full, response
	Why    string    `json:"why"`
	Count  int64     `json:"count"`
	LastAt time.Time `json:"last_at"`
}

// refusals counts in memory and writes now and then.
type refusals struct {
	hooks *Hooks
	mu    sync.Mutex
	since map[address]*refused
	going int // writes that are on their way
}

// refused is what is not written yet of one address.
type refused struct {
	kinds   map[kind]*Refusal
	written time.Time
}

func (r *refusals) add(a address, k kind, why string) {
	if why = source.OneLine(why); len(why) > maxWhy {
		why = strings.ToValidUTF8(why[:maxWhy], "")
	}
	now := r.hooks.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.since == nil {
		r.since = map[address]*refused{}
	}
	of := r.since[a]
	if of == nil {
		of = &refused{kinds: map[kind]*Refusal{}}
		r.since[a] = of
	}
	one := of.kinds[k]
	if one == nil {
		one = &Refusal{Kind: string(k)}
		of.kinds[k] = one
	}
	one.Count, one.Why, one.LastAt = one.Count+1, why, now
	if gone := now.Sub(of.written); gone >= refusalWrite || gone < 0 {
		of.written = now
		r.going++
		r.submit(a, r.takeOf(of))
	}
}

// takeOf takes what is to be written; called with mu held.
func (r *refusals) takeOf(of *refused) []Refusal {
	var list []Refusal
	for _, one := range of.kinds {
		list = append(list, *one)
	}
	of.kinds = map[kind]*Refusal{}
	return list
}

func (r *refusals) submit(a address, list []Refusal) {
	r.hooks.Store.Submit(func(tx *store.Tx) error { return writeRefusals(tx, a, list) }, func(err error) {
		r.mu.Lock()
		r.going--
		r.mu.Unlock()
		if err != nil {
			r.hooks.Log.Warn("refused requests could not be counted", "workflow", a.Workflow, "trigger", a.Trigger, "error", err)
		}
	})
}

func writeRefusals(tx *store.Tx, a address, list []Refusal) error {
	for _, one := range list {
		_, err := tx.Exec(`INSERT INTO webhook_refusals (workflow, trigger_name, organisation_id, kind, why, count, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (workflow, trigger_name, organisation_id, kind)
			DO UPDATE SET why = excluded.why, count = count + excluded.count, last_at = excluded.last_at`,
			a.Workflow, a.Trigger, a.OrganisationID, one.Kind, one.Why, one.Count, one.LastAt.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

// flush returns when all is written.
func (r *refusals) flush(ctx context.Context) error {
	r.mu.Lock()
	all := map[address][]Refusal{}
	for a, of := range r.since {
		if list := r.takeOf(of); list != nil {
			all[a] = list
		}
	}
	going := r.going
	r.mu.Unlock()
	if len(all) == 0 && going == 0 {
		return nil
	}
	return r.hooks.Store.Write(ctx, func(tx *store.Tx) error {
		for a, list := range all {
			if err := writeRefusals(tx, a, list); err != nil {
				return err
			}
		}
		return nil
	})
}

// Refusals tells what was refused at a trigger's address of an organisation, the latest first.
func (h *Hooks) Refusals(ctx context.Context, key triggers.Key, orgID string) ([]Refusal, error) {
	if err := h.refusals.flush(ctx); err != nil {
		return nil, err
	}
	var rows []struct {
		Kind   string `db:"kind"`
		Why    string `db:"why"`
		Count  int64  `db:"count"`
		LastAt int64  `db:"last_at"`
	}
	err := h.Store.Read().SelectContext(ctx, &rows, `SELECT kind, why, count, last_at FROM webhook_refusals
		WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?`, key.Workflow, key.Trigger, orgID)
	if err != nil {
		return nil, store.Fault(err)
	}
	list := make([]Refusal, len(rows))
	for i, row := range rows {
		list[i] = Refusal{row.Kind, row.Why, row.Count, time.UnixMicro(row.LastAt)}
	}
	slices.SortStableFunc(list, func(a, b Refusal) int { return b.LastAt.Compare(a.LastAt) })
	return list, nil
}
