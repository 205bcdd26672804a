package halo

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// condition is one entry of advanced_search. Types: 0 IN, 1 NOT IN, 2 and 6 =, 3 <>, 4 LIKE, 5 NOT LIKE, 7 >,
// 8 >=, 9 <, 10 <=.
type condition struct {
	Name  string `json:"filter_name"`
	Type  int    `json:"filter_type"`
	Value any    `json:"filter_value"`
}

// advanced reads advanced_search: a JSON array of conditions that must all hold.
func (l *listing) advanced() ([]predicate, *answer) {
	text := l.q.text("advanced_search")
	if text == "" {
		return nil, nil
	}
	var conditions []condition
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber()
	if err := dec.Decode(&conditions); err != nil {
		refusal := broken("The advanced search could not be read: it must be a JSON array of filters.")
		return nil, &refusal
	}
	var tests []predicate
	for _, c := range conditions {
		f, known := schemas()[l.res.schema].field(c.Name)
		if !known || c.Type < 0 || c.Type > 10 {
			refusal := broken("Invalid filter '" + clip(c.Name) + "' in the advanced search.")
			return nil, &refusal
		}
		want := textOf(loose(c.Value))
		tests = append(tests, func(r record) bool { return c.holds(l.value(r, f.name), f.kind, want) })
	}
	return tests, nil
}

func (c condition) holds(have any, k kind, want string) bool {
	text := textOf(have)
	switch c.Type {
	case 0:
		return c.among(text)
	case 1:
		return !c.among(text)
	case 4:
		return likeSQL(text, want)
	case 5:
		return !likeSQL(text, want)
	}
	order := c.compared(have, k, want)
	switch c.Type {
	case 3:
		return order != 0
	case 7:
		return order > 0
	case 8:
		return order >= 0
	case 9:
		return order < 0
	case 10:
		return order <= 0
	}
	return order == 0
}

// compared orders a field against the wanted text, as the field's type.
func (c condition) compared(have any, k kind, want string) int {
	if k == kindDate {
		at, _, ok := parseDate(want)
		if !ok {
			return -1
		}
		return dateOf(textOf(have)).Compare(at)
	}
	if k == kindInt || k == kindNum {
		if n, problem := coerceNum(want); problem == "" && n != nil {
			return compare(have, n)
		}
	}
	return compare(textOf(have), want)
}

func (c condition) among(text string) bool {
	var options []string
	if list, ok := c.Value.([]any); ok {
		for _, v := range list {
			options = append(options, textOf(loose(v)))
		}
	} else {
		options = strings.Split(textOf(loose(c.Value)), ",")
	}
	return slices.ContainsFunc(options, func(o string) bool { return strings.EqualFold(strings.TrimSpace(o), text) })
}

// likeSQL is SQL's LIKE with % at the ends; a bare word is looked for anywhere.
func likeSQL(text, pattern string) bool {
	text, pattern = strings.ToLower(text), strings.ToLower(pattern)
	start, end := strings.HasPrefix(pattern, "%"), strings.HasSuffix(pattern, "%")
	word := strings.Trim(pattern, "%")
	switch {
	case start == end:
		return strings.Contains(text, word)
	case start:
		return strings.HasSuffix(text, word)
	}
	return strings.HasPrefix(text, word)
}
