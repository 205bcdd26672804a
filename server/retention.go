package server

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/project"
	"gantry/source"
)

const (
	tidyEvery = time.Hour
	// keptFree is how much free room the database keeps for what is written next.
	keptFree = 16 << 20
)

// Rules gives what the settings say of the history of each organisation: its own, else that of the nearest above it, else
// that for all. It gives fault.Conflict where the settings name an organisation that is not there: whose runs they mean to
// keep nobody knows, and what is removed does not come back.
func Rules(ctx context.Context, o *orgs.Service, said project.History) (func(organisation string) history.Rule, error) {
	all, err := o.List(ctx)
	if err != nil {
		return nil, err
	}
	slugs := make(map[string]string, len(all))
	for _, org := range all {
		slugs[org.ID] = org.Slug
	}
	there := slices.Sorted(maps.Values(slugs))
	if unknown := said.Unknown(there); len(unknown) > 0 {
		return nil, fault.New(fault.Conflict, "gantry.yaml names %s under history.organisations, and there is no such organisation", strings.Join(unknown, ", ")).
			WithHint("%s", cmp.Or(source.DidYouMean(unknown[0], there), "`gantry orgs list` shows those there are"))
	}
	return func(id string) history.Rule {
		keep := said.Keep
		chain, err := o.Chain(ctx, id)
		if err != nil && fault.From(err).Code != fault.Missing {
			return history.Rule{} // whose rule holds cannot be told: all is kept
		} // else it was removed: what holds for all holds for it
		for _, above := range chain { // itself first
			if own, ok := said.Organisations[slugs[above]]; ok {
				keep = own
				break
			}
		}
		return history.Rule{For: keep.For, Runs: keep.Runs}
	}, nil
}

// tidy adds up figures, removes old runs, gives room back to the disk, and keeps the database's plans fit, now and then.
func (s *Server) tidy(ctx context.Context) {
	for tick := time.NewTicker(tidyEvery); ; {
		if err := s.tidyOnce(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("the history could not be tidied", "error", fault.From(err).Message)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

func (s *Server) tidyOnce(ctx context.Context) error {
	if err := s.data.History.SumUp(ctx, s.o.Now()); err != nil {
		return err
	}
	if s.o.Settings.History.Set() {
		if err := s.retain(ctx); err != nil {
			return err
		}
	}
	freed, err := s.data.Store.GiveBack(ctx, keptFree)
	if err != nil {
		return err
	}
	if freed > 0 {
		s.o.Log.Info("room was given back to the disk", "bytes", freed)
	}
	return s.data.Store.Optimise(ctx)
}

// retain removes old runs, or says why none are.
func (s *Server) retain(ctx context.Context) error {
	rules, err := Rules(ctx, s.data.Orgs, s.o.Settings.History)
	if f := fault.From(err); err != nil && f.Code == fault.Conflict {
		s.o.Log.Warn("no old runs are removed from the history, until this is mended: "+f.Message, "hint", f.Hint)
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.data.History.Prune(ctx, history.Retention{Rule: rules, Now: s.o.Now(), Removed: s.tellRemoved})
	return err
}

func (s *Server) tellRemoved(r history.Removed) {
	s.o.Log.Info("old runs were removed from the history", "organisation", r.Organisation, "runs", r.Runs, "runs_they_led_to", r.Children,
		"oldest", r.Oldest.Format(time.RFC3339), "newest", r.Newest.Format(time.RFC3339))
}
