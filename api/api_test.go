package api

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"gantry/fault/faulttest"
)

// BenchmarkNew measures what every command pays that has no server to ask.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(House{})
	}
}

// BenchmarkListRuns measures a page of 50 runs, as a client gets it.
func BenchmarkListRuns(b *testing.B) {
	w := newWorld(b)
	for range 60 {
		w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	}
	c := w.as(local)
	for b.Loop() {
		out, err := ListRuns.Call(context.Background(), c, &ListRunsIn{})
		if err != nil || len(out.Body.Runs) != 50 {
			b.Fatal(out, err)
		}
	}
}

// TestWholeNumbers: data that has no type of its own keeps its whole numbers, however long.
func TestWholeNumbers(t *testing.T) {
	var got struct {
		Any    any            `json:"any"`
		Map    map[string]any `json:"map"`
		Deep   []map[string][]any
		Number float64   `json:"number"`
		At     time.Time `json:"at"`
	}
	faulttest.Must(t, decode([]byte(`{"any": 9007199254740993, "map": {"a": [1, 1.5, 1e3, null, "x", 18446744073709551616]}, "Deep": [{"b": [7]}], "number": 3, "at": "2026-01-02T03:04:05Z"}`), &got))
	if text := fmt.Sprintf("%v %T %v %v %v", got.Any, got.Any, got.Map["a"], got.Deep, got.Number); text != "9007199254740993 int64 [1 1.5 1000 <nil> x 1.8446744073709552e+19] [map[b:[7]]] 3" {
		t.Error(text)
	}
	for _, text := range []string{`{} {}`, `{`, ``, `{"number": "x"}`} {
		if decode([]byte(text), &got) == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// FuzzDecode: whatever is sent is read or refused.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{}`, `{"a": [1, {"b": null}]}`, `[1e999]`, `"\ud800"`, `{"a": 1} x`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var data map[string]any
		if decode(text, &data) != nil {
			return
		}
		if _, err := json.Marshal(data); err != nil {
			t.Error(err)
		}
	})
}
