package orgs

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
	"gantry/store"
)

// Variable is a typed value of an organisation. Those below it inherit it, unless it is Local. Value is
// JSON data of the type, and nil for a secret: that opens with OpenSecret alone.
type Variable struct {
	OrganisationID string `json:"organisation_id"`
	Name           string `json:"name"`
	Type           string `json:"type"` // see Types
	Value          any    `json:"value"`
	Local          bool   `json:"local"`
	// Source is whose value it is: the organisation asked about, or an ancestor.
	Source Organisation `json:"source"`
}

// SetOption changes how SetVariable works.
type SetOption int

// Retype lets a variable of the organisation's own change its type.
const Retype SetOption = 1

// SetVariable sets v.Name of the organisation to v.Value (for a secret: its clear text). What others see of
// a name must have one type: where an ancestor hands down the name, or a descendant has its own, another
// type is refused with fault.Conflict. So is another type than the variable has so far, unless Retype says
// that this is meant: workflows rely on it.
func (s *Service) SetVariable(ctx context.Context, orgID string, v Variable, options ...SetOption) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	text, err := v.encode()
	if err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error {
		var others []variableRow
		err := tx.Select(&others, "SELECT organisation_id, name, type, value, local FROM variables WHERE name = ? AND type <> ?", v.Name, v.Type)
		if err != nil {
			return err
		}
		ids := []string{org.ID}
		for _, other := range others {
			ids = append(ids, other.OrganisationID)
		}
		t, err := loadBranches(tx.Select, ids...)
		if err != nil {
			return err
		}
		if err := checkOneType(t, org, v, others, slices.Contains(options, Retype)); err != nil {
			return err
		}
		return s.putVariable(tx, org, v, text)
	})
}

// putVariable writes a variable that was checked; text is its value as the table keeps it.
func (s *Service) putVariable(tx *store.Tx, org Organisation, v Variable, text any) error {
	_, err := tx.Exec(`INSERT INTO variables (organisation_id, name, type, value, local, updated_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (organisation_id, name)
		DO UPDATE SET type = excluded.type, value = excluded.value, local = excluded.local, updated_at = excluded.updated_at`,
		org.ID, v.Name, v.Type, text, v.Local, s.now())
	if err != nil {
		return err
	}
	p := place{org.ID, kindVariable, "", v.Name}
	if clear, ok := v.Value.(string); ok && v.Type == TypeSecret {
		return s.putSecret(tx, p, clear)
	}
	return dropSecret(tx, p)
}

// encode checks the variable and gives its value as the table keeps it: nil for a secret.
func (v Variable) encode() (any, error) {
	if err := checkIdentifier("name of a variable", v.Name); err != nil {
		return nil, err
	}
	if !slices.Contains(Types(), v.Type) {
		return nil, invalid("There is no type of variables %q.", shortened(v.Type)).
			WithHint("%s", hintOr(source.DidYouMean(v.Type, Types()), "the types are "+strings.Join(Types(), ", ")))
	}
	what := "the variable " + v.Name
	if v.Type != TypeSecret {
		return encodeValue(what, v.Type, v.Value)
	}
	clear, ok := v.Value.(string)
	if !ok {
		return nil, invalid("The value of %s must be text, for it is a secret, not %s.", what, kindOf(v.Value))
	}
	return nil, checkSecret("secret "+v.Name, clear)
}

type variableRow struct {
	OrganisationID string         `db:"organisation_id"`
	Name           string         `db:"name"`
	Type           string         `db:"type"`
	Value          sql.NullString `db:"value"`
	Local          bool           `db:"local"`
}

// checkOneType keeps what the checker relies on: where a variable is inherited, it has one type all the
// way down. others are the variables of that name and of another type; removed organisations count, for
// they may come back.
func checkOneType(t *tree, org Organisation, v Variable, others []variableRow, retype bool) error {
	for _, other := range others {
		if other.OrganisationID == org.ID {
			if !retype {
				return fault.New(fault.Conflict, "%s has the variable %s as %s, not as %s.", org.Name, v.Name, other.Type, v.Type).
					WithHint("workflows may rely on that; --retype changes the type on purpose")
			}
			continue
		}
		above := !other.Local && t.reaches(org.ID, other.OrganisationID)
		below := !v.Local && t.reaches(other.OrganisationID, org.ID)
		if above || below {
			return typeConflict(t.byID[other.OrganisationID], org, v.Name, other.Type, v.Type)
		}
	}
	return nil
}

