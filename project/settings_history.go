package project

import (
	"maps"
	"slices"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

// Limits bound what a run keeps, in bytes; 0 is the default. They are engine.Bounds under another name.
type Limits struct{ MaxValue, MaxRun int }

// The most that Limits may be: no expression can hand on a larger value, and a run's results are held in memory.
const (
	mostValueMiB = 8
	mostRunMiB   = 1024
)

// History says which ended runs are kept: those of every organisation, and by the organisation's slug for it and those below it.
type History struct {
	Keep
	Organisations map[string]Keep

	places map[string]source.Pos // of the slugs
}

// Keep is how long ended runs are kept, and how many of one organisation; 0: without a bound.
type Keep struct {
	For  time.Duration
	Runs int
}

// Set tells whether anything is to be removed at all.
func (h History) Set() bool { return h.Keep != Keep{} || len(h.Organisations) > 0 }

func (l *Limits) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "limits", ds)
	defer f.Close()
	l.MaxValue, l.MaxRun = readCountUpTo(f, "value_mib", mostValueMiB, ds)<<20, readCountUpTo(f, "run_mib", mostRunMiB, ds)<<20
	if l.MaxRun > 0 && l.MaxValue > l.MaxRun {
		ds.Warnf(n.Pos, "bad-value", "value_mib is more than run_mib: no value can be that large").Hint = "a run keeps its values, so run_mib bounds each of them, too"
	}
}

func (h *History) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "history", ds)
	defer f.Close()
	h.Keep.read(f, ds)
	list := f.Node("organisations")
	if list == nil {
		return
	}
	if list.Kind != source.Map {
		source.WrongKind(ds, list, "organisations", "a map of organisations and what is kept of each")
		return
	}
	h.Organisations, h.places = map[string]Keep{}, map[string]source.Pos{}
	for _, e := range list.Entries {
		if _, err := orgs.ParseSlug(e.Key); err != nil {
			ds.Errorf(e.Value.Pos, "bad-value", "%s", fault.From(err).Message).Hint = fault.From(err).Hint
			continue
		}
		own := h.Keep // what it says nothing of is as for all
		of := source.ReadFields(e.Value, e.Key, ds)
		own.read(of, ds)
		of.Close()
		h.Organisations[e.Key] = own
		h.places[e.Key] = e.KeyPos
	}
}

// UnknownOrganisation is the code of a diagnostic of a slug that no organisation has.
const UnknownOrganisation = "unknown-organisation"

// Unknown gives the slugs in it that are none of those of the organisations that there are, in the order of the alphabet.
func (h History) Unknown(slugs []string) []string {
	var unknown []string
	for _, slug := range slices.Sorted(maps.Keys(h.Organisations)) {
		if !slices.Contains(slugs, slug) {
			unknown = append(unknown, slug)
		}
	}
	return unknown
}

// warn reports the slugs that no organisation has.
func (h History) warn(slugs []string, ds *source.Diagnostics) {
	for _, slug := range h.Unknown(slugs) {
		ds.Warnf(h.places[slug], UnknownOrganisation, "there is no organisation %q, so no old runs are removed, of any organisation", slug).Hint = source.DidYouMean(slug, slugs)
	}
}

const (
	day       = 24 * time.Hour
	leastKept = day
	mostKept  = 3650 * day
)

func (k *Keep) read(f *source.Fields, ds *source.Diagnostics) {
	if n := f.TextNode("keep"); n != nil {
		d, err := schema.ParseDuration(n.Value.(string))
		switch {
		case err != nil:
			ds.Errorf(n.Pos, "bad-value", "keep is not a duration: %q", n.Value).Hint = "write it as 90d or 8w"
		case d < leastKept || d > mostKept:
			ds.Errorf(n.Pos, "bad-value", "keep must be from 1d to 3650d")
		default:
			k.For = d
		}
	}
	if runs := readCount(f, "keep_runs", ds); runs > 0 {
		k.Runs = runs
	}
}
