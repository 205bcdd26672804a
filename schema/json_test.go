package schema

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDecodeNumbers(t *testing.T) {
	for text, want := range map[string]any{
		"18": int64(18), "18.0": 18.0, "1e3": 1000.0, "9007199254740993": int64(9007199254740993), "9223372036854775807": int64(math.MaxInt64),
		"-9223372036854775808": int64(math.MinInt64), "9223372036854775808": 9223372036854775808.0, "-0": int64(0), "0.1": 0.1, "1E-2": 0.01, "1e-400": 0.0,
	} {
		got, err := DecodeBytes([]byte(text))
		if err != nil || got != want {
			t.Errorf("%s: %v (%T) %v, want %v", text, got, got, err, want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"1e400":                  "not valid JSON (line 1, column 6): the number 1e400 is too large",
		"":                       "not valid JSON (line 1, column 1): the text ends where a value should be",
		"{\n \"a\": 1,\n}":       "not valid JSON (line 3, column 1): a key in double quotes is missing",
		"[1 2]":                  "not valid JSON (line 1, column 4): a comma or ] is missing",
		"{} x":                   "not valid JSON (line 1, column 4): there is more behind the value",
		"<html>":                 `not valid JSON (line 1, column 1): '<' begins no value`,
		"01":                     `not valid JSON (line 1, column 1): '0' begins no value`,
		"tru":                    `not valid JSON (line 1, column 1): a value begins with 't'`,
		`"a`:                     "not valid JSON (line 1, column 3): the text ends before a closing quote",
		`"\q"`:                   `not valid JSON (line 1, column 2): \q is no escape sequence`,
		`{"a" 1}`:                "not valid JSON (line 1, column 6): a colon is missing behind the key",
		strings.Repeat("[", 300): "not valid JSON (line 1, column 202): nested more than 200 levels deep",
	} {
		_, err := DecodeBytes([]byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := Decode(strings.NewReader("[1, 2, 3]"), 5); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if v, err := Decode(strings.NewReader("[1]"), 3); err != nil || len(v.([]any)) != 1 {
		t.Error(v, err)
	}
}

func TestEncode(t *testing.T) {
	v := map[string]any{"b": 18.0, "a": []any{nil, true, int64(9007199254740993), 0.1, 1e300, -1e-9}, "<c>": "x\n\"\\\x01é\u2028\xff"}
	got, err := Encode(v)
	want := `{"<c>":"x\n\"\\\u0001é` + "\u2028\ufffd" + `","a":[null,true,9007199254740993,0.1,1e+300,-1e-09],"b":18.0}`
	if err != nil || string(got) != want {
		t.Errorf("%s %v\nwant %s", got, err, want)
	}
	for _, v := range []any{math.NaN(), math.Inf(1), []any{func() {}}} {
		if _, err := Encode(v); err == nil {
			t.Errorf("%v should not be written", v)
		}
	}
	loop := []any{nil}
	loop[0] = loop
	if _, err := Encode(loop); err == nil {
		t.Error("a loop should not be written")
	}
}

// History gives back what was put in, to the bit.
func TestEncodeDecodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawValue(t, 4)
		text, err := Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeBytes(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, got); diff != "" {
			t.Fatalf("%s %s", text, diff)
		}
	})
}

// Decode takes what encoding/json takes, within our limits, and gives the same.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"a": [1, 2.5, -3e2, "x\u00e9\ud83d\ude00", true, null]}`, `"\ud800"`, `[[], {}]`, ` 18.0 `, `{"a":1,"a":2}`, "\"\xff\""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := DecodeBytes(text)
		var want any
		wantErr := json.Unmarshal(text, &want)
		if (err == nil) != (wantErr == nil) {
			if err != nil && strings.Contains(err.Error(), "nested more than") {
				return
			}
			t.Fatalf("%q: %v, encoding/json: %v", text, err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, floats(got)); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
		again, err := Encode(got)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := DecodeBytes(again); err != nil || !cmp.Equal(got, back) {
			t.Fatalf("%s: %v", again, err)
		}
	})
}

// floats makes all numbers float64, as encoding/json does.
func floats(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = floats(v[i])
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for k := range v {
			m[k] = floats(v[k])
		}
		return m
	}
	return v
}
