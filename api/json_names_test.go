package api

import "testing"

// TestNamedOnce: no object has a name twice, however deep it lies; lists and texts may repeat what they like.
func TestNamedOnce(t *testing.T) {
	for text, once := range map[string]bool{
		`{"a": 1, "b": {"a": 2}}`:                      true,
		`[{"a": 1}, {"a": 1}, "a", "a"]`:               true,
		`{"a": ["a", "a"], "b": "a"}`:                  true,
		`{"a": {}, "b": [], "c": [[{"a": 1}]]}`:        true,
		`{"a": 1, "a": 1}`:                             false,
		`{"a": {"b": 1}, "a": {"c": 2}}`:               false,
		`{"x": [{"a": {"b": 1, "c": [], "b": null}}]}`: false,
		`{"role": "viewer", "r\u006fle": "admin"}`:     false,
		`{"a": 1, "A": 1}`:                             true, // the schema refuses names that it does not have
		`not JSON`:                                     true,
		``:                                             true,
	} {
		if err := namedOnce([]byte(text)); (err == nil) != once {
			t.Errorf("%s: %v", text, err)
		}
	}
}
