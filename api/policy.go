package api

import (
	"context"
	"slices"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
)

// Where says over which organisation a caller needs the role of a policy.
type Where int

const (
	// Nowhere is the zero value: nobody may call the operation.
	Nowhere Where = iota
	// AtOrganisation: over the organisation that {org} in the path names by its slug.
	AtOrganisation
	// OfRun: over the organisation of the run that {run} in the path names.
	OfRun
	// Filtered: over any; the handler gives only what ReachFrom lets it.
	Filtered
	// Anywhere: over any; what the answer has is nobody's in particular.
	Anywhere
	// AtRoot: over the MSP, and so over everybody.
	AtRoot
	// ByHandler: over an organisation that the request tells otherwise; the handler calls Require.
	ByHandler
	// SelfOnly: none; the operation concerns nobody but the caller, who is signed in.
	SelfOnly
	// SignedIn: none; whoever is signed in may know it.
	SignedIn
	// LocalOnly: only callers on this machine, who could open the data directory as well.
	LocalOnly
	// Public: whoever asks, signed in or not.
	Public
)

var whereNames = []string{"nowhere", "organisation", "run", "filtered", "anywhere", "root", "handler", "self", "signed_in", "local", "public"}

// String gives the name that the OpenAPI document has.
func (w Where) String() string {
	if w < 0 || int(w) >= len(whereNames) {
		return whereNames[Nowhere]
	}
	return whereNames[w]
}

// TheMSP stands for the MSP's slug in a path.
const TheMSP = "_"

// Policy says who may call an operation. The zero value: nobody.
type Policy struct {
	Role  access.Role
	Scope access.Scope
	Where Where
}

func (p Policy) document() map[string]any {
	doc := map[string]any{"where": p.Where.String()}
	if p.Role != 0 {
		doc["role"], doc["scope"] = p.Role.String(), string(p.Scope)
	}
	return doc
}

// admit refuses a request that the policy does not allow, and keeps in it what its handler may ask for.
func (q *request) admit(ctx context.Context, p Policy) error {
	if p.Where == Public {
		return nil
	}
	if q.caller == nil || q.caller.Kind == access.ByNone {
		return signedOut()
	}
	switch p.Where {
	case SelfOnly, SignedIn:
		return nil
	case LocalOnly:
		if q.caller.Kind != access.ByLocal {
			return fault.New(fault.Denied, "this can only be done on the machine that Gantry runs on").WithHint("call gantry there, with the same data folder")
		}
		return nil
	case Filtered, ByHandler, Anywhere:
		if !q.caller.MayAnywhere(p.Role, p.Scope) {
			return denied(q.caller, p.Role, p.Scope, "")
		}
		return nil
	case AtRoot:
		root, err := q.api.house.Orgs().Root(ctx)
		if err != nil {
			return err
		}
		if !q.caller.May(p.Role, p.Scope, []string{root.ID}) {
			return denied(q.caller, p.Role, p.Scope, "the MSP")
		}
		q.organisation = &root
		return nil
	case AtOrganisation:
		return q.atOrganisation(ctx, p)
	case OfRun:
		return q.ofRun(ctx, p)
	}
	return fault.New(fault.Denied, "nobody may call this")
}

func (q *request) atOrganisation(ctx context.Context, p Policy) error {
	org, err := q.organisationBySlug(ctx, q.vars["org"])
	if err != nil {
		return err
	}
	if err := q.check(ctx, p.Role, p.Scope, org, noOrganisation(q.vars["org"])); err != nil {
		return err
	}
	q.organisation = &org
	return nil
}

// organisationBySlug finds an organisation. Who does not see all of them is not told what slugs there are.
func (q *request) organisationBySlug(ctx context.Context, slug string) (orgs.Organisation, error) {
	if slug == TheMSP {
		return q.api.house.Orgs().Root(ctx)
	}
	org, err := q.api.house.Orgs().BySlug(ctx, slug)
	if err != nil && fault.From(err).Code == fault.Missing && !q.seesAll(ctx) {
		return org, noOrganisation(slug)
	}
	return org, err
}

