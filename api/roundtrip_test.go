package api

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gorilla/mux"
	"pgregory.net/rapid"
)

// TestRequestsReadAsWritten: what the client writes of any input of any operation, the server reads as that input.
func TestRequestsReadAsWritten(t *testing.T) {
	for _, d := range New(House{}).Operations() {
		t.Run(d.ID, func(t *testing.T) {
			var read any
			b := d.bind(schemas())
			b.unchecked = true
			b.call = func(_ context.Context, in any) (any, error) { read = in; return (*struct{})(nil), nil }
			router := mux.NewRouter().UseEncodedPath().SkipClean(true)
			router.NewRoute().Path(Base + d.Path).Methods(d.Method).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := unescaped(mux.Vars(r)); err != nil {
					t.Error(err)
				}
				b.ServeHTTP(w, r)
			})
			rapid.Check(t, func(t *rapid.T) {
				in := reflect.New(d.Input)
				fill(t, in.Elem(), "", 0)
				r, err := newRequest(context.Background(), d.Method, d.Path, in.Interface())
				if err != nil {
					t.Fatal(err)
				}
				sent := httptest.NewRequest(r.Method, r.URL.RequestURI(), r.Body)
				sent.Header = r.Header
				rec := httptest.NewRecorder()
				read = nil
				router.ServeHTTP(rec, sent)
				if read == nil {
					t.Fatalf("%s %s: %d %s", r.Method, r.URL, rec.Code, rec.Body)
				}
				if diff := cmp.Diff(in.Interface(), read, cmpopts.EquateEmpty(), ignoreUnexported); diff != "" {
					t.Fatalf("%s %s: %s", r.Method, r.URL, diff)
				}
			})
		})
	}
}

var texts = rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9 /%?#&=+.:_-]{1,12}`), rapid.SampledFrom([]string{"Müller & Söhne", "..", ".", "a/b", "%2F", "日本", "'\"<>"}))

// ignoreUnexported: what an input has for itself is not sent.
var ignoreUnexported = cmp.FilterPath(func(p cmp.Path) bool {
	f, ok := p.Last().(cmp.StructField)
	return ok && f.Name() != "" && f.Name()[0] >= 'a' && f.Name()[0] <= 'z'
}, cmp.Ignore())

// fill makes up a value. What people leave out is left out as often as not.
func fill(t *rapid.T, v reflect.Value, name string, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() {
				fill(t, v.Field(i), fieldName(f), depth)
			}
			if f.Tag.Get("default") != "" && v.Field(i).IsZero() { // who leaves it out means that
				v.Field(i).SetInt(1)
			}
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "given") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), name, depth)
		}
	case reflect.String:
		text := texts.Draw(t, name)
		if strings.HasPrefix(name, "header:") {
			text = "plain"
		}
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 1<<53).Draw(t, name))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 1e9).Draw(t, name))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(texts.Draw(t, name)))
			return
		}
		for range rapid.IntRange(0, 3).Draw(t, name) {
			one := reflect.New(v.Type().Elem()).Elem()
			fill(t, one, name, depth+1)
			v.Set(reflect.Append(v, one))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 3).Draw(t, name) {
			one := reflect.New(v.Type().Elem()).Elem()
			fill(t, one, name, depth+1)
			v.SetMapIndex(reflect.ValueOf(texts.Draw(t, "key")), one)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(jsonData(t, depth)))
	default:
		t.Fatalf("an input has a field of type %s, which a client cannot write", v.Type())
	}
}

func fieldName(f reflect.StructField) string {
	if h := f.Tag.Get("header"); h != "" {
		return "header:" + h
	}
	return f.Name
}

func jsonData(t *rapid.T, depth int) any {
	kinds := []string{"text", "integer", "number", "boolean"}
	if depth < 2 {
		kinds = append(kinds, "list", "object")
	}
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "integer":
		return rapid.Int64().Draw(t, "integer")
	case "number":
		return rapid.SampledFrom([]float64{0.5, -2.25, 1e-9, 1e300}).Draw(t, "number")
	case "boolean":
		return rapid.Bool().Draw(t, "boolean")
	case "list":
		return []any{jsonData(t, depth+1)}
	case "object":
		return map[string]any{texts.Draw(t, "key"): jsonData(t, depth+1)}
	}
	return texts.Draw(t, "text")
}

// TestAddresses: what the client makes of where a server is.
func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{"https://gantry.example.com": true, "https://example.com/gantry/": true, "http://localhost:8080": true,
		"http://127.0.0.1:1": true, "http://gantry.example.com": false, "gantry.example.com": false, "ftp://x": false, "https://": false, "": false} {
		if _, err := NewClient(address, "token", nil); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	var asked *url.URL
	c, _ := NewClient("https://example.com/gantry", "secret", roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = r.URL
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Error(r.Header)
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}")), Header: http.Header{}}, nil
	}))
	if _, err := ShowWorkflow.Call(t.Context(), c, &OfWorkflow{"triage/new"}); err != nil {
		t.Fatal(err)
	}
	if asked.String() != "https://example.com/gantry/api/v1/workflows/triage%2Fnew" {
		t.Error(asked)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
