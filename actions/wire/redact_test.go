package wire

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRedactorForms(t *testing.T) {
	r := &Redactor{}
	r.Add(`p"s w&rd/+`, "12345678", "ab")
	under := &Redactor{}
	under.Add("beneath-secret")
	r.Under(under)
	for _, leak := range []string{`p"s w&rd/+`, url.QueryEscape(`p"s w&rd/+`), url.PathEscape(`p"s w&rd/+`), `p\"s w\u0026rd/+`,
		base64.StdEncoding.EncodeToString([]byte(`p"s w&rd/+`)), "beneath-secret"} {
		if got := r.Text("x" + leak + "y"); got != "x"+Mask+"y" {
			t.Errorf("%q gives %q", leak, got)
		}
	}
	if r.Text("ab") != Mask || r.Text("cabbage") != "cabbage" {
		t.Error("a secret of two letters is removed where it is the whole value, and only there")
	}
	got := r.Data(map[string]any{"n": int64(12345678), "m": int64(1), "p\"s w&rd/+": []any{"12345678", nil, true, 1.5}})
	text, _ := json.Marshal(got)
	if string(text) != `{"********":["********",null,true,1.5],"m":1,"n":"********"}` {
		t.Errorf("%s", text)
	}
}

// What holds no secret is not copied, and what was given is never changed.
func TestRedactorLeavesTheRestAlone(t *testing.T) {
	r := &Redactor{}
	r.Add("secret-value")
	inner := []any{"plain", "secret-value"}
	whole := map[string]any{"a": inner, "b": map[string]any{"c": "d"}}
	clean := r.Data(whole).(map[string]any)
	if inner[1] != "secret-value" || clean["a"].([]any)[1] != Mask {
		t.Errorf("%v from %v", clean, whole)
	}
}

// Whatever the payload, no secret comes through.
func TestRedactorNeverLeaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9~!+/=&"]{4,40}`)
		secrets := rapid.SliceOfN(secret, 1, 4).Draw(t, "secrets")
		r := &Redactor{}
		r.Add(secrets...)
		var value func(depth int) *rapid.Generator[any]
		text := rapid.Custom(func(t *rapid.T) string {
			var b strings.Builder
			for _, part := range rapid.SliceOfN(rapid.IntRange(0, 2), 0, 5).Draw(t, "parts") {
				switch part {
				case 0:
					b.WriteString(rapid.StringN(0, 6, -1).Draw(t, "noise"))
				case 1:
					b.WriteString(rapid.SampledFrom(secrets).Draw(t, "secret"))
				case 2:
					b.WriteString(url.QueryEscape(rapid.SampledFrom(secrets).Draw(t, "escaped")))
				}
			}
			return b.String()
		})
		value = func(depth int) *rapid.Generator[any] {
			return rapid.Custom(func(t *rapid.T) any {
				switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
				case kind == 0 && depth > 0:
					return rapid.SliceOfN(value(depth-1), 0, 4).Draw(t, "list")
				case kind == 1 && depth > 0:
					return rapid.MapOfN(text, value(depth-1), 0, 4).Draw(t, "map")
				case kind == 2:
					return rapid.Int64().Draw(t, "number")
				}
				return text.Draw(t, "text")
			})
		}
		clean := r.Data(value(3).Draw(t, "payload"))
		each(clean, func(s string) {
			for _, secret := range secrets {
				if strings.Contains(strings.ReplaceAll(s, Mask, "\x00"), secret) {
					t.Fatalf("%q is still in %q", secret, s)
				}
			}
		})
	})
}

func each(v any, do func(string)) {
	switch v := v.(type) {
	case string:
		do(v)
	case []any:
		for _, item := range v {
			each(item, do)
		}
	case map[string]any:
		for key, item := range v {
			do(key)
			each(item, do)
		}
	}
}
