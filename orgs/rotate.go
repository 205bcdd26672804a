package orgs

import (
	"context"
	"os"

	"gantry/store"
)

// Rotate seals every secret anew under a new master key and gives how many there were. With keys in the
// file master.key it makes the new key itself, and drops the old ones when all is done; a crash on the way
// leaves both in the file. With keys in the environment the operator puts the new key first, before the
// old ones, and takes those away afterwards.
func (s *Service) Rotate(ctx context.Context) (int, error) {
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
	return count, s.ring.drop()
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
