package workflow

import (
	"fmt"
	"strconv"
	"strings"
)

// cronField is one of the five fields of a schedule.
type cronField struct {
	name        string
	least, most int
	words       []string // names for the numbers from least on
}

var cronFields = []cronField{
	{"minute", 0, 59, nil},
	{"hour", 0, 23, nil},
	{"day of the month", 1, 31, nil},
	{"month", 1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{"day of the week", 0, 7, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

var cronWords = []string{"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"}

// checkCron tells what is wrong with a schedule: five fields of numbers, names, lists, ranges and steps,
// or one of the words. "" is nothing.
func checkCron(text string) string {
	if strings.HasPrefix(text, "@") {
		for _, w := range cronWords {
			if text == w {
				return ""
			}
		}
		return fmt.Sprintf("%q is not one of %s", text, orList(cronWords))
	}
	parts := strings.Fields(text)
	if len(parts) != len(cronFields) {
		return fmt.Sprintf("it has %d fields, not five (minute hour day month weekday)", len(parts))
	}
	for i, part := range parts {
		if problem := cronFields[i].check(part); problem != "" {
			return problem
		}
	}
	return impossibleDay(parts[2], parts[3], parts[4])
}

func (f cronField) check(part string) string {
	for _, item := range strings.Split(part, ",") {
		span, step, stepped := strings.Cut(item, "/")
		if stepped {
			if n, err := strconv.Atoi(step); err != nil || n < 1 || n > f.most {
				return fmt.Sprintf("%s: the step %q must be a number from 1 to %d", f.name, step, f.most)
			}
		}
		if span == "*" {
			continue
		}
		from, to, ranged := strings.Cut(span, "-")
		a, ok := f.number(from)
		if !ok {
			return fmt.Sprintf("%s: %q must be *, or lie between %d and %d", f.name, from, f.least, f.most)
		}
		if !ranged {
			continue
		}
		b, ok := f.number(to)
		if !ok {
			return fmt.Sprintf("%s: %q must lie between %d and %d", f.name, to, f.least, f.most)
		}
		if b < a {
			return fmt.Sprintf("%s: the range %s runs backwards", f.name, span)
		}
	}
	return ""
}

func (f cronField) number(text string) (int, bool) {
	for i, w := range f.words {
		if strings.EqualFold(text, w) {
			return i + f.least, true
		}
	}
	if len(text) == 0 || len(text) > 2 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.least && n <= f.most
}

// impossibleDay finds schedules that never come, such as 31 February.
func impossibleDay(day, month, weekday string) string {
	d, err := strconv.Atoi(day)
	m, ok := cronFields[3].number(month)
	if err != nil || !ok || weekday != "*" {
		return ""
	}
	longest := []int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if d > longest {
		return fmt.Sprintf("there is no day %d in month %d", d, m)
	}
	return ""
}
