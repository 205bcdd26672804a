package triggers_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gantry/engine"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/triggers"
)

// choosy is an engine that cannot keep some requests.
type choosy struct {
	*engine.Engine
	refuses func(engine.Request) bool
}

func (c choosy) Submit(ctx context.Context, req engine.Request, kept func(string, error)) {
	if c.refuses(req) {
		kept("", fault.New(fault.Storage, "The run cannot be kept."))
		return
	}
	c.Engine.Submit(ctx, req, kept)
}

// TestOneBadEventHoldsUpNobody: what cannot be decided is tried again and again, and others do not wait for it,
// neither those of another organisation nor those of its own.
func TestOneBadEventHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := prepare(t, map[string]string{"w": hook(`, inputs: {n: '${{ body }}'}`)})
		var mended atomic.Bool
		faulttest.Must(t, b.Service.Start(ctx, choosy{b.engine, func(req engine.Request) bool {
			return req.Inputs["n"] == int64(0) && !mended.Load()
		}}))
		bad := b.accept(b.event(int64(0)))
		time.Sleep(time.Minute) // the pauses have become long
		for _, org := range []orgs.Organisation{b.contoso, b.northwind, b.contoso, b.northwind} {
			e := b.event(int64(1))
			e.OrganisationID = org.ID
			began := time.Now()
			if d := b.decide(e); d.Status != triggers.Started || time.Since(began) > 0 {
				t.Errorf("%s waited %s and is %+v", org.Slug, time.Since(began), d)
			}
		}
		began := time.Now()
		if d := b.decide(b.event(int64(1))); d.Status != triggers.Started || time.Since(began) > 0 {
			t.Errorf("with a bad one beside it took %s", time.Since(began))
		}
		mended.Store(true)
		if d := b.decided(bad); d.Status != triggers.Started {
			t.Errorf("in the end it is %+v", d)
		}
	})
}
