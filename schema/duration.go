package schema

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// unit is a unit of durations as they are written.
type unit struct {
	suffix string
	length time.Duration
}

// units, longest first. "ms" stands before "m" and "s" so that it is found first.
var units = []unit{
	{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"ms", time.Millisecond}, {"m", time.Minute}, {"s", time.Second},
}

// ParseDuration reads durations as they are written everywhere: 300ms, 30s, 5m, 8h, 30d, 2w and sums
// from the longer to the shorter, such as 1h30m; a number may have a fraction (1.5h). Durations are
// not negative; the longest is about 292 years. A day is 24 hours.
func ParseDuration(text string) (time.Duration, error) {
	rest := strings.TrimSpace(text)
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return 0, durationError(text)
	}
	var total time.Duration
	last := time.Duration(math.MaxInt64)
	for rest != "" {
		part, length, after, ok := cutDuration(rest)
		if !ok || length >= last {
			return 0, durationError(text)
		}
		if total += part; total < 0 {
			return 0, fmt.Errorf("the duration %q is too long", text)
		}
		last, rest = length, after
	}
	return total, nil
}

func durationError(text string) error {
	if digits := strings.TrimSpace(text); digits != "" && strings.Trim(digits, "0123456789.") == "" {
		return fmt.Errorf("%q has no unit: write a duration such as %q or %q", text, digits+"s", digits+"m")
	}
	return fmt.Errorf(`%q is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`, text)
}

// cutDuration takes the first number with its unit off.
func cutDuration(text string) (part, length time.Duration, rest string, ok bool) {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789."))
	number, rest := text[:digits], text[digits:]
	for _, u := range units {
		if after, found := strings.CutPrefix(rest, u.suffix); found {
			part, ok = times(number, u.length)
			return part, u.length, after, ok
		}
	}
	return 0, 0, "", false
}

func times(number string, length time.Duration) (time.Duration, bool) {
	if whole, err := strconv.ParseInt(number, 10, 64); err == nil {
		return time.Duration(whole) * length, whole <= math.MaxInt64/int64(length)
	}
	if strings.HasPrefix(number, ".") || strings.HasSuffix(number, ".") {
		return 0, false
	}
	f, err := strconv.ParseFloat(number, 64)
	product := f * float64(length)
	if err != nil || product >= math.MaxInt64 {
		return 0, false
	}
	return time.Duration(math.Round(product)), true
}

// FormatDuration writes a duration as ParseDuration reads it, in days, hours, minutes, seconds and
// milliseconds (1d2h, 90s is 1m30s); what is shorter than a millisecond is a fraction of one.
func FormatDuration(d time.Duration) string {
	if d < 0 {
		return "-" + FormatDuration(-max(d, -math.MaxInt64))
	}
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	for _, u := range []unit{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		if n := d / u.length; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.suffix)
			d -= n * u.length
		}
	}
	if d > 0 {
		b.WriteString(strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64) + "ms")
	}
	return b.String()
}
