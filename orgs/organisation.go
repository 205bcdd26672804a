package orgs

import (
	"context"
	"slices"
	"time"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
	"gantry/store"
)

// maxDepth is how many levels the tree may have.
const maxDepth = 16

// Organisation is a tenant: the MSP at the root (ParentID ""), or a client below it. Its slugs are its own
// for ever: after it was renamed, removed or purged nobody else can take them, so that history never speaks
// of two. No runs begin for one that is not Enabled.
type Organisation struct {
	ID        string     `json:"id"`
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	ParentID  string     `json:"parent_id,omitempty"`
	Tags      []string   `json:"tags"`
	Enabled   bool       `json:"enabled"`
	CreatedAt time.Time  `json:"created_at"`
	DeletedAt *time.Time `json:"deleted_at,omitempty"`

	RemovedWith string `json:"-"` // id of the organisation whose removal took it along
}

// NewOrganisation is what Create needs. Parent is a slug; empty means the root, and where there is no root
// yet, that this becomes it.
type NewOrganisation struct {
	Slug, Name, Parent string
	Tags               []string
}

// Create adds an organisation. A slug that is taken, also by a removed organisation, gives fault.Exists.
func (s *Service) Create(ctx context.Context, wanted NewOrganisation) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	org, depth, err := s.newOrganisation(t, wanted)
	if err != nil {
		return Organisation{}, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := checkParent(tx, org); err != nil {
			return err
		}
		return insert(tx, org, depth)
	})
	if err != nil {
		s.memory.forget(true)
		return Organisation{}, err
	}
	s.memory.added(org.copy())
	s.listeners.tell(true)
	return org, nil
}

// newOrganisation checks what is wanted against the tree and gives it with its level, 0 for the root.
func (s *Service) newOrganisation(t *tree, wanted NewOrganisation) (Organisation, int, error) {
	org := Organisation{ID: s.newID(), Enabled: true, CreatedAt: timeOf(s.now())}
	slug, err := parseNewSlug(wanted.Slug)
	if err != nil {
		return org, 0, err
	}
	org.Slug = string(slug)
	if org.Name, err = tidyName("name of an organisation", wanted.Name, maxName); err != nil {
		return org, 0, err
	}
	if org.Tags, err = tidyTags(wanted.Tags); err != nil {
		return org, 0, err
	}
	depth := 0
	if t.root != "" || wanted.Parent != "" {
		parent, err := t.parentFor(wanted.Parent)
		if err != nil {
			return org, 0, err
		}
		if depth = len(t.chain(parent.ID)); depth >= maxDepth {
			return org, 0, tooDeep(parent)
		}
		org.ParentID = parent.ID
	}
	return org, depth, nil
}

func tooDeep(parent Organisation) error {
	return invalid("%s is %d levels deep already: the tree ends there.", parent.Name, maxDepth)
}

func (t *tree) parentFor(slug string) (Organisation, error) {
	if slug == "" {
		return t.byID[t.root], nil
	}
	return t.slugged(slug)
}

func insert(tx *store.Tx, org Organisation, depth int) error {
	tags, err := encodeTags(org.Tags)
	if err != nil {
		return err
	}
	if err := checkFormer(tx, org); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO organisations (id, parent_id, depth, slug, name, tags, enabled, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		org.ID, nullable(org.ParentID), depth, org.Slug, org.Name, tags, org.Enabled, org.CreatedAt.UnixMicro())
	if store.IsUnique(err) {
		return takenFault(tx, org)
	}
	return err
}

func encodeTags(tags []string) (string, error) {
	list := make([]any, len(tags))
	for i, tag := range tags {
		list[i] = tag
	}
	encoded, err := schema.Encode(list)
	return string(encoded), err
}

// checkFormer refuses a slug that another organisation had before.
func checkFormer(tx *store.Tx, org Organisation) error {
	var holders []string
	err := tx.Select(&holders, "SELECT organisation_id FROM former_slugs WHERE slug = ? AND organisation_id <> ?", org.Slug, org.ID)
	if err == nil && len(holders) > 0 {
		return formerFault(org.Slug)
	}
	return err
}

func formerFault(slug string) error {
	return fault.New(fault.Exists, "The slug %q was another organisation's, and stays its own.", slug).
		WithHint("choose another slug: history and workflows may still speak of the other one")
}

// checkParent looks in the transaction whether the parent still lives.
func checkParent(tx *store.Tx, org Organisation) error {
	if org.ParentID == "" {
		return nil
	}
	var live int
	err := tx.Get(&live, "SELECT count(*) FROM organisations WHERE id = ? AND deleted_at IS NULL", org.ParentID)
	if err == nil && live == 0 {
		return fault.New(fault.Missing, "The parent of %s has just been removed.", org.Name)
	}
	return err
}

func takenFault(tx *store.Tx, org Organisation) error {
	var removed []bool
	if err := tx.Select(&removed, "SELECT deleted_at IS NOT NULL FROM organisations WHERE slug = ?", org.Slug); err != nil {
		return err
	}
	switch {
	case len(removed) == 0: // the index on the root
		return fault.New(fault.Exists, "There is a root organisation already.").WithHint("name a parent for %s", org.Name)
	case removed[0]:
		return fault.New(fault.Exists, "The slug %q belongs to an organisation that was removed.", org.Slug).
			WithHint("restore that one, or choose another slug")
	default:
		return fault.New(fault.Exists, "There is an organisation %q already.", org.Slug).WithHint("choose another slug")
	}
}

func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// BySlug finds a live organisation by its slug, or by one that it had before.
func (s *Service) BySlug(ctx context.Context, slug string) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	return t.slugged(slug)
}

// ByID finds an organisation, also one that was removed (DeletedAt tells): history speaks of those.
func (s *Service) ByID(ctx context.Context, id string) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	org, ok := t.byID[id]
	if !ok {
		return Organisation{}, fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(id))
	}
	return org.copy(), nil
}

// Root gives the MSP.
func (s *Service) Root(ctx context.Context) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	if t.root == "" {
		return Organisation{}, fault.New(fault.Missing, "There is no organisation yet.").
			WithHint("add your MSP first: gantry orgs add my-msp --name \"My MSP\"")
	}
	return t.byID[t.root].copy(), nil
}

// List gives the live organisations, each before its children, children by name.
func (s *Service) List(ctx context.Context) ([]Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	return t.walk(), nil
}

// IsDescendant tells whether the organisation is below the ancestor, at any depth. None is below itself.
func (s *Service) IsDescendant(ctx context.Context, ancestorID, id string) (bool, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return false, err
	}
	return id != ancestorID && t.reaches(id, ancestorID), nil
}

func (t *tree) slugged(slug string) (Organisation, error) {
	id, ok := t.find(slug)
	if !ok {
		return Organisation{}, fault.New(fault.Missing, "There is no organisation %q.", shortened(slug)).
			WithHint("%s", hintOr(source.DidYouMean(slug, t.liveSlugs()), "`gantry orgs list` shows those there are"))
	}
	org := t.byID[id]
	if org.DeletedAt != nil {
		return Organisation{}, removedFault(org)
	}
	return org.copy(), nil
}

func hintOr(hint, otherwise string) string {
	if hint != "" {
		return hint
	}
	return otherwise
}

func removedFault(org Organisation) error {
	return fault.New(fault.Missing, "The organisation %s (%s) was removed.", org.Name, org.Slug).
		WithHint("restore it to use it again")
}

func (o Organisation) copy() Organisation {
	o.Tags = slices.Clone(o.Tags)
	return o
}
