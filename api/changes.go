package api

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"gantry/access"
	"gantry/fault"
)

// Changes are the kinds of things that have changed since the message before.
type Changes struct {
	Kinds []string `json:"kinds" doc:"runs, asks, triggers, workflows, organisations, integrations, mappings, variables, users: those of which something has changed. None in the first message"`
}

// FollowChanges tells of changes, so that lists can be read again when they have changed.
var FollowChanges = Stream[struct{}, Changes]{ID: "follow-changes", Path: "/changes", Tag: tagServer, Summary: "Be told of what changes, by kinds",
	Description: "The first message is sent at once and has no kinds: whatever changes from then on is told. Changes are gathered for a quarter of a second, and each kind is told once. " +
		"Only kinds that the caller may see are told, where it can be said only when something of their organisations has changed. A caller whose own roles have changed is told users. After a break in the connection everything may have changed.",
	Policy: Policy{Where: SignedIn}}

// mostFollowed bounds the streams of changes that one caller has open.
const mostFollowed = 50

func (a *API) followChanges(ctx context.Context, _ *struct{}, _ int) (iter.Seq2[Sent[Changes], error], error) {
	feed := a.house.Feed
	if feed == nil {
		return nil, fault.New(fault.Conflict, "changes can be followed of a server only, and none is running").WithHint("`gantry serve` starts one")
	}
	q := requestOf(ctx)
	leave, err := a.followed.enter(q.caller)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, leave) // it ends with the request, also where nothing is ever read
	return func(yield func(Sent[Changes], error) bool) {
		l, leave := feed.listen()
		defer leave()
		who := &onlooker{api: a, caller: q.caller, looked: time.Now()}
		news := []string{}
		for first := true; ; first = false {
			if (first || len(news) > 0) && !yield(Sent[Changes]{Data: Changes{news}}, nil) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-l.wake:
			}
			var err error
			if news, err = who.sees(ctx, l.take()); err != nil {
				yield(Sent[Changes]{}, err)
				return
			}
		}
	}, nil
}

// onlooker is who reads of changes.
type onlooker struct {
	api    *API
	caller *access.Caller
	looked time.Time // when the caller was last looked at
}

// look looks at the caller again, now and then, and whenever somebody's rights may have changed: who is kept out reads no
// more at once. It tells whether theirs have.
func (o *onlooker) look(ctx context.Context, news map[string]kindSet) (changed bool, err error) {
	rights := false
	for _, set := range news {
		rights = rights || set&kindNamed("users") != 0
	}
	if o.api.house.Access == nil || !rights && time.Since(o.looked) < checkEvery {
		return false, nil
	}
	caller, err := o.api.house.Access().Refresh(ctx, o.caller)
	if err != nil {
		return false, err
	}
	changed = !slices.Equal(caller.Grants(), o.caller.Grants())
	o.caller, o.looked = caller, time.Now()
	return changed, nil
}

// sees gives the kinds among the news that concern the onlooker, as their rights are by now.
func (o *onlooker) sees(ctx context.Context, news map[string]kindSet) ([]string, error) {
	changed, err := o.look(ctx, news)
	if err != nil {
		return nil, err
	}
	var told []string
	if changed {
		told = append(told, "users")
	}
	for i, k := range kinds {
		tops, everywhere := o.caller.Reach(k.role, k.scope)
		if !everywhere && len(tops) == 0 || slices.Contains(told, k.name) {
			continue
		}
		reach := Reach{everywhere: everywhere, tops: tops, tree: o.api.house.Orgs()}
		for organisation, set := range news {
			if set&(1<<i) == 0 {
				continue
			}
			concerned, err := reach.concerned(ctx, organisation, k.below)
			if err != nil {
				return nil, err
			}
			if concerned {
				told = append(told, k.name)
				break
			}
		}
	}
	return told, nil
}

// concerned tells whether a change of an organisation, "" any, may be seen from the reach; below: it may be seen of those
// below the organisation, too.
func (r Reach) concerned(ctx context.Context, organisation string, below bool) (bool, error) {
	every, err := r.Everywhere(ctx)
	if err != nil || every || organisation == "" {
		return err == nil, err
	}
	has, err := r.Has(ctx, organisation)
	if err != nil && fault.From(err).Code == fault.Missing { // it is gone
		return false, nil
	}
	if err != nil || has || !below {
		return has, err
	}
	for _, top := range r.tops {
		path, err := r.tree.Chain(ctx, top)
		if err != nil && fault.From(err).Code != fault.Missing {
			return false, err
		}
		if slices.Contains(path, organisation) {
			return true, nil
		}
	}
	return false, nil
}

// followers counts the streams of each caller.
type followers struct {
	mu   sync.Mutex
	open map[string]int
}

func (f *followers) enter(c *access.Caller) (leave func(), err error) {
	who := string(c.Kind) + " " + c.UserID + " " + c.Login
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[string]int{}
	}
	if f.open[who] >= mostFollowed {
		return nil, fault.New(fault.RateLimited, "%s follows changes in %d places already", c.Name, mostFollowed).WithHint("close some of them")
	}
	f.open[who]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.open[who]--; f.open[who] == 0 {
			delete(f.open, who)
		}
	}, nil
}
