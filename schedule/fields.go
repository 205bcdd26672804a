package schedule

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	example = "minute hour day month weekday, such as 0 8 * * mon-fri for 8:00 on workdays"
	longest = 1000 // bytes of a schedule's text
)

// kind is one of the five fields.
type kind struct {
	name        string
	least, most int
	words       []string // names for the numbers from least on
	special     func(item string) (normal string, ok bool)
}

var kinds = []kind{
	{name: "minute", most: 59},
	{name: "hour", most: 23},
	{name: "day of the month", least: 1, most: 31, special: specialDay},
	{name: "month", least: 1, most: 12, words: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of the week", most: 7, words: weekdays, special: specialWeekday},
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// field is what was written for one of the five.
type field struct {
	kind
	text   string
	offset int
}

// words are the schedules that have a name.
var words = []struct{ name, text string }{
	{"@hourly", "0 * * * *"}, {"@daily", "0 0 * * *"}, {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
	{"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"},
}

// split takes a schedule apart.
func split(text string) ([]field, *Problem) {
	if len(text) > longest {
		return nil, &Problem{Text: fmt.Sprintf("it is longer than %d characters", longest), Hint: example}
	}
	if strings.HasPrefix(strings.TrimSpace(text), "@") {
		return splitWord(strings.ToLower(strings.TrimSpace(text)))
	}
	parts := strings.FieldsFunc(text, blank)
	if len(parts) > 0 && strings.Contains(parts[0], "=") {
		return nil, &Problem{Text: "the time zone is not part of the schedule", Hint: "leave " + parts[0] + " out and write the key timezone, such as timezone: Europe/London"}
	}
	if len(parts) != len(kinds) {
		hint := example
		if len(parts) > len(kinds) {
			hint += "; seconds and years are not part of it"
		}
		return nil, &Problem{Text: fmt.Sprintf("it has %s, not five (minute hour day month weekday)", counted(len(parts))), Hint: hint}
	}
	fields := make([]field, len(kinds))
	end := 0
	for i, part := range parts {
		offset := end + strings.Index(text[end:], part)
		end = offset + len(part)
		fields[i] = field{kinds[i], part, offset}
	}
	return fields, nil
}

func blank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func counted(n int) string {
	if n == 1 {
		return "1 field"
	}
	return strconv.Itoa(n) + " fields"
}

func splitWord(text string) ([]field, *Problem) {
	var names []string
	for _, w := range words {
		if text == w.name {
			return split(w.text)
		}
		names = append(names, w.name)
	}
	p := &Problem{Text: fmt.Sprintf("%q is not one of %s", text, strings.Join(names, ", ")), Hint: example}
	switch {
	case strings.HasPrefix(text, "@every"):
		p.Hint = "for equal distances of time use a trigger of type interval, with every: 15m"
	case text == "@reboot":
		p.Hint = "Gantry has no schedule for its own start; times that passed meanwhile are caught up with catch_up"
	}
	return nil, p
}

// normalise gives the field in numbers, as the library reads it, or tells what is wrong.
func (f field) normalise() (string, *Problem) {
	items := strings.Split(f.text, ",")
	for i, item := range items {
		normal, problem := f.item(item)
		if problem != nil {
			return "", problem
		}
		if len(items) > 1 && normal == "*" {
			return "", f.wrong("* stands for every value, so it stands alone")
		}
		items[i] = normal
	}
	return strings.Join(items, ","), nil
}

func (f field) item(item string) (string, *Problem) {
	if f.special != nil {
		if normal, ok := f.special(item); ok {
			return normal, nil
		}
	}
	spanned, step, stepped := strings.Cut(item, "/")
	from, to, problem := f.ends(spanned)
	if problem != nil {
		return "", problem
	}
	n := 1
	if stepped {
		var ok bool
		if n, ok = digits(step); !ok || n < 1 || n > f.most {
			return "", f.wrong("the step %q must be a number from 1 to %d", step, f.most)
		}
	}
	all := spanned == "*"
	if stepped && !all && !strings.Contains(spanned, "-") {
		to = f.most
	}
	switch {
	case n > 1 && n > to-from:
		return "", f.wrong("the step %d is longer than %s, so only %d is left", n, spanned, from).hint("write %d alone, or a shorter step", from)
	case all && n == 1:
		return "*", nil
	case all:
		return fmt.Sprintf("*/%d", n), nil
	case from == to && n == 1:
		return strconv.Itoa(from), nil
	}
	return fmt.Sprintf("%d-%d/%d", from, to, n), nil
}

// ends gives the first and last value of *, a range or a single value.
func (f field) ends(text string) (from, to int, problem *Problem) {
	if text == "*" {
		return f.least, f.most, nil
	}
	left, right, ranged := strings.Cut(text, "-")
	if from, problem = f.number(left, ranged); problem != nil || !ranged {
		return from, from, problem
	}
	if to, problem = f.number(right, ranged); problem != nil {
		return 0, 0, problem
	}
	if to == 0 && from > 0 && f.words != nil {
		to = 7 // sat-sun: the week's end
	}
	if to < from {
		p := f.wrong("the range %s runs backwards", text)
		return 0, 0, p.hint("write it as two: %s-%d,%d-%s", left, f.most, f.least, right)
	}
	return from, to, nil
}

func (f field) number(text string, ranged bool) (int, *Problem) {
	for i, w := range f.words {
		if strings.EqualFold(text, w) {
			return i + f.least, nil
		}
	}
	if n, ok := digits(text); ok && n >= f.least && n <= f.most {
		return n, nil
	}
	rest := "must be *, or lie between"
	if ranged {
		rest = "must lie between"
	}
	return 0, f.wrong("%q %s %d and %d", text, rest, f.least, f.most).hint("%s", f.insteadOf(text))
}

// insteadOf guesses what was meant by something that is no value of the field.
func (f field) insteadOf(text string) string {
	for i, w := range f.words {
		if len(text) > len(w) && strings.EqualFold(text[:len(w)], w) {
			return fmt.Sprintf("names have three letters: %s, or the number %d", w, i+f.least)
		}
	}
	switch {
	case text == "?":
		return "write * for any value"
	case f.name == "day of the week" && strings.EqualFold(text, "L"):
		return "the last Friday of a month is friL"
	case f.name == "hour" && text == "24":
		return "midnight is hour 0"
	case f.name == "minute" && text == "60":
		return "the full hour is minute 0"
	}
	return example
}

// digits reads a number of one or two digits; signs and spaces are none.
func digits(text string) (int, bool) {
	if text == "" || len(text) > 2 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func (f field) wrong(format string, args ...any) *Problem {
	return &Problem{Field: f.name, Offset: f.offset, Text: f.name + ": " + fmt.Sprintf(format, args...), Hint: example}
}

func (p *Problem) hint(format string, args ...any) *Problem {
	p.Hint = fmt.Sprintf(format, args...)
	return p
}
