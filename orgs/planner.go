package orgs

import (
	"context"

	"gantry/store"
)

// What a Change does, and to what.
const (
	ActionCreate  = "create"
	ActionChange  = "change"
	ActionRemove  = "remove"
	ActionRestore = "restore"

	OfOrganisation = "organisation"
	OfVariable     = "variable"
	OfSecret       = "secret"
	OfInstance     = "instance"
	OfMapping      = "mapping"
)

// Change is one thing that was done, or that would be. It never shows a secret.
type Change struct {
	Action       string `json:"action"`           // create, change, remove, restore
	Kind         string `json:"kind"`             // organisation, variable, secret, instance, mapping
	Organisation string `json:"organisation"`     // slug
	Name         string `json:"name,omitempty"`   // of the variable, or "integration: name"
	Detail       string `json:"detail,omitempty"` // what it was and becomes
}

// planner makes changes: first in memory, where each is checked against those before it, then in one
// transaction.
type planner struct {
	*state
	s     *Service
	steps []step
	// retyped are variables whose type is about to change, by organisation and name
	retyped map[[2]string]variableRow
}

type step struct {
	Change
	write func(*store.Tx) error
	undo  func()
}

func (s *Service) newPlanner(from selector, belongings bool) (*planner, error) {
	st, err := loadState(from, belongings)
	if err != nil {
		return nil, err
	}
	return &planner{state: st, s: s}, nil
}

// did notes a step; the state has it already.
func (p *planner) did(c Change, undo func(), write func(*store.Tx) error) {
	p.steps = append(p.steps, step{Change: c, write: write, undo: undo})
}

// attempt makes changes that belong together: if one fails, none of them is kept.
func (p *planner) attempt(change func() error) error {
	before := len(p.steps)
	err := change()
	if err != nil {
		for i := len(p.steps) - 1; i >= before; i-- {
			p.steps[i].undo()
		}
		p.steps = p.steps[:before]
	}
	return err
}

func (p *planner) changes() []Change {
	all := make([]Change, len(p.steps))
	for i, s := range p.steps {
		all[i] = s.Change
	}
	return all
}

func (p *planner) write(tx *store.Tx) error {
	for _, s := range p.steps {
		if err := s.write(tx); err != nil {
			return err
		}
	}
	return nil
}

// change plans against what is there and writes it, all or nothing: nobody else writes in between.
func (s *Service) change(ctx context.Context, belongings bool, plan func(*planner) error) error {
	return s.writeTree(ctx, func(tx *store.Tx) error {
		p, err := s.newPlanner(tx.Select, belongings)
		if err != nil {
			return err
		}
		if err := plan(p); err != nil {
			return err
		}
		return p.write(tx)
	})
}

// preview plans and writes nothing.
func (s *Service) preview(ctx context.Context, plan func(*planner) error) error {
	p, err := s.newPlanner(s.readers(ctx), true)
	if err != nil {
		return err
	}
	return plan(p)
}

// perform is change, or with dry preview.
func (s *Service) perform(ctx context.Context, dry bool, plan func(*planner) error) error {
	if dry {
		return s.preview(ctx, plan)
	}
	return s.change(ctx, true, plan)
}
