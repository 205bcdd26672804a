package orgs

import (
	"context"
	"slices"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// Kinds of sealed values.
const (
	kindVariable = "variable"
	kindInstance = "instance"
)

// maxSecret is the longest secret, in bytes: room for a private key.
const maxSecret = 64 << 10

// KeysInUse gives the ids of the master keys under which secrets are sealed, for OpenKeyring.
func KeysInUse(ctx context.Context, s *store.Store) ([]string, error) {
	var ids []string
	err := s.Read().SelectContext(ctx, &ids, "SELECT DISTINCT key_id FROM secrets ORDER BY key_id")
	return ids, store.Fault(err)
}

// putSecret seals and keeps a value. It is called in the writer's goroutine only; see reseal.
func (s *Service) putSecret(tx *store.Tx, p place, clear string) error {
	box := s.ring.seal(p, clear)
	_, err := tx.Exec(`INSERT INTO secrets (organisation_id, kind, owner, name, key_id, sealed, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (organisation_id, kind, owner, name)
		DO UPDATE SET key_id = excluded.key_id, sealed = excluded.sealed, updated_at = excluded.updated_at`,
		p.organisation, p.kind, p.owner, p.name, box.KeyID, box.Text, s.now())
	return err
}

func dropSecrets(tx *store.Tx, organisation, kind, owner string) error {
	_, err := tx.Exec("DELETE FROM secrets WHERE organisation_id = ? AND kind = ? AND owner = ?", organisation, kind, owner)
	return err
}

func dropSecret(tx *store.Tx, p place) error {
	_, err := tx.Exec("DELETE FROM secrets WHERE organisation_id = ? AND kind = ? AND owner = ? AND name = ?",
		p.organisation, p.kind, p.owner, p.name)
	return err
}

// checkSecret looks at a clear value without ever showing it.
func checkSecret(what, clear string) error {
	switch {
	case clear == "":
		return invalid("The %s is empty.", what).WithHint("give its value, or remove it")
	case len(clear) > maxSecret:
		return fault.New(fault.TooLarge, "The %s is longer than %d bytes.", what, maxSecret)
	}
	return nil
}

// OpenSecret gives the clear value of the secret variable as it holds for the organisation: its own, or
// the nearest one that it inherits.
func (s *Service) OpenSecret(ctx context.Context, orgID, name string) (string, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return "", err
	}
	variables, err := s.effective(ctx, org)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(variables, func(v Variable) bool { return v.Name == name })
	if at < 0 {
		return "", s.unknownSecret(org, name, variables)
	}
	found := variables[at]
	if found.Type != TypeSecret {
		return "", invalid("The variable %q of %s is not a secret but of type %s.", name, org.Name, found.Type)
	}
	return s.openSealed(ctx, place{found.OrganisationID, kindVariable, "", name})
}

// SecretValues gives the values of all secret variables that the organisation can use, to be removed from
// what is kept or shown. What cannot be opened, for lack of its key, is left out: nothing can have sent it.
func (s *Service) SecretValues(ctx context.Context, orgID string) ([]string, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	variables, err := s.effective(ctx, org)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, v := range variables {
		if v.Type != TypeSecret {
			continue
		}
		if value, err := s.openSealed(ctx, place{v.OrganisationID, kindVariable, "", v.Name}); err == nil {
			values = append(values, value)
		}
	}
	return values, nil
}

func (s *Service) openSealed(ctx context.Context, p place) (string, error) {
	rows, err := remembered(s, sealedOf{p.organisation, p.kind, p.owner}, func() ([]secretRow, error) {
		return s.sealedRows(ctx, p.organisation, p.kind, p.owner)
	})
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(rows, func(r secretRow) bool { return r.place() == p })
	if at < 0 {
		return "", fault.New(fault.Secret, "The secret %q has no value.", p.name).WithHint("set it anew")
	}
	return s.ring.open(p, rows[at].sealed)
}

func (s *Service) sealedRows(ctx context.Context, organisation, kind, owner string) ([]secretRow, error) {
	rows := []secretRow{}
	err := s.read(ctx, &rows, `SELECT organisation_id, kind, owner, name, key_id, sealed FROM secrets
		WHERE organisation_id = ? AND kind = ? AND owner = ?`, organisation, kind, owner)
	return rows, err
}

func (s *Service) unknownSecret(org Organisation, name string, variables []Variable) error {
	var known []string
	for _, v := range variables {
		if v.Type == TypeSecret {
			known = append(known, v.Name)
		}
	}
	return fault.New(fault.Missing, "%s has no secret %q.", org.Name, shortened(name)).
		WithHint("%s", hintOr(source.DidYouMean(name, known), "set it with `gantry vars`, for "+org.Slug+" or an organisation above it"))
}
