package main

import (
	"strings"
	"testing"

	"gantry/schema"
)

const exampleOutputs = `{
  "count": 8, "ok": true, "nothing": null, "ratio": 0.5, "team": "Escalations", "empty": [], "none": {},
  "names": ["Aoife Brennan", "Dylan Pryce"],
  "numbers": [1, 2, 3],
  "many": [100000, 200000, 300000, 400000, 500000, 600000, 700000, 800000, 900000, 1000000, 1100000, 1200000, 1300000],
  "agents": [
    {"id": 1, "name": "Aoife Brennan", "email": "aoife@acme.example", "isdisabled": false, "teams": ["Service Desk"], "colour": null},
    {"id": 22, "name": "Müller", "email": null, "isdisabled": true, "teams": [], "colour": null}
  ],
  "wide": [{"id": 1, "a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "c": 3}],
  "long": "This text is so long that it does not fit behind its name, and is therefore put below it, where it is broken into lines.",
  "lines": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine",
  "nested": {"client": {"id": 12, "name": "Northwind Dental", "site": {"city": "Leeds", "deep": {"er": {"x": 1}}}}},
  "control": "red\u001b[31m"
}`

func TestValues(t *testing.T) {
	v, err := schema.DecodeBytes([]byte(exampleOutputs))
	if err != nil {
		t.Fatal(err)
	}
	outputs := v.(map[string]any)
	long := make([]any, 40)
	for i := range long {
		long[i] = map[string]any{"id": int64(i), "summary": strings.Repeat("word ", i%3+1)}
	}
	outputs["tickets"] = long
	var b strings.Builder
	p := &valuePrinter{out: &b, width: 80}
	p.fields(outputs, []string{"count", "agents"}, "")
	if !p.cut {
		t.Error("nothing is said to be shortened")
	}
	golden(t, "values", b.String())

	b.Reset()
	p = &valuePrinter{out: &b, width: 80, full: true}
	p.fields(outputs, nil, "")
	if p.cut || strings.Contains(b.String(), "…") {
		t.Errorf("shortened in full:\n%s", b.String())
	}
	wants(t, b.String(), "nine", "x: 1", "1300000", strings.Repeat("b", 49))
}
