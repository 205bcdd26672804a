package flow_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gantry/source"
)

// TestEveryRuleIsProved holds the law book to the design: testdata/rules.yaml lists the design's sentences,
// each is shown by a scenario or proved by a test or a file of the checker, and scenarios name no others.
func TestEveryRuleIsProved(t *testing.T) {
	shown := shownRules(t)
	known := map[string]bool{}
	for _, r := range readRules(t) {
		if known[r.id] {
			t.Errorf("%s: rule %s is there twice", r.pos, r.id)
		}
		known[r.id] = true
		if len(shown[r.id]) == 0 && len(r.checkedBy) == 0 && len(r.testedBy) == 0 {
			t.Errorf("%s: rule %s has no scenario, no file of the checker and no test", r.pos, r.id)
		}
		for _, file := range r.checkedBy {
			if !isChecked(file) {
				t.Errorf("%s: rule %s: engine/workflow has no %s", r.pos, r.id, file)
			}
		}
		for _, test := range r.testedBy {
			if !isTested(t, test) {
				t.Errorf("%s: rule %s: there is no test %s", r.pos, r.id, test)
			}
		}
	}
	for id, scenarios := range shown {
		if !known[id] {
			t.Errorf("there is no rule %s, which these scenarios show: %s", id, strings.Join(scenarios, "; "))
		}
	}
}

type rule struct {
	id                  string
	pos                 source.Pos
	checkedBy, testedBy []string
}

func readRules(t *testing.T) []rule {
	t.Helper()
	var rules []rule
	var ds source.Diagnostics
	for _, topic := range parseList(t, "testdata/rules.yaml") {
		f := source.ReadFields(topic, "topic", &ds)
		f.Required("topic")
		list := f.Required("rules")
		f.Close()
		if list == nil {
			continue
		}
		for _, node := range list.Items {
			f := source.ReadFields(node, "rule", &ds)
			f.Required("id")
			f.Required("says")
			rules = append(rules, rule{id: f.Text("id"), pos: node.Pos, checkedBy: f.Texts("checked_by"), testedBy: f.Texts("tested_by")})
			f.Close()
		}
	}
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	if len(rules) == 0 {
		t.Fatal("no rules found")
	}
	return rules
}

// shownRules gives the scenarios of each rule that scenarios name.
func shownRules(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios found", err)
	}
	shown := map[string][]string{}
	for _, file := range files {
		for _, node := range parseList(t, file) {
			var ds source.Diagnostics
			f := source.ReadFields(node, "scenario", &ds)
			ids := f.Texts("rule")
			if err := ds.Err(); err != nil {
				t.Fatal(err)
			}
			if len(ids) == 0 {
				t.Errorf("%s: the scenario names no rule", node.Pos)
			}
			for _, id := range ids {
				shown[id] = append(shown[id], node.Pos.String()+" "+f.Text("scenario"))
			}
		}
	}
	return shown
}

func parseList(t *testing.T, file string) []*source.Node {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root, ds := source.Parse(file, text)
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return root.Items
}

// isChecked tells whether the checker is held to a file: a workflow with its diagnostics, or the book of
// definite assignment.
func isChecked(file string) bool {
	files := []string{file}
	if name, ok := strings.CutSuffix(file, ".yaml"); ok {
		files = append(files, name+".golden")
	}
	for _, f := range files {
		if _, err := os.Stat(filepath.Join("../workflow", f)); err != nil {
			return false
		}
	}
	return true
}

// isTested tells whether a test exists, named with its package's folder: engine.TestOnFailure.
func isTested(t *testing.T, name string) bool {
	t.Helper()
	folder, function, _ := strings.Cut(name, ".")
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(function) + `\(t \*testing\.T\)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(function, "Test") && declared.Match(text) {
			return true
		}
	}
	return false
}
