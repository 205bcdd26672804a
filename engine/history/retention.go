package history

import (
	"context"
	"slices"
	"time"

	"gantry/store"
)

// Rule says which ended runs are kept. Zero values keep all.
type Rule struct {
	For  time.Duration // those created within this time
	Runs int           // and no more than these, the newest, of an organisation; those they led to do not count
}

// Retention says what is removed.
type Retention struct {
	Rule func(organisation string) Rule // by its id
	Now  time.Time
	Plan bool // only count
	// Removed is told after each part; nil: nobody asks.
	Removed func(Removed)
}

// Removed is what was removed of one organisation, or would be.
type Removed struct {
	Organisation string // id
	Runs         int    // that nothing but a trigger or a person started
	Children     int    // runs that they led to
	Oldest       time.Time
	Newest       time.Time
}

// Prune removes old runs with all that they led to, until none is left that its rule does not keep. What has not ended,
// or led to what has not, stays; so do workflow versions. Each part is its own short transaction, so that it may be cut off at
// any moment, and nobody who writes waits for long. It gives what was removed by organisation.
func (h *History) Prune(ctx context.Context, r Retention) ([]Removed, error) {
	if !r.Plan {
		if err := h.removeLeftovers(ctx); err != nil {
			return nil, err
		}
	}
	known, err := h.knownGroups(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string][]int64{}
	var order []string
	for _, g := range known.all {
		if g.Child {
			continue
		}
		if by[g.Organisation] == nil {
			order = append(order, g.Organisation)
		}
		by[g.Organisation] = append(by[g.Organisation], g.ID)
	}
	var total []Removed
	for _, organisation := range order {
		p := &pruning{History: h, Retention: r, removed: Removed{Organisation: organisation}, groups: by[organisation]}
		err := p.run(ctx, r.Rule(organisation))
		if p.removed.Runs > 0 {
			total = append(total, p.removed)
			if r.Removed != nil {
				r.Removed(p.removed)
			}
		}
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// pruning is Prune for one organisation.
type pruning struct {
	*History
	Retention
	removed Removed
	groups  []int64
	from    map[int64]place // by group: how far it was looked at
}

func (p *pruning) run(ctx context.Context, rule Rule) error {
	excess := 0
	if rule.Runs > 0 {
		var count int
		err := p.db.Read().GetContext(ctx, &count, `SELECT coalesce(sum((SELECT count(*) FROM runs INDEXED BY runs_by_group WHERE run_group = k.value)), 0) FROM json_each(?) k`, jsonText(p.groups))
		if err != nil {
			return readFault(err)
		}
		excess = count - rule.Runs
	}
	until := int64(-1 << 62)
	if rule.For > 0 {
		until = p.Now.Add(-rule.For).UnixNano()
	}
	for {
		oldest, err := p.oldest(ctx, until, excess > 0)
		if err != nil || len(oldest) == 0 {
			return err
		}
		for len(oldest) > 0 {
			if !whenever(excess) && oldest[0].At >= until {
				return nil
			}
			due := p.due(oldest, until, excess)
			done, err := p.removeSome(ctx, due)
			if err != nil {
				return err
			}
			oldest, excess = oldest[done:], excess-done
		}
	}
}

func whenever(excess int) bool { return excess > 0 }

// due gives the first of the oldest that are to go.
func (p *pruning) due(oldest []place, until int64, excess int) []place {
	n := 0
	for n < len(oldest) && (oldest[n].At < until || n < excess) {
		n++
	}
	return oldest[:n]
}

// prunedAtOnce is how many runs of a group are looked at together.
const prunedAtOnce = 200

const selectOldest = `SELECT id, created_at, run_group FROM runs INDEXED BY runs_by_group
	WHERE run_group = ?1 AND (created_at, id) > (?2, ?3) AND (?4 OR created_at < ?5) ORDER BY created_at, id LIMIT ?6`

// oldest gives the oldest runs of the organisation that have not been looked at; created before until, or whenever.
func (p *pruning) oldest(ctx context.Context, until int64, whenever bool) ([]place, error) {
	if p.from == nil {
		p.from = map[int64]place{}
	}
	var all []place
	for _, id := range p.groups {
		from, begun := p.from[id]
		if !begun {
			from = place{At: -1 << 62}
		}
		var some []place
		if err := p.db.Read().SelectContext(ctx, &some, selectOldest, id, from.At, from.ID, whenever, until, prunedAtOnce); err != nil {
			return nil, readFault(err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b place) int { return newestFirst(b, a) })
	all = all[:min(len(all), prunedAtOnce)]
	for _, one := range all {
		p.from[one.Group] = one
	}
	return all, nil
}

// family is a run and all that it led to, those that others led to first.
const selectFamily = `WITH RECURSIVE family(id, depth) AS (SELECT ?1, 0 UNION ALL
	SELECT r.id, f.depth + 1 FROM family f JOIN runs r INDEXED BY runs_by_parent ON r.parent = f.id AND r.parent <> '' WHERE f.depth < 1000)
	SELECT f.id, r.finished_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM untold_ends u WHERE u.run = f.id) AS ended FROM family f JOIN runs r ON r.id = f.id ORDER BY f.depth DESC`

type relative struct {
	ID    string `db:"id"`
	Ended bool   `db:"ended"`
}

// removeSome removes the first of some runs with all that they led to, as many as there is time for, and gives how many
// these were. One of which something has not ended is passed over.
func (p *pruning) removeSome(ctx context.Context, roots []place) (done int, err error) {
	if p.Plan {
		for _, root := range roots {
			var family []relative
			if err := p.db.Read().SelectContext(ctx, &family, selectFamily, root.ID); err != nil {
				return 0, readFault(err)
			}
			p.count(root, family)
		}
		return len(roots), nil
	}
	var families [][]relative
	err = p.db.Write(ctx, func(tx *store.Tx) error {
		families = families[:0]
		for began := time.Now(); len(families) < len(roots) && (len(families) == 0 || time.Since(began) < mostHeld); {
			var family []relative
			if err := tx.Select(&family, selectFamily, roots[len(families)].ID); err != nil {
				return err
			}
			if ended(family) {
				if err := removeFamily(tx, family); err != nil {
					return err
				}
			}
			families = append(families, family)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for i, family := range families {
		p.count(roots[i], family)
	}
	return len(families), p.removeLeftovers(ctx)
}

func ended(family []relative) bool {
	return !slices.ContainsFunc(family, func(r relative) bool { return !r.Ended })
}

// smallFamily is how many runs are removed at once. Of a larger family all are noted for removal at once, so that nothing
// of it can be taken up again, and they go one by one.
const smallFamily = 20

func removeFamily(tx *store.Tx, family []relative) error {
	for i, one := range family {
		var err error
		if last := i == len(family)-1; i < smallFamily || last { // the last is the one that led to all others
			err = removeRun(tx, one.ID)
		} else {
			_, err = tx.Exec(noteRemoved, one.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const nextRemoved = `SELECT run FROM removed_runs LIMIT 1`

const noteRemoved = `INSERT INTO removed_runs (run) VALUES (?) ON CONFLICT DO NOTHING`

// count notes what was removed, unless something of it has not ended.
func (p *pruning) count(root place, family []relative) {
	if len(family) == 0 || !ended(family) {
		return
	}
	at := timeOf(root.At)
	p.removed.Runs, p.removed.Children = p.removed.Runs+1, p.removed.Children+len(family)-1
	if p.removed.Runs == 1 || at.Before(p.removed.Oldest) {
		p.removed.Oldest = at
	}
	if p.removed.Runs == 1 || at.After(p.removed.Newest) {
		p.removed.Newest = at
	}
}
