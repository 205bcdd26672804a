package connect

import (
	"context"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"gantry/connect/names"
	"gantry/orgs"
)

// The statuses of organisations and entities in Suggestions.
const (
	Mapped          = "mapped"           // it is mapped under this instance
	MappedElsewhere = "mapped_elsewhere" // it is mapped under another instance
	Matched         = "matched"          // a name on the ladder, to be saved
	Ambiguous       = "ambiguous"        // several fit equally well
	Suggested       = "suggested"        // alike, for a person to decide
	Unmatched       = "unmatched"        // nothing comes near
)

// Suggestions says of each organisation in scope what it is mapped to, or should be.
type Suggestions struct {
	Integration string    `json:"integration"`
	Instance    string    `json:"instance"` // its name
	ReadAt      time.Time `json:"read_at"`  // when the entities were read
	Rows        []Row     `json:"rows"`     // by the tree of organisations
	// Left are the entities that no organisation is mapped to or matched with, by name.
	Left          []LeftOver `json:"left"`
	Organisations Summary    `json:"organisations"` // counts the rows
	Entities      Summary    `json:"entities"`
}

// Summary counts by status.
type Summary struct {
	Total           int `json:"total"`
	Mapped          int `json:"mapped"`
	MappedElsewhere int `json:"mapped_elsewhere"`
	Matched         int `json:"matched"`
	Ambiguous       int `json:"ambiguous"`
	Suggested       int `json:"suggested"`
	Unmatched       int `json:"unmatched"`
}

func (s *Summary) add(status string) {
	s.Total++
	for name, count := range map[string]*int{Mapped: &s.Mapped, MappedElsewhere: &s.MappedElsewhere, Matched: &s.Matched,
		Ambiguous: &s.Ambiguous, Suggested: &s.Suggested, Unmatched: &s.Unmatched} {
		if name == status {
			*count++
		}
	}
}

// Row is one organisation.
type Row struct {
	OrganisationID string `json:"organisation_id"`
	Organisation   string `json:"organisation"` // slug
	Name           string `json:"name"`
	Status         string `json:"status"`
	// Current is what it is mapped to now; Under names the other instance it is mapped under, and Gone tells that
	// the entity was not among those read.
	Current *orgs.MappingTo `json:"current,omitempty"`
	Under   string          `json:"under,omitempty"`
	Gone    bool            `json:"gone,omitempty"`
	// SharedWith are the slugs of the other organisations that are the same entity under the same instance.
	SharedWith []string `json:"shared_with,omitempty"`
	// Suggestion is the entity of a row that is matched.
	Suggestion *orgs.Entity `json:"suggestion,omitempty"`
	Rung       names.Rung   `json:"rung,omitempty"`
	Confidence float64      `json:"confidence"` // 0 to 1
	Why        string       `json:"why,omitempty"`
	// Alternatives are entities that may be meant, the best first, and More is how many others there are.
	Alternatives []Alternative `json:"alternatives,omitempty"`
	More         int           `json:"more,omitempty"`
}

// Alternative is an entity that may be meant.
type Alternative struct {
	orgs.Entity
	Rung       names.Rung `json:"rung"`
	Confidence float64    `json:"confidence"`
}

// LeftOver is an entity that is not mapped and not matched.
type LeftOver struct {
	orgs.Entity
	Status string `json:"status"` // ambiguous, suggested, unmatched
	Why    string `json:"why"`
}

// Suggest compares the names of the organisations below the target's owner, and its own, with those of the
// entities as they were last read. Organisations and entities that are mapped are left as they are, and out
// of the comparison. With tags, only rows of organisations with one of them are given; the others take
// part all the same, since a name is no less ambiguous for them. Nothing is saved.
func (s *Service) Suggest(ctx context.Context, t Target, tags ...string) (Suggestions, error) {
	options, err := s.Options(ctx, t)
	if err != nil {
		return Suggestions{}, err
	}
	sc, err := s.scope(ctx, t)
	if err != nil {
		return Suggestions{}, err
	}
	g := &suggesting{Suggestions: Suggestions{Integration: options.Integration, Instance: options.Instance, ReadAt: options.ReadAt,
		Rows: []Row{}, Left: []LeftOver{}}, scope: sc, known: map[string]bool{}}
	for _, e := range options.Entities {
		g.known[e.ID] = true
		if len(sc.owners[e.ID]) > 0 {
			g.Entities.add(Mapped)
		} else {
			g.free = append(g.free, e)
		}
	}
	g.compare()
	for i, org := range sc.orgs {
		if len(tags) == 0 || slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(org.Tags, norm.NFC.String(tag)) }) {
			row := g.row(i, org)
			g.Rows = append(g.Rows, row)
			g.Organisations.add(row.Status)
		}
	}
	g.leftOver()
	return g.Suggestions, nil
}

// suggesting is one call of Suggest.
type suggesting struct {
	Suggestions
	scope  scope
	known  map[string]bool // ids of all entities
	free   []orgs.Entity   // not mapped
	result names.Result    // of asking and free
	place  map[int]int     // index of an organisation: its place in asking
}

func (g *suggesting) compare() {
	g.place = map[int]int{}
	var left []string
	for i, org := range g.scope.orgs {
		if _, mapped := g.scope.mappings[org.ID]; !mapped {
			g.place[i] = len(left)
			left = append(left, org.Name)
		}
	}
	right := make([]string, len(g.free))
	for i, e := range g.free {
		right[i] = e.Name
	}
	g.result = names.Match(left, right)
}

func (g *suggesting) row(i int, org orgs.Organisation) Row {
	row := Row{OrganisationID: org.ID, Organisation: org.Slug, Name: org.Name}
	if m, mapped := g.scope.mappings[org.ID]; mapped {
		row.Current, row.Status = &m, Mapped
		row.Rung, row.Confidence = names.Rung(m.Rung), m.Confidence
		if under, elsewhere := g.scope.elsewhere(m); elsewhere {
			row.Status, row.Under = MappedElsewhere, under
		} else {
			row.Gone = !g.known[m.ExternalID]
			for _, other := range g.scope.owners[m.ExternalID] {
				if other.ID != org.ID {
					row.SharedWith = append(row.SharedWith, other.Slug)
				}
			}
		}
		return row
	}
	found := g.result.Left[g.place[i]]
	row.Status, row.Rung, row.Confidence, row.Why, row.More = statusOf(found), found.Rung, found.Confidence, found.Why, found.More
	if found.Match >= 0 {
		row.Suggestion = &g.free[found.Match]
	}
	for _, c := range found.Candidates {
		row.Alternatives = append(row.Alternatives, Alternative{g.free[c.Index], c.Rung, c.Confidence})
	}
	return row
}

func statusOf(row names.Row) string {
	switch {
	case row.Match >= 0:
		return Matched
	case row.Ambiguous:
		return Ambiguous
	case len(row.Candidates) > 0:
		return Suggested
	}
	return Unmatched
}

func (g *suggesting) leftOver() {
	for i, e := range g.free {
		found := g.result.Right[i]
		status := statusOf(found)
		g.Entities.add(status)
		if status != Matched {
			g.Left = append(g.Left, LeftOver{e, status, found.Why})
		}
	}
	slices.SortStableFunc(g.Left, func(a, b LeftOver) int { return compareNames(a.Name, b.Name) })
}
