package actions

import (
	"encoding/json"
	"strings"
	"testing"

	"gantry/fault/faulttest"
	"gantry/schema"
)

// TestQuestions: what is asked comes back as it was from where it is kept; a question that cannot be asked says why.
func TestQuestions(t *testing.T) {
	for _, c := range []struct{ name, inputs, want string }{
		{"yes and no", `{"question": "Well?"}`, "yes,no 0 operator [] false"},
		{"a form", `{"question": "Well?", "fields": {"b": "string", "a": {"type": "integer", "default": 3}}}`, "send 2 operator [] false"},
		{"buttons", `{"question": "Well?", "buttons": ["a", {"value": "b", "label": "B", "style": "danger", "skips_fields": true}]}`, "a,b 0 operator [] false"},
		{"who", `{"question": "Well?", "who": {"role": "admin", "users": ["Dana@msp.example"], "link": true}}`, "yes,no 0 admin [Dana@msp.example] true"},
		{"nobody", `{"question": "Well?", "who": {"users": []}}`, "who.users names nobody"},
		{"somebody without a name", `{"question": "Well?", "who": {"users": ["dana", " "]}}`, "who.users names nobody"},
		{"a role that there is not", `{"question": "Well?", "who": {"role": "viewer"}}`, "role"},
		{"no buttons", `{"question": "Well?", "buttons": []}`, "from 1 to 20 buttons"},
		{"the same button twice", `{"question": "Well?", "buttons": ["a", "a"]}`, `two buttons have the value "a"`},
		{"a button without a value", `{"question": "Well?", "buttons": [""]}`, "must not be empty"},
		{"a button of another style", `{"question": "Well?", "buttons": [{"value": "a", "style": "red"}]}`, "button 1"},
		{"a secret field", `{"question": "Well?", "fields": {"pin": "secret"}}`, "is a secret"},
		{"a field of no type", `{"question": "Well?", "fields": {"pin": {"type": "number of"}}}`, "fields"},
		{"a field without a proper name", `{"question": "Well?", "fields": {"f§": "string"}}`, "fields"},
		{"no question", `{"question": ""}`, "question"},
	} {
		t.Run(c.name, func(t *testing.T) {
			decoded, err := schema.DecodeBytes([]byte(c.inputs))
			faulttest.Must(t, err)
			inputs, _ := decoded.(map[string]any)
			out := core(t, "ask", inputs)
			if out.Err != nil {
				if !strings.Contains(out.Err.Error(), c.want) {
					t.Errorf("%s, want %s", out.Err, c.want)
				}
				return
			}
			if out.Wait == nil || out.Wait.For != ForAnswer || !out.Wait.Until.IsZero() {
				t.Errorf("%+v", out.Wait)
			}
			kept, err := schema.Encode(out.Result)
			faulttest.Must(t, err)
			doc, err := schema.DecodeBytes(kept)
			faulttest.Must(t, err)
			q, err := ReadQuestion(doc)
			faulttest.Must(t, err)
			var values []string
			for _, b := range q.Buttons {
				values = append(values, b.Value)
			}
			fields, _ := json.Marshal(len(q.Fields))
			users := "[" + strings.Join(q.Who.Users, " ") + "]"
			got := strings.Join(values, ",") + " " + string(fields) + " " + q.Who.Role + " " + users + map[bool]string{true: " true", false: " false"}[q.Who.Link]
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
