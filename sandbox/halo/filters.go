package halo

import (
	"slices"
	"strings"
	"time"
)

// predicate tells whether a row stays in a list.
type predicate func(record) bool

// filter makes a predicate of a parameter that was given; nil means no restriction.
type filter func(l *listing, param string) predicate

// equals keeps rows whose field is the number; zero and negative numbers ask for nothing.
func equals(name string) filter {
	return func(l *listing, param string) predicate {
		want := l.q.int(param)
		if want <= 0 {
			return nil
		}
		return func(r record) bool { return toInt(l.value(r, name)) == want }
	}
}

// anyOf keeps rows whose field is one of the ids of a comma-separated list.
func anyOf(name string) filter {
	return func(l *listing, param string) predicate {
		ids, _ := l.q.ids(param)
		if len(ids) == 0 {
			return nil
		}
		return func(r record) bool { return slices.Contains(ids, toInt(l.value(r, name))) }
	}
}

// noneOf drops rows whose field is one of the ids of a comma-separated list.
func noneOf(name string) filter {
	return func(l *listing, param string) predicate {
		ids, _ := l.q.ids(param)
		return func(r record) bool { return !slices.Contains(ids, toInt(l.value(r, name))) }
	}
}

// like keeps rows whose field contains the text, in any case.
func like(names ...string) filter {
	return func(l *listing, param string) predicate { return l.containing(l.q.text(param), names) }
}

// is keeps rows whose field is the text, in any case.
func is(name string) filter {
	return func(l *listing, param string) predicate {
		want := l.q.text(param)
		return func(r record) bool { return strings.EqualFold(textOf(l.value(r, name)), want) }
	}
}

// when keeps rows that pass a test if the parameter is true.
func when(test func(l *listing, r record) bool) filter {
	return func(l *listing, param string) predicate {
		if !l.q.bool(param) {
			return nil
		}
		return func(r record) bool { return test(l, r) }
	}
}

// unless keeps only rows that pass a test if the parameter is given and false.
func unless(test predicate) filter {
	return func(l *listing, param string) predicate {
		if l.q.bool(param) {
			return nil
		}
		return test
	}
}

// flag keeps rows whose field is true if the parameter is true.
func flag(name string) filter {
	return when(func(l *listing, r record) bool { v, _ := l.value(r, name).(bool); return v })
}

// since and until keep rows whose date is not before or not after the parameter's.
func since(name string) filter {
	return dated(name, func(at, limit time.Time) bool { return !at.Before(limit) })
}

func until(name string) filter {
	return dated(name, func(at, limit time.Time) bool { return !at.After(limit) })
}

func dated(name string, keep func(at, limit time.Time) bool) filter {
	return func(l *listing, param string) predicate {
		limit, ok := l.date(param)
		if !ok {
			return nil
		}
		return func(r record) bool {
			at := dateOf(textOf(l.value(r, name)))
			return !at.IsZero() && keep(at, limit)
		}
	}
}

// changed filters by the time of the last change, which every row has.
func changed(keep func(at, limit time.Time) bool) filter {
	return func(l *listing, param string) predicate {
		limit, ok := l.date(param)
		if !ok {
			return nil
		}
		return func(r record) bool {
			at, _ := r[updatedAt].(time.Time)
			if stamp := dateOf(r.text("last_update")); !stamp.IsZero() {
				at = stamp
			}
			return keep(at, limit)
		}
	}
}

// commonFilters are those of every list.
var commonFilters = map[string]filter{
	"lastupdatefromdate": changed(func(at, limit time.Time) bool { return !at.Before(limit) }),
	"lastupdatetodate":   changed(func(at, limit time.Time) bool { return !at.After(limit) }),
}

// date reads a date parameter. A date alone, as an upper limit, means its end.
func (l *listing) date(param string) (time.Time, bool) {
	text := l.q.text(param)
	if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
		return time.Time{}, false // Halo's description calls some of these booleans; they do nothing
	}
	at, _, ok := parseDate(strings.ReplaceAll(text, " 00:00", "+00:00"))
	if !ok {
		if at, _, ok = parseDate(text); !ok {
			l.q.bad[param] = notValid(param, text)[param]
			return time.Time{}, false
		}
	}
	if len(text) == len("2006-01-02") && (strings.Contains(param, "end") || strings.Contains(param, "to")) {
		at = at.Add(24*time.Hour - time.Nanosecond)
	}
	return at, true
}

func (l *listing) containing(text string, names []string) predicate {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return nil
	}
	return func(r record) bool {
		for _, name := range names {
			if strings.Contains(strings.ToLower(textOf(l.value(r, name))), text) {
				return true
			}
		}
		return false
	}
}

func toInt(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case double:
		return int64(v)
	}
	return 0
}
