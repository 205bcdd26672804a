package orgs_test

import (
	"context"
	"sync"
	"testing"

	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// lastMoment is a context in which something else happens just before a change is queued.
type lastMoment struct {
	context.Context
	happens func()
}

func (c *lastMoment) Err() error {
	if happens := c.happens; happens != nil {
		c.happens = nil
		happens()
	}
	return c.Context.Err()
}

// queueing is a context that tells when its change waits in the queue.
type queueing struct {
	context.Context
	once   sync.Once
	queued chan struct{}
}

func (c *queueing) Done() <-chan struct{} {
	c.once.Do(func() { close(c.queued) })
	return c.Context.Done()
}

// An organisation that is moved while it is being mapped must not end up under an instance of one that is
// no longer above it.
func TestNoMappingUnderAStrangersInstance(t *testing.T) {
	for name, mapIt := range map[string]func(context.Context, *bundle, orgs.Instance) error{
		"one": func(ctx context.Context, b *bundle, in orgs.Instance) error {
			return b.SetMapping(ctx, b.contosoLabs.ID, "halo", in.ID, "12", "Labs")
		},
		"several": func(ctx context.Context, b *bundle, in orgs.Instance) error {
			problems, err := b.SaveMappings(ctx, []orgs.MappingChange{{OrganisationID: b.contosoLabs.ID,
				To: orgs.MappingTo{Integration: "halo", InstanceID: in.ID, ExternalID: "12", ExternalName: "Labs"}}}, false, false)
			if len(problems) > 0 {
				return problems[0].Fault
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			in := b.halo(t, b.contoso, "of contoso")
			_, err := b.List(ctx) // the tree is known
			must(t, err)
			moving := &lastMoment{ctx, func() {
				_, err := b.Move(ctx, b.contosoLabs.ID, b.northwind.ID)
				must(t, err)
			}}
			wantFault(t, mapIt(moving, b, in), fault.Tenant, "Contoso Labs")
		})
	}
}

// Changes that are committed together check each other, too: a variable has one type all the way down
// although the tree changes in the same moment.
func TestOneTypeThoughTheTreeChanges(t *testing.T) {
	b := setup(t)
	b.set(t, b.northwind, "v", orgs.TypeNumber, int64(1))
	_, err := b.List(ctx)
	must(t, err)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := b.store.Write(ctx, func(*store.Tx) error { close(begun); <-goOn; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	queue := func(change func(context.Context) error) (err *error) {
		err = new(error)
		c := &queueing{Context: ctx, queued: make(chan struct{})}
		all.Go(func() { *err = change(c) })
		<-c.queued
		return err
	}
	moved := queue(func(ctx context.Context) error {
		_, err := b.Move(ctx, b.contoso.ID, b.northwind.ID)
		return err
	})
	set := queue(func(ctx context.Context) error {
		return b.SetVariable(ctx, b.contoso.ID, orgs.Variable{Name: "v", Type: orgs.TypeString, Value: "text"})
	})
	close(goOn)
	all.Wait()
	must(t, *moved)
	wantFault(t, *set, fault.Conflict, "Northwind Dental has the variable v as number")
}
