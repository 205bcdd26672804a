package actions

import (
	"context"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"gantry/actions/wire"
)

// token is an access token and how long it is good for.
type token struct {
	value           string
	issued, expires time.Time
	redactor        *wire.Redactor // the instance's secrets, and the token
}

// tokens holds an instance's token. Whoever finds none signs in; everybody else waits for that one sign-in
// and shares what comes of it, also when it fails.
type tokens struct {
	mu      sync.Mutex
	current token
	flight  *flight
}

type flight struct {
	done    chan struct{}
	token   token
	failure *wire.Failure
}

// get gives a token; fresh tells that it was asked for just now.
func (t *tokens) get(ctx context.Context, clock func() time.Time, signIn func(context.Context) (token, *wire.Failure)) (token, bool, error) {
	for {
		t.mu.Lock()
		if t.current.value != "" && clock().Before(t.current.expires) {
			defer t.mu.Unlock()
			return t.current, false, nil
		}
		f := t.flight
		if f == nil {
			f = &flight{done: make(chan struct{})}
			t.flight = f
			t.mu.Unlock()
			t.fly(ctx, f, signIn)
		} else {
			t.mu.Unlock()
			select {
			case <-f.done:
			case <-ctx.Done():
				return token{}, false, waitingEnded(ctx)
			}
			if f.failure != nil && gaveUp(f.failure) {
				continue // the one who signed in was cut off; that says nothing about us
			}
		}
		if f.failure != nil {
			return token{}, false, f.failure
		}
		return f.token, true, nil
	}
}

func (t *tokens) fly(ctx context.Context, f *flight, signIn func(context.Context) (token, *wire.Failure)) {
	finished := false
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !finished {
			f.failure = &wire.Failure{Fault: internal("the sign-in broke off")}
		}
		if f.failure == nil {
			t.current = f.token
		}
		t.flight = nil
		close(f.done)
	}()
	f.token, f.failure = signIn(ctx)
	finished = true
}

// forget drops the token unless another one has taken its place already.
func (t *tokens) forget(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current.value == value {
		t.current = token{}
	}
}

const unknownLifetime = 5 * time.Minute

// newToken is the token as it is kept. It counts as expired a little early, so that none dies on the way.
// The library sets Expiry by the machine's clock; now is ours.
func newToken(got *oauth2.Token, now time.Time) token {
	lifetime := unknownLifetime
	if !got.Expiry.IsZero() {
		lifetime = max(0, time.Until(got.Expiry))
	}
	margin := min(time.Minute, lifetime/10)
	return token{value: got.AccessToken, issued: now, expires: now.Add(lifetime - margin)}
}
