package orgs

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
	"gantry/schema"
)

// tree is all organisations at one moment, removed ones too. It does not change.
type tree struct {
	root     string // id, "" while there is none
	byID     map[string]Organisation
	bySlug   map[string]string
	former   map[string]string   // ids by slugs of before; of purged ones, too
	children map[string][]string // live ones, in no order
}

// tree gives the organisations of now.
func (s *Service) tree(ctx context.Context) (*tree, error) {
	return remembered(s, treeOf{}, func() (*tree, error) { return loadTree(s.readers(ctx)) })
}

type organisationRow struct {
	ID          string         `db:"id"`
	ParentID    sql.NullString `db:"parent_id"`
	Slug        string         `db:"slug"`
	Name        string         `db:"name"`
	Tags        string         `db:"tags"`
	Enabled     bool           `db:"enabled"`
	CreatedAt   int64          `db:"created_at"`
	DeletedAt   sql.NullInt64  `db:"deleted_at"`
	RemovedWith sql.NullString `db:"removed_with"`
}

// selector reads rows, outside of a transaction or in it.
type selector func(dest any, query string, args ...any) error

func (s *Service) readers(ctx context.Context) selector {
	return func(dest any, query string, args ...any) error { return s.read(ctx, dest, query, args...) }
}

const selectOrganisations = "SELECT id, parent_id, slug, name, tags, enabled, created_at, deleted_at, removed_with FROM organisations"

func newTree() *tree {
	return &tree{byID: make(map[string]Organisation), bySlug: make(map[string]string), former: make(map[string]string),
		children: make(map[string][]string)}
}

func loadTree(from selector) (*tree, error) {
	var rows []organisationRow
	if err := from(&rows, selectOrganisations); err != nil {
		return nil, err
	}
	var former []struct {
		Slug string `db:"slug"`
		ID   string `db:"organisation_id"`
	}
	if err := from(&former, "SELECT slug, organisation_id FROM former_slugs"); err != nil {
		return nil, err
	}
	t := newTree()
	for _, row := range rows {
		org, err := row.organisation()
		if err != nil {
			return nil, err
		}
		t.add(org)
	}
	for _, f := range former {
		t.former[f.Slug] = f.ID
	}
	return t, nil
}

// loadBranches gives the part of the tree that has the organisations with the ids and all above them. A change
// asks it in its transaction who is above whom: the tree that is remembered lacks what was changed just before.
func loadBranches(from selector, ids ...string) (*tree, error) {
	t := newTree()
	for len(ids) > 0 {
		query, args, err := sqlx.In(selectOrganisations+" WHERE id IN (?)", ids)
		if err != nil {
			return nil, fault.From(err)
		}
		var rows []organisationRow
		if err := from(&rows, query, args...); err != nil {
			return nil, err
		}
		ids = nil
		for _, row := range rows {
			org, err := row.organisation()
			if err != nil {
				return nil, err
			}
			t.add(org)
			ids = append(ids, org.ParentID)
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" || t.byID[id].ID != "" })
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	return t, nil
}

func (r organisationRow) organisation() (Organisation, error) {
	org := Organisation{ID: r.ID, Slug: r.Slug, Name: r.Name, ParentID: r.ParentID.String, Enabled: r.Enabled,
		CreatedAt: timeOf(r.CreatedAt), RemovedWith: r.RemovedWith.String}
	if r.DeletedAt.Valid {
		at := timeOf(r.DeletedAt.Int64)
		org.DeletedAt = &at
	}
	decoded, err := schema.DecodeBytes([]byte(r.Tags))
	tags, ok := decoded.([]any)
	if err != nil || !ok {
		return org, fault.New(fault.Storage, "The tags of %s cannot be read from the database.", r.Slug)
	}
	org.Tags = make([]string, 0, len(tags))
	for _, tag := range tags {
		if text, ok := tag.(string); ok {
			org.Tags = append(org.Tags, text)
		}
	}
	return org, nil
}

// find gives the id that a slug means, of now or of before.
func (t *tree) find(slug string) (string, bool) {
	if id, ok := t.bySlug[slug]; ok {
		return id, true
	}
	id, ok := t.former[slug]
	if _, there := t.byID[id]; ok && there {
		return id, true
	}
	return "", false
}

// taken tells whether a new organisation cannot have the slug.
func (t *tree) taken(slug string) bool {
	_, now := t.bySlug[slug]
	_, before := t.former[slug]
	return now || before
}

// with gives the tree with one organisation more.
func (t *tree) with(org Organisation) *tree {
	if _, known := t.byID[org.ID]; known {
		return t
	}
	more := &tree{root: t.root, byID: maps.Clone(t.byID), bySlug: maps.Clone(t.bySlug), former: t.former, children: maps.Clone(t.children)}
	more.children[org.ParentID] = slices.Clip(more.children[org.ParentID]) // the older tree keeps its own
	more.add(org)
	return more
}

func (t *tree) add(org Organisation) {
	t.byID[org.ID] = org
	t.bySlug[org.Slug] = org.ID
	if org.ParentID == "" {
		t.root = org.ID
	} else if org.DeletedAt == nil {
		t.children[org.ParentID] = append(t.children[org.ParentID], org.ID)
	}
}

// chain gives the ids from the organisation up to the root, itself first.
func (t *tree) chain(id string) []string {
	var ids []string
	for id != "" && len(ids) <= maxDepth {
		ids = append(ids, id)
		id = t.byID[id].ParentID
	}
	return ids
}

// reaches tells whether the ancestor is the organisation itself or above it.
func (t *tree) reaches(id, ancestor string) bool {
	return ancestor != "" && slices.Contains(t.chain(id), ancestor)
}

func (t *tree) walk() []Organisation {
	var all []Organisation
	var visit func(id string)
	visit = func(id string) {
		all = append(all, t.byID[id].copy())
		for _, child := range t.byName(t.children[id]) {
			visit(child)
		}
	}
	if t.root != "" {
		visit(t.root)
	}
	return all
}

func (t *tree) byName(ids []string) []string {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, func(a, b string) int {
		x, y := t.byID[a], t.byID[b]
		return cmp.Or(strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), strings.Compare(x.Slug, y.Slug))
	})
	return sorted
}

func (t *tree) liveSlugs() []string    { return t.slugs(false) }
func (t *tree) removedSlugs() []string { return t.slugs(true) }

func (t *tree) slugs(removed bool) []string {
	var slugs []string
	for _, org := range t.byID {
		if (org.DeletedAt != nil) == removed {
			slugs = append(slugs, org.Slug)
		}
	}
	slices.Sort(slugs)
	return slugs
}

// live finds an organisation by id and refuses one that was removed. Every read of what belongs to an
// organisation begins here.
func (s *Service) live(ctx context.Context, id string) (*tree, Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, Organisation{}, err
	}
	org, err := t.liveByID(id)
	return t, org, err
}
