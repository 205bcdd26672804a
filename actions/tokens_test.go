package actions

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"gantry/actions/wire"
	"gantry/fault"
)

// A hundred who want a token at once cause one sign-in.
func TestOneSignInForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tokens tokens
		var signIns atomic.Int32
		signIn := func(context.Context) (token, *wire.Failure) {
			n := signIns.Add(1)
			time.Sleep(time.Second)
			return token{value: string('a' + n), issued: time.Now(), expires: time.Now().Add(time.Hour)}, nil
		}
		for round, wait := range []time.Duration{0, 30 * time.Minute, 30 * time.Minute} {
			time.Sleep(wait)
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if _, _, err := tokens.get(t.Context(), time.Now, signIn); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if want := []int32{1, 1, 2}[round]; signIns.Load() != want {
				t.Errorf("round %d: %d sign-ins, want %d", round, signIns.Load(), want)
			}
		}
	})
}

// A failed sign-in is told to all who waited for it, and tried anew by the next.
func TestFailedSignInIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tokens tokens
		var signIns atomic.Int32
		signIn := func(context.Context) (token, *wire.Failure) {
			time.Sleep(time.Second)
			signIns.Add(1)
			return token{}, &wire.Failure{Fault: fault.New(fault.LoginFailed, "no")}
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, _, err := tokens.get(t.Context(), time.Now, signIn); wire.AsFailure(err).Fault.Code != fault.LoginFailed {
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		tokens.get(t.Context(), time.Now, signIn)
		if signIns.Load() != 2 {
			t.Errorf("%d sign-ins", signIns.Load())
		}
	})
}

// Whoever is cut off takes nobody along.
func TestSignInOutlivesItsFirstCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tokens tokens
		signIn := func(ctx context.Context) (token, *wire.Failure) {
			select {
			case <-ctx.Done():
				return token{}, waitingEnded(ctx)
			case <-time.After(time.Second):
				return token{value: "t", expires: time.Now().Add(time.Hour)}, nil
			}
		}
		short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, _, err := tokens.get(short, time.Now, signIn); err == nil || !wire.AsFailure(err).TimedOut {
				t.Errorf("the first: %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if got, _, err := tokens.get(t.Context(), time.Now, signIn); err != nil || got.value != "t" {
				t.Errorf("the second: %v %v", got, err)
			}
		})
		all.Wait()
	})
}

func TestATokenExpiresALittleEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		for lifetime, want := range map[time.Duration]time.Duration{
			time.Hour: 59 * time.Minute, 100 * time.Second: 90 * time.Second, -time.Second: 0,
		} {
			if got := newToken(&oauth2.Token{AccessToken: "t", Expiry: time.Now().Add(lifetime)}, now).expires.Sub(now); got != want {
				t.Errorf("%v: %v, want %v", lifetime, got, want)
			}
		}
		if got := newToken(&oauth2.Token{AccessToken: "t"}, now).expires.Sub(now); got != unknownLifetime*9/10 {
			t.Errorf("without a lifetime: %v", got)
		}
	})
}
