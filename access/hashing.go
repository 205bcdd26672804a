package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"gantry/fault"
)

// Cost is how much work a password's hash is. argon2id with 19 MiB and 4 passes takes about 95 ms on one of the two
// cores it was measured on; OWASP's least is 19 MiB and 2 passes.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
}

// DefaultCost is the cost of passwords that are set now.
var DefaultCost = Cost{Memory: 19 << 10, Passes: 4}

func (c Cost) params() *argon2id.Params {
	return &argon2id.Params{Memory: c.Memory, Iterations: c.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// A hash costs memory and time, and anybody may ask for one by signing in. So few are made side by side, few wait,
// and the others are sent away at once.
const (
	hashesSideBySide = 2
	hashesWaiting    = 64
)

// hasher makes and compares hashes of passwords.
type hasher struct {
	cost    Cost
	dummy   string // what the passwords of unknown users are compared with
	slots   chan struct{}
	waiting atomic.Int32
}

func newHasher(cost Cost) (*hasher, error) {
	dummy, err := argon2id.CreateHash(rand.Text(), cost.params())
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "A password could not be hashed: %s.", err)
	}
	return &hasher{cost: cost, dummy: dummy, slots: make(chan struct{}, hashesSideBySide)}, nil
}

// enter waits for a slot; leave gives it back.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	if h.waiting.Add(1) > hashesWaiting {
		h.waiting.Add(-1)
		f := fault.New(fault.RateLimited, "Too many people sign in at this moment.").WithHint("try again in a few seconds")
		f.Passing, f.RetryAfter = true, 5*time.Second
		return nil, f
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(context.Cause(ctx), fault.Cancelled, "Given up before the password was looked at.")
	}
}

// hash hashes a tidy password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return h.make(password)
}

func (h *hasher) make(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, h.cost.params())
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "A password could not be hashed: %s.", err)
	}
	return hash, nil
}

// fits compares a password with a hash, in a slot that the caller has entered. An empty hash takes as long as any
// and never fits. stale tells that the hash was made at another cost.
func (h *hasher) fits(password, hash string) (fits, stale bool) {
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	fits, params, err := argon2id.CheckHash(password, hash)
	if err != nil || !fits || !known {
		return false, false
	}
	return true, params.Memory != h.cost.Memory || params.Iterations != h.cost.Passes
}

// digest is what is kept of a secret that is random enough not to be guessed: SHA-256 in hexadecimal.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// same compares two secrets, or their digests, in a time that tells nothing of where they differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
