package halo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// sqlDate is how dates stand in the tables that reports read: of one length, so that text compares as time does.
const sqlDate = "2006-01-02T15:04:05"

// reportFunctions are SQL Server's functions that SQLite lacks. Nothing in gives nothing out.
func reportFunctions(now time.Time) map[string]any {
	dated := func(form string) func(...any) any {
		return func(args ...any) any {
			return onDate(args, 0, func(t time.Time) any { return t.Format(form) })
		}
	}
	part := func(name string) func(...any) any {
		return func(args ...any) any { return onDate(args, 0, func(t time.Time) any { return datePart(name, t) }) }
	}
	return map[string]any{
		"mssql_now":  func() string { return now.UTC().Format(sqlDate) },
		"mssql_date": dated("2006-01-02"), "mssql_datetime": dated(sqlDate), "mssql_time": dated("15:04:05"),
		"mssql_year": part("year"), "mssql_month": part("month"), "mssql_day": part("day"),
		"mssql_dateadd": sqlDateAdd, "mssql_datediff": sqlDateDiff, "mssql_text": sqlTextOf, "mssql_number": sqlNumberOf,
		"mssql_datepart": func(args ...any) any {
			return onDate(args, 1, func(t time.Time) any { return datePart(fmt.Sprint(args[0]), t) })
		},
		"mssql_datename": sqlDateName, "mssql_eomonth": sqlMonthEnd, "mssql_format": sqlFormat,
		"mssql_left": sqlLeft, "mssql_right": sqlRight, "mssql_concat": sqlConcat, "mssql_charindex": sqlCharIndex,
		"mssql_isnumeric": func(v any) int64 {
			_, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(v)), 64)
			return int64(boolRank(err == nil))
		},
		"mssql_ceiling": sqlRounded(math.Ceil), "mssql_floor": sqlRounded(math.Floor),
	}
}

// onDate reads an argument as a date and applies do; nil when there is no date.
func onDate(args []any, n int, do func(time.Time) any) any {
	if n >= len(args) {
		return nil
	}
	at, _, ok := parseDate(sqlPlain(args[n]))
	if !ok {
		return nil
	}
	return do(at)
}

func sqlPlain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

var datePartNames = map[string]string{
	"yy": "year", "yyyy": "year", "mm": "month", "m": "month", "dd": "day", "d": "day", "wk": "week", "ww": "week", "hh": "hour", "mi": "minute",
	"n": "minute", "ss": "second", "s": "second", "dw": "weekday", "qq": "quarter", "q": "quarter", "dy": "dayofyear",
}

func datePartName(name string) string {
	name = strings.ToLower(name)
	return firstOf(datePartNames[name], name)
}

func datePart(name string, t time.Time) any {
	switch datePartName(name) {
	case "year":
		return int64(t.Year())
	case "quarter":
		return int64((t.Month()-1)/3 + 1)
	case "month":
		return int64(t.Month())
	case "week", "iso_week":
		_, week := t.ISOWeek()
		return int64(week)
	case "day":
		return int64(t.Day())
	case "dayofyear":
		return int64(t.YearDay())
	case "weekday":
		return int64(t.Weekday()) + 1
	case "hour":
		return int64(t.Hour())
	case "minute":
		return int64(t.Minute())
	case "second":
		return int64(t.Second())
	}
	return nil
}

func sqlDateName(args ...any) any {
	return onDate(args, 1, func(t time.Time) any {
		switch datePartName(sqlPlain(args[0])) {
		case "month":
			return t.Month().String()
		case "weekday":
			return t.Weekday().String()
		}
		return sqlPlain(datePart(sqlPlain(args[0]), t))
	})
}

func sqlDateAdd(args ...any) any {
	if len(args) != 3 {
		return nil
	}
	number, err := strconv.ParseFloat(sqlPlain(args[1]), 64)
	if err != nil || math.Abs(number) > 1e7 {
		return nil
	}
	n := int(number)
	return onDate(args, 2, func(t time.Time) any {
		switch datePartName(sqlPlain(args[0])) {
		case "year":
			t = t.AddDate(n, 0, 0)
		case "quarter":
			t = t.AddDate(0, 3*n, 0)
		case "month":
			t = t.AddDate(0, n, 0)
		case "week":
			t = t.AddDate(0, 0, 7*n)
		case "day", "dayofyear", "weekday":
			t = t.AddDate(0, 0, n)
		case "hour":
			t = t.Add(time.Duration(n) * time.Hour)
		case "minute":
			t = t.Add(time.Duration(n) * time.Minute)
		case "second":
			t = t.Add(time.Duration(n) * time.Second)
		default:
			return nil
		}
		return t.Format(sqlDate)
	})
}

