package actions

import (
	"regexp"
	"strings"
	"testing"

	"gantry/schema"
)

func TestBrings(t *testing.T) {
	fields := regexp.MustCompile(`^(attachments|send)$`)
	for text, want := range map[string]bool{
		`{}`: false, `{"note":"attachments"}`: false, `{"send":true}`: true, `{"send":false}`: false, `{"send":null}`: false,
		`{"a":[{"b":{"send":1}}]}`: true, `{"attachments":[]}`: false, `{"attachments":[{"id":4}]}`: false,
		`{"attachments":[{"id":4},{"id":0}]}`: true, `{"attachments":[{"id":4,"send":true}]}`: true, `{"attachments":{"id":4}}`: true,
		`{"attachments":["x"]}`: true,
	} {
		v, err := schema.DecodeBytes([]byte(text))
		if got := brings(v, fields); got != want || err != nil {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
}

func TestOneTimeFieldsAreAPattern(t *testing.T) {
	_, ds := Load(Builtin(), files("shop/integration.yaml", strings.Replace(shop, "title: Shop", "title: Shop\none_time_fields: '(?!x)'", 1)), "actions")
	if len(ds) != 1 || ds[0].Code != "bad-pattern" {
		t.Errorf("%v", list(ds))
	}
}
