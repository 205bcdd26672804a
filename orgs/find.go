package orgs

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gantry/source"
)

// Filter says which organisations are meant. Empty fields leave it open.
type Filter struct {
	Tag     string
	Search  string // part of the name, slug or a tag, whatever its case and marks
	Removed bool   // removed ones instead of live ones
}

// Find gives the organisations that fit, each before those below it, children by name; of removed ones the
// last removed first.
func (s *Service) Find(ctx context.Context, f Filter) ([]Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	all := t.walk()
	if f.Removed {
		all = t.removed()
	}
	wanted := folded(f.Search)
	return slices.DeleteFunc(all, func(org Organisation) bool {
		tagged := f.Tag == "" || slices.Contains(org.Tags, norm.NFC.String(f.Tag))
		found := wanted == "" || strings.Contains(folded(org.Name+"\n"+org.Slug+"\n"+strings.Join(org.Tags, "\n")), wanted)
		return !tagged || !found
	}), nil
}

func folded(text string) string { return strings.ToLower(source.Latin(text)) }

func (t *tree) removed() []Organisation {
	var all []Organisation
	for _, org := range t.byID {
		if org.DeletedAt != nil {
			all = append(all, org.copy())
		}
	}
	slices.SortFunc(all, func(a, b Organisation) int {
		if c := b.DeletedAt.Compare(*a.DeletedAt); c != 0 {
			return c
		}
		return strings.Compare(a.Slug, b.Slug)
	})
	return all
}

// Origin is one organisation's value of a variable, seen from below.
type Origin struct {
	Variable
	// State is counts, hidden (a nearer one counts) or local (it is not handed down).
	State string `json:"state"`
}

// States of an Origin.
const (
	OriginCounts = "counts"
	OriginHidden = "hidden"
	OriginLocal  = "local"
)

// Origins gives every value of a variable on the way from the organisation up to the root, and which of
// them counts for the organisation. Values of secrets are nil, and so are those that another keeps to itself.
func (s *Service) Origins(ctx context.Context, orgID, name string) ([]Origin, error) {
	t, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	origins := []Origin{}
	counted := false
	for _, id := range t.chain(org.ID) {
		own, err := s.nearest(ctx, t, []string{id})
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(own, func(v Variable) bool { return v.Name == name })
		if at < 0 {
			continue
		}
		o := Origin{Variable: own[at], State: OriginHidden}
		switch {
		case o.Local && id != org.ID:
			o.State, o.Value = OriginLocal, nil
		case !counted:
			o.State, counted = OriginCounts, true
		}
		origins = append(origins, o)
	}
	return origins, nil
}
