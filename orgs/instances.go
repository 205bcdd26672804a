package orgs

import (
	"context"
	"slices"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// Instance is one configured copy of an integration. Config has the fields that are not secret;
// SecretFields names the others, whose values only InstanceSecrets gives.
type Instance struct {
	ID             string         `json:"id"`
	OrganisationID string         `json:"organisation_id"`
	Integration    string         `json:"integration"`
	Name           string         `json:"name"`
	Config         map[string]any `json:"config"`
	SecretFields   []string       `json:"secret_fields"`
	Default        bool           `json:"default"`
}

// AddInstance adds an instance. Names are an organisation's own for each integration, whatever their case.
// The first instance of an integration is its default; a later one takes that place if isDefault says so.
func (s *Service) AddInstance(ctx context.Context, orgID, integration, name string, config map[string]any, secrets map[string]string, isDefault bool) (Instance, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return Instance{}, err
	}
	if err := checkIntegration(integration); err != nil {
		return Instance{}, err
	}
	if name, err = tidyName("name of an instance", name, maxName); err != nil {
		return Instance{}, err
	}
	text, err := encodeConfig(integration, config, secrets)
	if err != nil {
		return Instance{}, err
	}
	added := Instance{ID: s.newID(), OrganisationID: org.ID, Integration: integration, Name: name, Default: isDefault}
	err = s.writeLive(ctx, org, func(tx *store.Tx) error { return s.insertInstance(tx, org, added, text, secrets) })
	if err != nil {
		return Instance{}, err
	}
	return s.instance(ctx, org, integration, name)
}

func (s *Service) insertInstance(tx *store.Tx, org Organisation, in Instance, config string, secrets map[string]string) error {
	others, err := instancesIn(tx, org.ID, in.Integration)
	if err != nil {
		return err
	}
	if at := named(others, in.Name); at >= 0 {
		return fault.New(fault.Exists, "%s has an instance %q of %s already.", org.Name, others[at].Name, in.Integration).
			WithHint("choose another name")
	}
	if len(others) == 0 {
		in.Default = true
	}
	if in.Default {
		if err := clearDefault(tx, org.ID, in.Integration); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`INSERT INTO instances (id, organisation_id, integration, name, config, is_default, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, in.ID, org.ID, in.Integration, in.Name, config, in.Default, s.now())
	if err != nil {
		return err
	}
	return s.putInstanceSecrets(tx, in, secrets)
}

// encodeConfig checks what is configured and gives the part that is not secret as JSON.
func encodeConfig(integration string, config map[string]any, secrets map[string]string) (string, error) {
	for field, clear := range secrets {
		if err := checkText("name of a field", field, maxVariable); err != nil {
			return "", err
		}
		if _, both := config[field]; both {
			return "", invalid("The field %s of %s is given both as a secret and in the clear.", field, integration)
		}
		if err := checkSecret("secret field "+field, clear); err != nil {
			return "", err
		}
	}
	if config == nil {
		config = map[string]any{}
	}
	return encodeData("the configuration of "+integration, config)
}

func (s *Service) putInstanceSecrets(tx *store.Tx, in Instance, secrets map[string]string) error {
	for field, clear := range secrets {
		if err := s.putSecret(tx, place{in.OrganisationID, kindInstance, in.ID, field}, clear); err != nil {
			return err
		}
	}
	return nil
}

func clearDefault(tx *store.Tx, orgID, integration string) error {
	_, err := tx.Exec("UPDATE instances SET is_default = ? WHERE organisation_id = ? AND integration = ? AND is_default", false, orgID, integration)
	return err
}

// UpdateInstance replaces the configuration; of the secrets only those given change.
func (s *Service) UpdateInstance(ctx context.Context, orgID, integration, name string, config map[string]any, secrets map[string]string) (Instance, error) {
	text, err := encodeConfig(integration, config, secrets)
	if err != nil {
		return Instance{}, err
	}
	err = s.changeInstance(ctx, orgID, integration, name, func(tx *store.Tx, in Instance) error {
		in.Config = config
		return s.putConfig(tx, in, text, secrets)
	})
	if err != nil {
		return Instance{}, err
	}
	return s.Instance(ctx, orgID, integration, name)
}

// putConfig replaces an instance's configuration, which text has as JSON.
func (s *Service) putConfig(tx *store.Tx, in Instance, text string, secrets map[string]string) error {
	if _, err := tx.Exec("UPDATE instances SET config = ? WHERE id = ?", text, in.ID); err != nil {
		return err
	}
	for field := range in.Config { // a field that was secret and is so no longer
		if err := dropSecret(tx, place{in.OrganisationID, kindInstance, in.ID, field}); err != nil {
			return err
		}
	}
	return s.putInstanceSecrets(tx, in, secrets)
}

// SetDefault makes the instance the organisation's default for its integration.
func (s *Service) SetDefault(ctx context.Context, orgID, integration, name string) error {
	return s.changeInstance(ctx, orgID, integration, name, putDefault)
}

func putDefault(tx *store.Tx, in Instance) error {
	if err := clearDefault(tx, in.OrganisationID, in.Integration); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE instances SET is_default = ? WHERE id = ?", true, in.ID)
	return err
}

// changeInstance finds the organisation's instance in the transaction that changes it.
func (s *Service) changeInstance(ctx context.Context, orgID, integration, name string, change func(*store.Tx, Instance) error) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error {
		rows, err := instancesIn(tx, org.ID, integration)
		if err != nil {
			return err
		}
		at := named(rows, name)
		if at < 0 {
			return unknownInstance(org, integration, name, rows)
		}
		return change(tx, Instance{ID: rows[at].ID, OrganisationID: org.ID, Integration: integration, Name: rows[at].Name, Default: rows[at].Default})
	})
}

func instancesIn(tx *store.Tx, orgID, integration string) ([]instanceRow, error) {
	var rows []instanceRow
	err := tx.Select(&rows, selectInstances+" AND integration = ? ORDER BY created_at, id", orgID, integration)
	return rows, err
}

// named finds a name whatever its case, or gives -1.
func named(rows []instanceRow, name string) int {
	return slices.IndexFunc(rows, func(r instanceRow) bool { return foldedName(r.Name) == foldedName(name) })
}

func unknownInstance(org Organisation, integration, name string, rows []instanceRow) error {
	var known []string
	for _, row := range rows {
		known = append(known, row.Name)
	}
	return fault.New(fault.Missing, "%s has no instance %q of %s.", org.Name, shortened(name), shortened(integration)).
		WithHint("%s", hintOr(source.DidYouMean(name, known), "`gantry integrations list --org "+org.Slug+"` shows those it has"))
}
