package actions_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/schema"
)

// oddHalo answers every GET with one entity, as a Halo may that nobody has described: see odd.
type oddHalo struct{ answer any }

func (o *oddHalo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(r.URL.Path, "/auth/") {
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
		return
	}
	_ = json.NewEncoder(w).Encode(o.answer)
}

// odd makes an entity with every declared field: whole numbers as doubles (json.Number keeps 5.0), the rest null,
// lists too; and one field that nobody knows. With nulls, whole numbers but the id are null as well.
func odd(t *schema.Type, nulls bool) map[string]any {
	entity := map[string]any{"a_newer_field": map[string]any{"x": 1}}
	for _, f := range t.Fields {
		switch {
		case f.Type.Kind == schema.KindInteger && (f.Name == "id" || !nulls):
			entity[f.Name] = json.Number("5.0")
		case f.Type.Kind == schema.KindNumber && !nulls:
			entity[f.Name] = json.Number("7")
		case f.Type.Kind == schema.KindString && f.Name == "id":
			entity[f.Name] = "053BF6B8-8D0D-4F7F-8F0D-53C0D3F5A1B2"
		default:
			entity[f.Name] = nil
		}
	}
	return entity
}

// TestHaloOddAnswers reads every entity of the catalogue from a Halo that sends nulls, doubles in place of whole
// numbers and fields that no description has. What comes must be of the type that expressions were checked with.
func TestHaloOddAnswers(t *testing.T) {
	for name, read := range map[string]func(b *bench, fake *oddHalo, a *actions.Action){
		"doubles": func(b *bench, fake *oddHalo, a *actions.Action) { b.readOdd(fake, a, false) },
		"nulls":   func(b *bench, fake *oddHalo, a *actions.Action) { b.readOdd(fake, a, true) },
		"nothing": func(b *bench, fake *oddHalo, a *actions.Action) {
			if a.Result.Kind == schema.KindList {
				b.readNothing(fake, a)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &oddHalo{}
			server := httptest.NewServer(fake)
			t.Cleanup(server.Close)
			r := actions.NewRuntime(actions.Options{Network: loopback}) // its own: none is kept waiting by the pace
			t.Cleanup(r.Close)
			b := &bench{t: t, runtime: r, config: map[string]any{"resource_server": server.URL, "client_id": "c"},
				secrets: map[string]string{"client_secret": "s"}}
			tried := 0
			for _, a := range actions.Builtin().Actions() {
				if entityOf(a) != nil {
					read(b, fake, a)
					tried++
				}
			}
			if tried < 40 {
				t.Errorf("only %d actions were tried", tried)
			}
		})
	}
}

// entityOf is the type of which a read gives one or a list; nil for actions of another kind.
func entityOf(a *actions.Action) *schema.Type {
	entity := a.Result
	if entity.Kind == schema.KindList {
		entity = entity.Element()
	}
	if !a.NeedsInstance() || a.Effect != actions.Read || !entity.Open || len(entity.Fields) < 10 || a.ID == "halo.find_user" {
		return nil
	}
	return entity
}

func (b *bench) readOdd(fake *oddHalo, a *actions.Action, nulls bool) {
	entity := entityOf(a)
	fake.answer = odd(entity, nulls)
	if a.Result.Kind == schema.KindList {
		fake.answer = []any{fake.answer}
	}
	out := b.call(a.ID, required(a)) // checks the result against its type
	if out.Err != nil {
		b.t.Errorf("%s: %v", a.ID, out.Err)
		return
	}
	got, isObject := out.Result.(map[string]any)
	if list, isList := out.Result.([]any); isList && len(list) == 1 {
		got, isObject = list[0].(map[string]any)
	}
	if !isObject {
		b.t.Errorf("%s gives %v", a.ID, out.Result)
		return
	}
	mustBeSettled(b.t, a.ID, entity, got)
}

// readNothing reads a list of which the answer is null or empty.
func (b *bench) readNothing(fake *oddHalo, a *actions.Action) {
	for _, nothing := range []any{nil, []any{}} {
		fake.answer = nothing
		out := b.call(a.ID, required(a))
		if list, isList := out.Result.([]any); out.Err != nil || !isList || len(list) > 0 {
			b.t.Errorf("%s of %v gives %v, %v", a.ID, nothing, out.Result, out.Err)
		}
	}
}

func mustBeSettled(t *testing.T, id string, entity *schema.Type, got map[string]any) {
	t.Helper()
	if got["a_newer_field"] == nil {
		t.Errorf("%s loses a field that nobody knows", id)
	}
	for _, f := range entity.Fields {
		v := got[f.Name]
		if _, isList := v.([]any); f.Type.Kind == schema.KindList && !f.Type.Nullable && !isList {
			t.Errorf("%s: %s is %T, not a list", id, f.Name, v)
		}
		if _, isFloat := v.(float64); f.Type.Kind == schema.KindInteger && isFloat {
			t.Errorf("%s: %s stays a double", id, f.Name)
		}
	}
}

// required gives something for every input that an action must have.
func required(a *actions.Action) map[string]any {
	inputs := map[string]any{}
	for _, f := range a.Inputs {
		if !f.Required {
			continue
		}
		switch f.Type.Kind {
		case schema.KindInteger:
			inputs[f.Name] = int64(5)
		case schema.KindString:
			inputs[f.Name] = "053BF6B8-8D0D-4F7F-8F0D-53C0D3F5A1B2"
		}
	}
	return inputs
}

func TestHaloFindUserAmongOddOnes(t *testing.T) {
	fake := &oddHalo{}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	r := actions.NewRuntime(actions.Options{Network: loopback})
	t.Cleanup(r.Close)
	b := &bench{t: t, runtime: r, config: map[string]any{"resource_server": server.URL, "client_id": "c"},
		secrets: map[string]string{"client_secret": "s"}}
	for name, c := range map[string]struct {
		answer string
		want   any // the id, nil for nobody
	}{
		"nulls":                   {`{"users":[{"id":5,"emailaddress":null,"email2":null},{"id":6.0,"emailaddress":"Jo@x.example","inactive":null}]}`, int64(6)},
		"the second address":      {`{"users":[{"id":6,"emailaddress":"a@x.example","email2":" JO@X.example "}]}`, int64(6)},
		"who has left comes last": {`{"users":[{"id":5,"emailaddress":"jo@x.example","inactive":true},{"id":6,"email3":"jo@x.example"}]}`, int64(6)},
		"only the one who left":   {`{"users":[{"id":5,"emailaddress":"jo@x.example","inactive":true}]}`, int64(5)},
		"a longer address":        {`{"users":[{"id":5,"emailaddress":"mojo@x.example"}]}`, nil},
		"no list":                 {`{"record_count":0,"users":null}`, nil},
		"nothing":                 {`{}`, nil},
	} {
		fake.answer = json.RawMessage(c.answer)
		out := b.call("halo.find_user", values{"emailaddress": "jo@x.example"})
		var got any
		if user, found := out.Result.(map[string]any); found {
			got = user["id"]
		}
		if out.Err != nil || got != c.want {
			t.Errorf("%s: %v, %v", name, got, out.Err)
		}
	}
}
