package schedule

import (
	"fmt"
	"strconv"
	"strings"
)

// specialDay reads days of the month that differ from month to month: L, L-3, LW, 15W.
func specialDay(item string) (string, bool) {
	item = strings.ToUpper(item)
	if item == "L" || item == "LW" {
		return item, true
	}
	if before, ok := strings.CutPrefix(item, "L-"); ok {
		n, ok := digits(before)
		return fmt.Sprintf("L-%d", n), ok && n >= 1 && n <= 30
	}
	if near, ok := strings.CutSuffix(item, "W"); ok {
		n, ok := digits(near)
		return fmt.Sprintf("%dW", n), ok && n >= 1 && n <= 31
	}
	return "", false
}

// specialWeekday reads days of the week in a certain week of the month: tue#2, friL and fri#L.
func specialWeekday(item string) (string, bool) {
	day, nth, found := strings.Cut(item, "#")
	if !found {
		day, nth = item[:max(len(item)-1, 0)], item[max(len(item)-1, 0):]
		if !strings.EqualFold(nth, "L") {
			return "", false
		}
	}
	n, ok := weekday(day)
	if !ok {
		return "", false
	}
	if strings.EqualFold(nth, "L") {
		return fmt.Sprintf("%d#L", n), true
	}
	which, ok := digits(nth)
	return fmt.Sprintf("%d#%d", n, which), ok && which >= 1 && which <= 5
}

func weekday(text string) (int, bool) {
	for i, w := range weekdays {
		if strings.EqualFold(text, w) {
			return i, true
		}
	}
	n, ok := digits(text)
	return n % 7, ok && n <= 7
}

var longestMonths = []int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// never says why a schedule does not come.
func never(fields []field) *Problem {
	day, month := fields[2], fields[3]
	d, single := digits(day.text)
	m, problem := month.number(month.text, false)
	if single && problem == nil && d > longestMonths[m-1] {
		return day.wrong("there is no day %d in month %d", d, m).hint("the last day of that month is L or %s", strconv.Itoa(longestMonths[m-1]))
	}
	p := day.wrong("no day is %s in month %s", day.text, month.text)
	if fields[4].text != "*" {
		p.Text += " and " + fields[4].text + " as day of the week"
	}
	return p.hint("mend the day of the month, the month or the day of the week")
}
