package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gantry/api"
)

// house is a project of random workflows with its data directory, which one server after the other serves.
type house struct {
	seed   uint64
	rng    *rand.Rand
	binary string
	dir    string
	data   string
	quiet  time.Duration // nothing may move for so long where an end is waited for
	target *target
	mains  []string
	hooks  map[string]string // paths of webhooks, by workflow

	mu       sync.Mutex // of sent
	sent     []*submission
	people   *people
	ends     map[string]end // of an undisturbed run, by workflow
	foretold map[string]bool
	kills    []kill
}

// newHouse writes the project of a seed into a new folder below dir.
func newHouse(dir, binary string, seed uint64, t *target) (*house, error) {
	h := &house{seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), binary: binary, quiet: quiet, target: t, hooks: map[string]string{}, people: newPeople(seed)}
	var err error
	if h.dir, err = os.MkdirTemp(dir, fmt.Sprintf("house-%d-", seed)); err != nil {
		return nil, err
	}
	h.data = filepath.Join(h.dir, ".gantry")
	files, mains := invent(h.rng, t.URL, seed)
	h.mains = mains
	err = errors.Join(os.Mkdir(filepath.Join(h.dir, "workflows"), 0o755),
		os.WriteFile(filepath.Join(h.dir, "gantry.yaml"), []byte("msp: {slug: acme, name: Acme MSP}\n"), 0o644))
	for id, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(h.dir, "workflows", id+".yaml"), []byte(text), 0o644))
	}
	for path, text := range integration(t.URL, seed) {
		path = filepath.Join(h.dir, path)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644))
	}
	return h, err
}

// rehearsal is the cycle of what is played undisturbed.
const rehearsal = -1

// rehearse lets a server play every workflow undisturbed, so that it is known how their runs end.
func (h *house) rehearse(ctx context.Context) error {
	p, err := h.spawn("")
	if err != nil {
		return err
	}
	h.people.calm = true
	gone := h.attended(ctx, p)
	defer gone()
	if <-p.serves; p.url == "" {
		return fmt.Errorf("the server does not serve: %s", p.said.bytes())
	}
	client := api.OverSocket(h.data)
	defer client.Close()
	if err := setUp(ctx, client); err != nil {
		return err
	}
	for _, workflow := range h.mains {
		shown, err := api.ShowTrigger.Call(ctx, client, &api.OfTrigger{Workflow: workflow, Trigger: "in"})
		if err != nil {
			return err
		}
		for _, org := range shown.Body.Covers {
			address, _ := org.Detail["address"].(string)
			_, h.hooks[workflow], _ = strings.Cut(address, "/hooks/")
		}
	}
	for _, workflow := range slices.Concat(h.mains, others) {
		for range 2 {
			s := h.next(workflow, false)
			h.submit(ctx, p, client, s)
			if s.run == "" {
				return fmt.Errorf("%s does not start undisturbed", workflow)
			}
		}
	}
	if stuck, err := h.rest(ctx); err != nil || stuck != "" {
		return fmt.Errorf("the undisturbed runs do not end: %s %w", stuck, err)
	}
	gone()
	for _, s := range h.sent {
		s.cycle = rehearsal
	}
	return h.foresee(ctx)
}

// setUp adds what a server needs to take requests, and what the workflows use.
func setUp(ctx context.Context, client *api.Client) error {
	admin := &api.AddUserIn{}
	admin.Body.Login, admin.Body.Password, admin.Body.Grants = "ada", "nobody types this here", []api.NewGrant{{Role: "admin"}}
	_, err := api.AddUser.Call(ctx, client, admin)
	if err != nil {
		return err
	}
	below := &api.CreateOrganisationIn{}
	below.Body.Slug = bin
	if _, err := api.CreateOrganisation.Call(ctx, client, below); err != nil {
		return err
	}
	box := &api.AddInstanceIn{OfOrganisation: api.OfOrganisation{Org: "acme"}, Integration: "box"}
	box.Body.NoTest = true
	_, err = api.AddInstance.Call(ctx, client, box)
	return err
}

// attended lets people act on a server, until it is killed by what this gives.
func (h *house) attended(ctx context.Context, p *process) (kill func()) {
	left := make(chan struct{})
	go func() {
		defer close(left)
		h.attend(ctx, p)
	}()
	return func() {
		p.kill()
		<-left
	}
}
