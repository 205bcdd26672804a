package api

import (
	"bytes"
	"context"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// TestStreamOfSomebodyKeptOut: who loses what let them begin a stream reads no more of it, however it is lost.
func TestStreamOfSomebodyKeptOut(t *testing.T) {
	const login = "reader"
	for name, lose := range map[string]func(ctx context.Context, s *access.Service, org orgs.Organisation) error{
		"disabled": func(ctx context.Context, s *access.Service, _ orgs.Organisation) error {
			_, err := s.Disable(ctx, local, login, true)
			return err
		},
		"token revoked": func(ctx context.Context, s *access.Service, _ orgs.Organisation) error {
			return s.RevokeToken(ctx, local, login, "test")
		},
		"role taken": func(ctx context.Context, s *access.Service, org orgs.Organisation) error {
			_, err := s.RevokeRole(ctx, local, login, org.ID)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { streamUntil(t, login, lose) })
		})
	}
}

func streamUntil(t *testing.T, login string, lose func(context.Context, *access.Service, orgs.Organisation) error) {
	ctx := t.Context()
	s, err := store.Open(ctx, t.TempDir(), store.Options{}, orgs.Migrations(), access.Migrations())
	faulttest.Must(t, err)
	t.Cleanup(func() { faulttest.Must(t, s.Close()) })
	ring, err := orgs.NewKeyring(bytes.Repeat([]byte{1}, 32))
	faulttest.Must(t, err)
	tree := orgs.New(s, ring, time.Now)
	people := access.New(s, tree, time.Now)
	org, err := tree.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	_, err = people.AddUser(ctx, local, access.NewUser{Kind: access.Program, Login: login, Grants: []access.Grant{{OrganisationID: org.ID, Role: access.Viewer}}})
	faulttest.Must(t, err)
	text, _, err := people.AddToken(ctx, local, login, access.NewToken{Name: "test", Scopes: []access.Scope{access.RunsRead}})
	faulttest.Must(t, err)
	caller, err := people.ByBearer(ctx, text, access.Origin{})
	faulttest.Must(t, err)

	a := New(House{Orgs: func() *orgs.Service { return tree }, Access: func() *access.Service { return people }})
	clock := Stream[struct{}, tick]{ID: "clock", Path: "/clock", Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: AtRoot}}
	clock.serve(a, func(ctx context.Context, _ *struct{}, _ int) (iter.Seq2[Sent[tick], error], error) {
		return func(yield func(Sent[tick], error) bool) {
			for n := 1; pause(ctx, 2*time.Second) == nil && yield(Sent[tick]{n, tick{n}}, nil); n++ {
			}
		}, nil
	})
	var got []int
	for e, failed := range clock.Follow(ctx, InMemory(a.Handler(), caller), &struct{}{}, 0) {
		if failed != nil {
			err = failed
			break
		}
		if got = append(got, e.Seq); e.Seq == 2 {
			faulttest.Must(t, lose(ctx, people, org))
		}
		if e.Seq > 3 {
			break
		}
	}
	if code := fault.From(err); len(got) != 2 || err == nil || code.Code != fault.SignedOut && code.Code != fault.Denied {
		t.Errorf("read %v, then %v", got, err)
	}
}
