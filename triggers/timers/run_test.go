package timers

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gantry/store"
	"gantry/triggers"
)

// TestRun lets the goroutine itself go on, in the time of a bubble, and the Book change under it.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, `type: interval, every: 10m`)
		b.room.Now = time.Now
		told := make(chan func(*triggers.Book), 1)
		b.room.Triggers = follower{b, told}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error, 1)
		began := time.Now()
		go func() { done <- b.room.Run(ctx) }()
		changed := <-told
		time.Sleep(25 * time.Minute)
		synctest.Wait()
		b.world.Organisations = append(b.world.Organisations, client("contoso"))
		changed(b.Book())
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		var after []string
		for _, at := range []time.Duration{10, 20, 30, 35} {
			after = append(after, began.Add(at*time.Minute).UTC().Format("02 15:04:05"))
		}
		if got := b.events(); !slices.Equal(got, after) {
			t.Errorf("fired %v, wanted %v", got, after)
		}
	})
}

// follower hands the listener to the test.
type follower struct {
	*bench
	told chan func(*triggers.Book)
}

func (f follower) OnChange(told func(*triggers.Book)) { f.told <- told }

func (f follower) Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error) {
	return f.bench.Accept(ctx, events, also)
}
