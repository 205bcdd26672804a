package webhook

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"

	"gantry/fault"
	"gantry/store"
)

const (
	keyBytes = 32
	keyPlace = "webhook addresses" // what the sealed key is bound to
)

// loadKey gives the installation's key, and makes it the first time: sealed and on disk before it is used.
func loadKey(ctx context.Context, s *store.Store, seals Sealer) ([]byte, error) {
	var text string
	err := s.Read().GetContext(ctx, &text, "SELECT sealed FROM webhook_key WHERE id = 1")
	switch {
	case errors.Is(err, sql.ErrNoRows) && s.ReadOnly():
		return nil, fault.New(fault.Missing, "Webhooks have no addresses yet.").WithHint("`gantry serve` makes them")
	case errors.Is(err, sql.ErrNoRows):
		return makeKey(ctx, s, seals)
	case err != nil:
		return nil, store.Fault(err)
	}
	key, err := seals.Open(text, keyPlace)
	if err != nil || len(key) != keyBytes {
		return nil, fault.Wrap(err, fault.Secret, "The key of the webhooks' addresses does not open: its master key is not at hand.").
			WithHint("put the master key back that was in use before; without it every webhook would get another address")
	}
	return key, nil
}

func makeKey(ctx context.Context, s *store.Store, seals Sealer) ([]byte, error) {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "No random key could be made for the addresses of webhooks.")
	}
	text, err := seals.Seal(key, keyPlace)
	if err != nil {
		return nil, err
	}
	err = s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO webhook_key (id, sealed) VALUES (1, ?)", text)
		return err
	})
	return key, err
}

// Resealer is an orgs.Resealer for the key of the addresses. It works beside a store whether or not there
// are Hooks, so that master keys can be rotated without a server.
type Resealer struct {
	Store  *store.Store
	Sealer Sealer
}

// Reseal seals the key anew where stale says that it is sealed under an old master key.
func (r Resealer) Reseal(ctx context.Context, stale func(sealed string) bool) (int, error) {
	var text string
	err := r.Store.Read().GetContext(ctx, &text, "SELECT sealed FROM webhook_key WHERE id = 1")
	if errors.Is(err, sql.ErrNoRows) || err == nil && !stale(text) {
		return 0, nil
	}
	if err != nil {
		return 0, store.Fault(err)
	}
	key, err := r.Sealer.Open(text, keyPlace)
	if err != nil {
		return 0, err
	}
	if text, err = r.Sealer.Seal(key, keyPlace); err != nil {
		return 0, err
	}
	err = r.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE webhook_key SET sealed = ? WHERE id = 1", text)
		return err
	})
	if err != nil {
		return 0, err
	}
	return 1, nil
}

// Resealer gives what seals these hooks' key anew.
func (h *Hooks) Resealer() Resealer { return Resealer{h.Store, h.Sealer} }
