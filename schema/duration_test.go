package schema

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"300ms": 300 * time.Millisecond, "30s": 30 * time.Second, "5m": 5 * time.Minute, "8h": 8 * time.Hour, "30d": 720 * time.Hour, "2w": 336 * time.Hour,
		"1h30m": 90 * time.Minute, "1d2h3m4s5ms": 26*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond, "1.5h": 90 * time.Minute, "0": 0, "0s": 0, " 5s ": 5 * time.Second,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"30":                   `"30" has no unit: write a duration such as "30s" or "30m"`,
		"":                     `"" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
		"-5s":                  `"-5s" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
		"30m1h":                `"30m1h" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
		"5 minutes":            `"5 minutes" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
		"9999999999999999999d": `"9999999999999999999d" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
		"106751d23h47m17s":     `the duration "106751d23h47m17s" is too long`,
		"1.h":                  `"1.h" is not a duration: write it such as "300ms", "30s", "5m", "8h", "30d" or "1h30m"`,
	} {
		if got, err := ParseDuration(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 90 * time.Second: "1m30s", 26 * time.Hour: "1d2h", 300 * time.Millisecond: "300ms", 1500 * time.Microsecond: "1.5ms", -time.Second: "-1s",
		math.MinInt64: "-106751d23h47m16s854.775807ms",
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "d"))
		if got, err := ParseDuration(FormatDuration(d)); err != nil || got != d {
			t.Fatalf("%d as %s gives %d, %v", d, FormatDuration(d), got, err)
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"1h30m", "300ms", "1.5d", "9999999999999w", "1m1ms"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("%q gives %d", text, d)
		}
		if again, err := ParseDuration(FormatDuration(d)); err != nil || again != d {
			t.Fatalf("%q: %s gives %v, %v", text, FormatDuration(d), again, err)
		}
	})
}