// sqlDateDiff counts the boundaries between two dates, as DATEDIFF does: a minute past midnight is a day later.
func sqlDateDiff(args ...any) any {
	return onDate(args, 1, func(from time.Time) any {
		return onDate(args, 2, func(to time.Time) any {
			months := int64((to.Year()-from.Year())*12) + int64(to.Month()) - int64(from.Month())
			cut := func(d time.Duration) int64 { return int64(to.Truncate(d).Sub(from.Truncate(d)) / d) }
			switch datePartName(sqlPlain(args[0])) {
			case "year":
				return int64(to.Year() - from.Year())
			case "quarter":
				return int64(to.Year()-from.Year())*4 + int64((to.Month()-1)/3) - int64((from.Month()-1)/3)
			case "month":
				return months
			case "week":
				return cut(7 * 24 * time.Hour)
			case "day", "dayofyear":
				return cut(24 * time.Hour)
			case "hour":
				return cut(time.Hour)
			case "minute":
				return cut(time.Minute)
			case "second":
				return cut(time.Second)
			}
			return nil
		})
	})
}

func sqlMonthEnd(args ...any) any {
	return onDate(args, 0, func(t time.Time) any {
		return time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
	})
}

// sqlStyles are the styles of CONVERT to text that reports use.
var sqlStyles = map[string]string{
	"23": "2006-01-02", "103": "02/01/2006", "101": "01/02/2006", "104": "02.01.2006", "105": "02-01-2006", "106": "02 Jan 2006", "108": "15:04:05",
	"112": "20060102", "120": "2006-01-02 15:04:05", "121": "2006-01-02 15:04:05.000", "126": sqlDate,
}

func sqlTextOf(args ...any) any {
	if len(args) == 0 || args[0] == nil {
		return nil
	}
	if len(args) > 1 {
		if form, known := sqlStyles[sqlPlain(args[1])]; known {
			if v := onDate(args, 0, func(t time.Time) any { return t.Format(form) }); v != nil {
				return v
			}
		}
	}
	return sqlPlain(args[0])
}

func sqlNumberOf(args ...any) any {
	if len(args) == 0 || args[0] == nil {
		return nil
	}
	text := strings.TrimSpace(sqlPlain(args[0]))
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return nil
}

func sqlRounded(round func(float64) float64) func(any) any {
	return func(v any) any {
		f, err := strconv.ParseFloat(sqlPlain(v), 64)
		if err != nil {
			return nil
		}
		return round(f)
	}
}

var dotNetDates = strings.NewReplacer("yyyy", "2006", "yy", "06", "MMMM", "January", "MMM", "Jan", "MM", "01", "dddd", "Monday", "ddd", "Mon",
	"dd", "02", "HH", "15", "hh", "03", "mm", "04", "ss", "05", "tt", "PM")

func sqlFormat(args ...any) any {
	if len(args) < 2 {
		return nil
	}
	if v := onDate(args, 0, func(t time.Time) any { return t.Format(dotNetDates.Replace(sqlPlain(args[1]))) }); v != nil {
		return v
	}
	return sqlTextOf(args[0])
}

func sqlLeft(v any, n int64) any {
	if v == nil {
		return nil
	}
	r := []rune(sqlPlain(v))
	return string(r[:min(max(int(n), 0), len(r))])
}

func sqlRight(v any, n int64) any {
	if v == nil {
		return nil
	}
	r := []rune(sqlPlain(v))
	return string(r[len(r)-min(max(int(n), 0), len(r)):])
}

func sqlConcat(args ...any) any {
	var b strings.Builder
	for _, v := range args {
		b.WriteString(sqlPlain(v))
	}
	return b.String()
}

func sqlCharIndex(args ...any) any {
	if len(args) < 2 || args[0] == nil || args[1] == nil {
		return nil
	}
	text := strings.ToLower(sqlPlain(args[1]))
	at := strings.Index(text, strings.ToLower(sqlPlain(args[0])))
	if at < 0 {
		return int64(0)
	}
	return int64(len([]rune(text[:at])) + 1)
}