func typeConflict(holder, org Organisation, name, its, wanted string) error {
	return fault.New(fault.Conflict, "%s has the variable %s as %s, so %s cannot have it as %s.", holder.Name, name, its, org.Name, wanted).
		WithHint("use the same type, another name, or make the upper one local")
}

// RemoveVariable removes the organisation's own variable; what it inherits shows through again.
func (s *Service) RemoveVariable(ctx context.Context, orgID, name string) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error { return deleteVariable(tx, org, name) })
}

func deleteVariable(tx *store.Tx, org Organisation, name string) error {
	result, err := tx.Exec("DELETE FROM variables WHERE organisation_id = ? AND name = ?", org.ID, name)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return unknownVariable(tx, org, name)
	}
	return dropSecret(tx, place{org.ID, kindVariable, "", name})
}

func unknownVariable(tx *store.Tx, org Organisation, name string) error {
	var known []string
	if err := tx.Select(&known, "SELECT name FROM variables WHERE organisation_id = ? ORDER BY name", org.ID); err != nil {
		return err
	}
	return fault.New(fault.Missing, "%s has no variable %q of its own.", org.Name, shortened(name)).
		WithHint("%s", hintOr(source.DidYouMean(name, known), "an inherited one is removed where it is set"))
}

// Variables gives the organisation's own variables, by name.
func (s *Service) Variables(ctx context.Context, orgID string) ([]Variable, error) {
	t, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	return s.nearest(ctx, t, []string{org.ID})
}

// Effective gives the variables that hold for the organisation, by name: its own, and for each other name
// the nearest ancestor's that is not local.
func (s *Service) Effective(ctx context.Context, orgID string) ([]Variable, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	variables, err := s.effective(ctx, org)
	return slices.Clone(variables), err
}

func (s *Service) effective(ctx context.Context, org Organisation) ([]Variable, error) {
	return remembered(s, effectiveOf(org.ID), func() ([]Variable, error) {
		t, org, err := s.live(ctx, org.ID)
		if err != nil {
			return nil, err
		}
		return s.nearest(ctx, t, t.chain(org.ID))
	})
}

// nearest reads the variables of a chain of organisations, the asking one first, and keeps of each name
// the nearest that reaches it.
func (s *Service) nearest(ctx context.Context, t *tree, chain []string) ([]Variable, error) {
	query, args, err := sqlx.In("SELECT organisation_id, name, type, value, local FROM variables WHERE organisation_id IN (?) ORDER BY name", chain)
	if err != nil {
		return nil, fault.From(err)
	}
	var rows []variableRow
	if err := s.read(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r variableRow) bool { return r.Local && r.OrganisationID != chain[0] })
	slices.SortStableFunc(rows, func(a, b variableRow) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return slices.Index(chain, a.OrganisationID) - slices.Index(chain, b.OrganisationID)
	})
	rows = slices.CompactFunc(rows, func(a, b variableRow) bool { return a.Name == b.Name })
	variables := make([]Variable, 0, len(rows))
	for _, row := range rows {
		v, err := row.variable(t)
		if err != nil {
			return nil, err
		}
		variables = append(variables, v)
	}
	return variables, nil
}

func (r variableRow) variable(t *tree) (Variable, error) {
	v := Variable{OrganisationID: r.OrganisationID, Name: r.Name, Type: r.Type, Local: r.Local, Source: t.byID[r.OrganisationID].copy()}
	if r.Type == TypeSecret || !r.Value.Valid {
		return v, nil
	}
	value, err := decodeData("the variable "+r.Name, r.Value.String)
	v.Value = value
	return v, err
}

// Guaranteed gives the variables that every organisation has, because the root hands them down, with
// their types: what the checker may rely on under org.vars.
func (s *Service) Guaranteed(ctx context.Context) ([]schema.Field, error) {
	root, err := s.Root(ctx)
	if err != nil {
		return nil, err
	}
	variables, err := s.Variables(ctx, root.ID)
	if err != nil {
		return nil, err
	}
	var fields []schema.Field
	for _, v := range variables {
		if !v.Local {
			fields = append(fields, schema.Field{Name: v.Name, Type: schemaType(v.Type), Required: true})
		}
	}
	return fields, nil
}

func schemaType(kind string) *schema.Type {
	switch kind {
	case TypeString:
		return schema.String()
	case TypeNumber:
		return schema.Number()
	case TypeBoolean:
		return schema.Boolean()
	case TypeList:
		return schema.ListOf(schema.Any())
	case TypeSecret:
		return schema.Secret()
	}
	return schema.MapOf(schema.Any())
}
