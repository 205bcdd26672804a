package access

import (
	"context"
	"errors"
	"maps"
	"sync"

	"gantry/store"
)

// Attempt is an operation as the audit log names it. Details are short and hold no secrets.
type Attempt struct {
	Operation      string // the operation's id, such as add-user
	OrganisationID string // for whom, "" where it is for none
	Target         string // what it is done to: a user's login, a run's id …
	Details        map[string]string
}

// Record is an operation on its way into the audit log: whatever becomes of it, one entry is written. Changes that
// this room makes write it in their own transaction; End writes what is not yet written.
type Record struct {
	service *Service
	by      *Caller

	mu      sync.Mutex
	attempt Attempt
	kept    bool
}

type recordKey struct{}

// Begin notes that an operation begins. Whoever carries it out passes the context on and calls End, always: the API
// does so for every operation that is no mere read, before it answers.
func (s *Service) Begin(ctx context.Context, by *Caller, a Attempt) (context.Context, *Record) {
	r := &Record{service: s, by: by, attempt: a.copy()}
	return context.WithValue(ctx, recordKey{}, r), r
}

// RecordOf gives the record of the operation under way, so that what it is done to can be said; nil where there is none.
func RecordOf(ctx context.Context) *Record {
	r, _ := ctx.Value(recordKey{}).(*Record)
	return r
}

// Concerns says for whom and to what the operation is done, as far as that is known by now; empty leaves it as it is.
func (r *Record) Concerns(organisationID, target string) {
	r.add(Attempt{OrganisationID: organisationID, Target: target})
}

// Detail adds a short fact. It must not be secret.
func (r *Record) Detail(name, value string) { r.add(Attempt{Details: map[string]string{name: value}}) }

func (r *Record) add(a Attempt) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.OrganisationID != "" {
		r.attempt.OrganisationID = a.OrganisationID
	}
	if a.Target != "" {
		r.attempt.Target = a.Target
	}
	if r.attempt.Details == nil {
		r.attempt.Details = map[string]string{}
	}
	maps.Copy(r.attempt.Details, a.Details)
}

// End writes the operation's entry, unless it is written: done where err is nil, else refused or failed. It gives err,
// joined with what kept the entry from being written. What strangers try is not written without bound.
func (r *Record) End(ctx context.Context, err error) error {
	if r.isKept() || !r.allowed() {
		return err
	}
	wrote := r.service.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return r.insert(tx, err) })
	if wrote != nil {
		return errors.Join(err, wrote)
	}
	r.markKept()
	return err
}

// allowed tells whether the entry may be written: always, where it is known who acts.
func (r *Record) allowed() bool {
	r.mu.Lock()
	stranger := r.by == nil || r.by.Kind == "" || r.by.Kind == ByNone
	r.mu.Unlock()
	if !stranger {
		return true
	}
	ok, details := r.service.strangers.allow(r.service.now())
	r.add(Attempt{Details: details})
	return ok
}

func (r *Record) isKept() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept
}

func (r *Record) markKept() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = true
}

func (r *Record) insert(tx *store.Tx, err error) error {
	r.mu.Lock()
	e := r.attempt.entry(r.by, r.service.now(), err)
	r.mu.Unlock()
	return insertEntry(tx, e)
}

// attempt carries out an operation of this room under the record that is under way, or one of its own.
func (s *Service) attempt(ctx context.Context, by *Caller, a Attempt, do func(ctx context.Context) error) error {
	if r := RecordOf(ctx); r != nil {
		r.add(a)
		return do(ctx)
	}
	ctx, r := s.Begin(ctx, by, a)
	return r.End(ctx, do(ctx))
}

// keep makes a change, and writes the operation's entry in the same transaction.
func (s *Service) keep(ctx context.Context, change func(tx *store.Tx) error) error {
	r := RecordOf(ctx)
	kept := r == nil || r.isKept()
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		if err := change(tx); err != nil || kept {
			return err
		}
		return r.insert(tx, nil)
	})
	if err == nil && r != nil {
		r.markKept()
	}
	return err
}