func (q *request) ofRun(ctx context.Context, p Policy) error {
	h := q.api.house.History()
	part := q.vars["run"]
	id, err := h.Find(ctx, part)
	if err != nil {
		if fault.From(err).Code == fault.Missing && !q.seesAll(ctx) { // ids of several runs are not for everybody
			return noRun(part)
		}
		return err
	}
	run, err := h.Get(ctx, id)
	if err != nil {
		return err
	}
	org, err := q.api.house.Orgs().ByID(ctx, run.OrganisationID)
	if err != nil { // removed or purged since: its id is all that is needed
		org = orgs.Organisation{ID: run.OrganisationID, Slug: run.Organisation}
	}
	if err := q.check(ctx, p.Role, p.Scope, org, noRun(part)); err != nil {
		return err
	}
	q.run, q.organisation = run, &org
	return nil
}

// check gives unseen where the caller may not even see the organisation, and fault.Denied where it may not do this.
func (q *request) check(ctx context.Context, role access.Role, scope access.Scope, org orgs.Organisation, unseen error) error {
	path, err := q.path(ctx, org.ID)
	if err != nil {
		return err
	}
	switch {
	case q.caller.May(role, scope, path):
		return nil
	case sees(q.caller, path):
		return denied(q.caller, role, scope, org.Name)
	}
	return unseen
}

// path gives an organisation's id and those above it. What is not in the tree any more belongs to the MSP.
func (q *request) path(ctx context.Context, id string) ([]string, error) {
	path, err := q.api.house.Orgs().Chain(ctx, id)
	if err == nil {
		return path, nil
	}
	if fault.From(err).Code != fault.Missing {
		return nil, err
	}
	root, err := q.api.house.Orgs().Root(ctx)
	return []string{id, root.ID}, err
}

func sees(c *access.Caller, path []string) bool {
	return c.Kind == access.ByLocal || slices.ContainsFunc(c.Grants(), func(g access.Grant) bool { return slices.Contains(path, g.OrganisationID) })
}

// mayAtRoot tells whether the caller has the role over the MSP, and so over everybody.
func (q *request) mayAtRoot(ctx context.Context, role access.Role, scope access.Scope) (bool, error) {
	root, err := q.api.house.Orgs().Root(ctx)
	return err == nil && q.caller.May(role, scope, []string{root.ID}), err
}

func (q *request) seesAll(ctx context.Context) bool {
	root, err := q.api.house.Orgs().Root(ctx)
	return err == nil && sees(q.caller, []string{root.ID})
}

func noOrganisation(slug string) *fault.Error {
	return fault.New(fault.Missing, "There is no organisation %q.", slug).WithHint("`gantry orgs list` shows those there are")
}

func noRun(part string) *fault.Error {
	return fault.New(fault.Missing, "there is no run %s", part).WithHint("`gantry runs list` shows the ids")
}

func signedOut() *fault.Error {
	return fault.New(fault.SignedOut, "nobody is signed in").WithHint("sign in, or send a token: Authorization: Bearer …")
}

// denied says what is missing.
func denied(c *access.Caller, role access.Role, scope access.Scope, over string) *fault.Error {
	if least, known := access.LeastRole(scope); known {
		role = max(role, least)
	}
	f := fault.New(fault.Denied, "this needs the role %s", role)
	if over != "" {
		f = fault.New(fault.Denied, "this needs the role %s over %s", role, over)
	}
	if c.Kind == access.ByToken && !slices.Contains(c.Scopes(), scope) && !slices.Contains(c.Scopes(), access.AllScopes) {
		return fault.New(fault.Denied, "this token has not got the scope %s", scope).WithHint("make a token with that scope")
	}
	return f.WithHint("an administrator can grant it")
}
