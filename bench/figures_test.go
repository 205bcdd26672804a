package main

import (
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.476: "0.48", 3: "3", 12.34: "12.3", 123.4: "123", 999.6: "1000", 1234.5: "1,235", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("%v is written %s, want %s", v, got, want)
		}
	}
}

func TestBars(t *testing.T) {
	f := figures{p50: 1.2, rate: 3500, lost: 0, stuck: 1}
	for _, c := range []struct {
		bar  bar
		met  bool
		text string
	}{
		{bar{figure: p50, most: 1.2}, true, "p50 ≤ 1.20 ms"},
		{bar{figure: p50, most: 1.1}, false, "p50 ≤ 1.10 ms"},
		{bar{figure: rate, least: 3500}, true, "≥ 3,500 a second"},
		{bar{figure: rate, least: 3501}, false, "≥ 3,501 a second"},
		{bar{figure: lost, none: true}, true, "none lost"},
		{bar{figure: stuck, none: true}, false, "none stuck"},
		{bar{figure: size, most: 40}, false, "≤ 40 MB"}, // what was not measured is not met
	} {
		if c.bar.met(f) != c.met || c.bar.String() != c.text {
			t.Errorf("%s: met %v, want %s: %v", c.bar, c.bar.met(f), c.text, c.met)
		}
	}
	s := scenario{bars: []bar{{figure: p50, most: 1}, {figure: rate, least: 1}}}
	if len(s.missed(f)) != 1 || s.verdict(f) != "MISSED" {
		t.Errorf("missed %v, %s", s.missed(f), s.verdict(f))
	}
}

func TestMediansAndPercentiles(t *testing.T) {
	if got := medians([]figures{{p50: 3}, {p50: 1}, {p50: 2}})[p50]; got != 2 {
		t.Errorf("the median of 1, 2, 3 is %v", got)
	}
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(100-i)*time.Millisecond)
	}
	f := latencies(times, 2*time.Second)
	if f[p50] != 51 || f[p99] != 100 || f[rate] != 50 || f[fastest] != 1 {
		t.Errorf("%v", f)
	}
}
