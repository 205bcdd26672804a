package halo

import (
	"net/url"
	"strconv"
	"strings"
)

// query reads the parameters of a request: names in any case, the first of several, empty ones as absent.
// What has the wrong type is noted in bad.
type query struct {
	values map[string]string
	bad    modelState
}

func readQuery(raw string) *query {
	q := &query{values: map[string]string{}, bad: modelState{}}
	for pair := range strings.SplitSeq(raw, "&") { // a broken pair spoils itself only
		name, value, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		name = strings.ToLower(name)
		if err1 != nil || err2 != nil || name == "" || value == "" {
			continue
		}
		if _, seen := q.values[name]; !seen {
			q.values[name] = value
		}
	}
	return q
}

func (q *query) text(name string) string { return q.values[name] }

func (q *query) has(name string) bool { return q.values[name] != "" }

// int reads a whole number; zero when absent.
func (q *query) int(name string) int64 {
	text := strings.TrimSpace(q.values[name])
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		q.bad[name] = notValid(name, text)[name]
	}
	return n
}

// rows reads a number of rows. Some clients send true, meaning that they want record_count: no number then.
func (q *query) rows(name string) int64 {
	if text := strings.ToLower(q.values[name]); text == "true" || text == "false" {
		return 0
	}
	return q.int(name)
}

// bool reads true or false in any case, or 1 and 0.
func (q *query) bool(name string) bool {
	text := strings.TrimSpace(q.values[name])
	switch strings.ToLower(text) {
	case "true", "1":
		return true
	case "", "false", "0":
		return false
	}
	q.bad[name] = notValid(name, text)[name]
	return false
}

// ids reads "1,2,3"; also "[1,2,3]", which some clients send. Other words are kept in words.
func (q *query) ids(name string) (ids []int64, words []string) {
	text := strings.Trim(q.values[name], "[] ")
	for part := range strings.SplitSeq(text, ",") {
		part = strings.Trim(strings.TrimSpace(part), `"'`)
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, n)
		} else if part != "" {
			words = append(words, part)
		}
	}
	return ids, words
}
