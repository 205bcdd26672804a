package halo

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// record is one stored entity: field names to int64, double, bool, string, []any, map[string]any or nil.
// Names that start with "~" are the simulator's own and never leave it.
type record map[string]any

// double is a number that Halo writes as a JSON double: eighteen is 18.0.
type double float64

const updatedAt = "~updated" // time.Time of the last change, for lastupdatefromdate

func (r record) int(name string) int64 {
	switch v := r[name].(type) {
	case int64:
		return v
	case double:
		return int64(v)
	}
	return 0
}

func (r record) num(name string) float64 {
	switch v := r[name].(type) {
	case int64:
		return float64(v)
	case double:
		return float64(v)
	}
	return 0
}

func (r record) text(name string) string { s, _ := r[name].(string); return s }

func (r record) bool(name string) bool { b, _ := r[name].(bool); return b }

func (r record) list(name string) []any { l, _ := r[name].([]any); return l }

func (r record) clone() record { return maps.Clone(r) }

// fill sets the fields that are not set yet.
func (r record) fill(defaults record) {
	for name, value := range defaults {
		if _, set := r[name]; !set {
			r[name] = value
		}
	}
}

// noDate is what Halo sends for a date that is not set.
const noDate = "1900-01-01T00:00:00"

const dateForm = "2006-01-02T15:04:05.9999999Z"

// haloDate writes a time as Halo does: UTC, up to seven fractional digits.
func haloDate(t time.Time) string { return t.UTC().Format(dateForm) }

var dateForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04", "2006-01-02",
}

// parseDate reads the forms of a date that .NET reads; zoned tells whether it named a time zone.
func parseDate(text string) (at time.Time, zoned, ok bool) {
	text = strings.TrimSpace(text)
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil && t.Year() > 0 && t.Year() < 9999 {
			return t, strings.Contains(form, "Z07"), true
		}
	}
	return time.Time{}, false, false
}

// dateOf reads a stored date; the zero time for none.
func dateOf(text string) time.Time {
	if text == "" || strings.HasPrefix(text, "1900-01-01") {
		return time.Time{}
	}
	t, _, _ := parseDate(text)
	return t
}

// textOf shows a scalar as people would type it, for comparisons and keys.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case double:
		return strconv.FormatFloat(float64(v), 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
