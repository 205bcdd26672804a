package orgs

import (
	"context"
	"os"
	"slices"
	"strings"

	"gantry/store"
)

// Resealer seals what it keeps anew: whatever stale says is sealed under an old key. It gives how many.
type Resealer interface {
	Reseal(ctx context.Context, stale func(sealed string) bool) (int, error)
}

// Rotate seals every secret anew under a new master key, then what others keep sealed with the same keys
// (the history), and gives how many there were. With keys in the file master.key it makes the new key
// itself, and drops the old ones when all is done; a crash on the way leaves both in the file, and Rotate
// once more finishes. A secret that does not open ends it before anything has changed. With keys in the environment the operator puts the new key first, before the old
// ones, and takes those away afterwards. Runs may go on meanwhile; a second rotation waits for the first.
func (s *Service) Rotate(ctx context.Context, others ...Resealer) (int, error) {
	s.ring.rotating.Lock()
	defer s.ring.rotating.Unlock()
	if err := s.checkSecrets(ctx); err != nil {
		return 0, err
	}
	if err := s.ring.renew(); err != nil {
		return 0, err
	}
	count := 0
	err := s.write(ctx, func(tx *store.Tx) error {
		var err error
		count, err = s.reseal(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, other := range others {
		n, err := other.Reseal(ctx, s.ring.stale)
		if count += n; err != nil {
			return count, err
		}
	}
	return count, s.ring.drop()
}

// checkSecrets finds a secret that does not open before a key is made that could not take it over: else
// each try would leave one more key behind.
func (s *Service) checkSecrets(ctx context.Context) error {
	var rows []secretRow
	if err := s.read(ctx, &rows, "SELECT organisation_id, kind, owner, name, key_id, sealed FROM secrets"); err != nil {
		return err
	}
	for _, row := range rows {
		if _, err := s.ring.open(row.place(), row.sealed); err != nil {
			return err
		}
	}
	return nil
}

// KeyUse is a master key and how many secrets are sealed under it. A key that is not at hand is Missing:
// what it sealed does not open.
type KeyUse struct {
	ID      string `json:"id"`
	Seals   bool   `json:"seals"` // new secrets are sealed with it
	Missing bool   `json:"missing"`
	Secrets int    `json:"secrets"`
}

// Keys tells where the master keys come from, a file or the environment variable (empty: there are none),
// and what each is for.
func (s *Service) Keys(ctx context.Context) (from string, keys []KeyUse, err error) {
	var rows []struct {
		ID string `db:"key_id"`
		N  int    `db:"n"`
	}
	if err := s.read(ctx, &rows, "SELECT key_id, count(*) AS n FROM secrets GROUP BY key_id ORDER BY key_id"); err != nil {
		return "", nil, err
	}
	from, ids := s.ring.ids()
	for i, id := range ids {
		keys = append(keys, KeyUse{ID: id, Seals: i == 0})
	}
	for _, row := range rows {
		at := slices.IndexFunc(keys, func(k KeyUse) bool { return k.ID == row.ID })
		if at < 0 {
			keys = append(keys, KeyUse{ID: row.ID, Missing: true, Secrets: row.N})
			continue
		}
		keys[at].Secrets = row.N
	}
	return from, keys, nil
}

type secretRow struct {
	Organisation string `db:"organisation_id"`
	Kind         string `db:"kind"`
	Owner        string `db:"owner"`
	Name         string `db:"name"`
	sealed
}

func (r secretRow) place() place { return place{r.Organisation, r.Kind, r.Owner, r.Name} }

// reseal works in one transaction: all secrets are under the new key, or none is. Sealing happens in the
// writer's goroutine everywhere, so no secret can slip in under an old key behind it.
func (s *Service) reseal(tx *store.Tx) (int, error) {
	var rows []secretRow
	err := tx.Select(&rows, "SELECT organisation_id, kind, owner, name, key_id, sealed FROM secrets WHERE key_id <> ?", s.ring.sealer())
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		clear, err := s.ring.open(row.place(), row.sealed)
		if err != nil {
			return 0, err
		}
		if err := s.putSecret(tx, row.place(), clear); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// renew puts a new key first, on disk before in use.
func (k *Keyring) renew() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == "" {
		return nil
	}
	key, err := randomMasterKey()
	if err != nil {
		return err
	}
	keys := append([]masterKey{key}, k.keys...)
	if err := writeKeyFile(k.file, keys, os.Rename); err != nil {
		return err
	}
	k.keys = keys
	return nil
}

// drop forgets all keys but the first, where they are kept in the file.
func (k *Keyring) drop() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == "" {
		return nil
	}
	if err := writeKeyFile(k.file, k.keys[:1], os.Rename); err != nil {
		return err
	}
	k.keys = k.keys[:1]
	return nil
}

// stale tells whether a text that Seal made was sealed with another key than the one that seals now.
func (k *Keyring) stale(text string) bool { return !strings.HasPrefix(text, k.sealer()+".") }

// ids gives where the keys come from and their ids, the sealing one first.
func (k *Keyring) ids() (from string, ids []string) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, key := range k.keys {
		ids = append(ids, key.id)
	}
	if from = k.file; from == "" && len(ids) > 0 {
		from = KeyVariable
	}
	return from, ids
}
