package api

import (
	"context"
	"slices"

	"gantry/access"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
)

// request is what is known of a request beside its input. It belongs to the request's goroutine.
type request struct {
	api          *API
	op           *Described
	vars         map[string]string
	lastEvent    string // the header Last-Event-ID
	caller       *access.Caller
	organisation *orgs.Organisation
	run          *history.Run
	record       *access.Record
	required     bool       // Require or ReachFrom was called
	code         fault.Code // of the error that it is answered with
}

type requestKey struct{}
type callerKey struct{}

// WithCaller gives a context whose requests are the caller's, without a sign-in: for connections that are known
// to be theirs, such as those over the server's socket.
func WithCaller(ctx context.Context, caller *access.Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

func requestOf(ctx context.Context) *request {
	q, _ := ctx.Value(requestKey{}).(*request)
	return q
}

// CallerOf gives who calls: nil where nobody is signed in.
func CallerOf(ctx context.Context) *access.Caller {
	if q := requestOf(ctx); q != nil {
		return q.caller
	}
	return nil
}

// organisationOf gives the organisation that the policy checked.
func organisationOf(ctx context.Context) orgs.Organisation { return *requestOf(ctx).organisation }

// runOf gives the run that the policy checked.
func runOf(ctx context.Context) history.Run { return *requestOf(ctx).run }

// Require refuses a request whose caller has not the role, by the scope, over an organisation: handlers of
// operations ByHandler call it before they do anything.
func Require(ctx context.Context, role access.Role, scope access.Scope, org orgs.Organisation) error {
	q := requestOf(ctx)
	if q == nil || q.caller == nil {
		return signedOut()
	}
	q.required = true
	return q.check(ctx, role, scope, org, noOrganisation(org.Slug))
}

// requireLocal refuses callers who are not on this machine.
func requireLocal(ctx context.Context) error {
	q := requestOf(ctx)
	q.required = true
	if q.caller == nil || q.caller.Kind != access.ByLocal {
		return signedOut()
	}
	return nil
}

// requireSlug is Require for an organisation by its slug; none is the MSP.
func requireSlug(ctx context.Context, role access.Role, scope access.Scope, slug string) (orgs.Organisation, error) {
	if slug == "" {
		slug = TheMSP
	}
	q := requestOf(ctx)
	q.required = true // also where there is no such organisation
	org, err := q.organisationBySlug(ctx, slug)
	if err != nil {
		return org, err
	}
	return org, q.check(ctx, role, scope, org, noOrganisation(slug))
}

// Reach is what a caller may see by an operation's policy.
type Reach struct {
	everywhere bool
	tops       []string
	tree       *orgs.Service
}

// ReachFrom gives the caller's reach by the policy of the operation.
func ReachFrom(ctx context.Context) Reach {
	q := requestOf(ctx)
	q.required = true
	tops, everywhere := q.caller.Reach(q.op.Policy.Role, q.op.Policy.Scope)
	return Reach{everywhere: everywhere, tops: tops, tree: q.api.house.Orgs()}
}

// Everywhere tells whether the reach has every organisation.
func (r Reach) Everywhere(ctx context.Context) (bool, error) {
	if r.everywhere {
		return true, nil
	}
	root, err := r.tree.Root(ctx)
	return slices.Contains(r.tops, root.ID), err
}

// Has tells whether an organisation is in reach.
func (r Reach) Has(ctx context.Context, id string) (bool, error) {
	if r.everywhere {
		return true, nil
	}
	path, err := r.tree.Chain(ctx, id)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(path, func(id string) bool { return slices.Contains(r.tops, id) }), nil
}

// Among gives those of some organisations that are in reach.
func (r Reach) Among(ctx context.Context, all []orgs.Organisation) ([]orgs.Organisation, error) {
	if every, err := r.Everywhere(ctx); every || err != nil {
		return all, err
	}
	var within []orgs.Organisation
	for _, org := range all {
		has, err := r.Has(ctx, org.ID)
		if err != nil {
			return nil, err
		}
		if has {
			within = append(within, org)
		}
	}
	return within, nil
}

// proven refuses the answer of a handler that never asked what its caller may see or do.
func proven(ctx context.Context) error {
	q := requestOf(ctx)
	if w := q.op.Policy.Where; (w == ByHandler || w == Filtered) && !q.required {
		return fault.New(fault.Internal, "the operation %s did not ask whether its caller may have the answer", q.op.ID)
	}
	return nil
}
