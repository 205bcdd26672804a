package actions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/schema"

	"github.com/google/go-cmp/cmp"
)

// haloEnvelopes says under which key Halo wraps the lists that it does not send plain, by path below /api.
var haloEnvelopes = map[string]string{
	"/Actions": "actions", "/Asset": "assets", "/Attachment": "attachments", "/Client": "clients", "/ClientContract": "contracts",
	"/Invoice": "invoices", "/Item": "items", "/KBArticle": "articles", "/Opportunities": "tickets", "/Projects": "tickets",
	"/Quotation": "quotes", "/Report": "reports", "/Site": "sites", "/Supplier": "suppliers", "/Tickets": "tickets",
	"/TopLevel": "tree", "/Users": "users",
}

// answering is a bench whose Halo signs everybody in and answers everything else with one text.
func answering(t *testing.T, body *string) *bench {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/token") {
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
			return
		}
		_, _ = io.WriteString(w, *body)
	}))
	t.Cleanup(server.Close)
	r := actions.NewRuntime(actions.Options{Network: loopback})
	t.Cleanup(r.Close)
	return &bench{t: t, runtime: r,
		config: map[string]any{"resource_server": server.URL, "client_id": "c"}, secrets: map[string]string{"client_secret": "s"}}
}

// TestHaloListsAreLists gives every list and every write all shapes that Halo is known to answer with: an
// author sees a list, in it whole numbers, whatever came.
func TestHaloListsAreLists(t *testing.T) {
	enveloped := map[string]bool{}
	for _, a := range actions.Builtin().Actions() {
		if !a.NeedsInstance() || a.Result.Kind != schema.KindList || a.Result.Items.Kind != schema.KindObject || len(a.Examples) == 0 {
			continue
		}
		method, path, _ := strings.Cut(a.Endpoint(), " ")
		one := `{"id":7.0}`
		if id, ok := a.Result.Items.Field("id"); ok && id.Type.Kind == schema.KindString {
			one = `{"id":"7"}`
		}
		shapes := map[string]int{"[" + one + "," + one + "]": 2, "[" + one + "]": 1, "[]": 0}
		if key := haloEnvelopes[path]; key != "" && method == http.MethodGet {
			enveloped[path] = true
			shapes[`{"record_count":2,"`+key+`":[`+one+","+one+`]}`] = 2
			shapes[`{"record_count":0,"`+key+`":[]}`] = 0
			shapes[`{"record_count":0,"`+key+`":null}`] = 0
		}
		if method == http.MethodPost {
			shapes[one] = 1
		}
		var body string
		b := answering(t, &body) // its own, so that the limit of requests does not slow the test down
		for shape, want := range shapes {
			body = shape
			out := b.call(a.ID, a.Examples[0].With)
			list, isList := out.Result.([]any)
			if out.Err != nil || !isList || len(list) != want {
				t.Errorf("%s makes %v (%v) of %s", a.ID, out.Result, out.Err, shape)
			}
		}
	}
	for path := range haloEnvelopes {
		if !enveloped[path] {
			t.Errorf("no list action with an example reads %s", path)
		}
	}
}

// TestHaloReportShapes gives the runs of reports what Halo answers, and answered in other versions.
func TestHaloReportShapes(t *testing.T) {
	rows := `[{"id":1,"name":"a"},{"id":2,"name":null}]`
	want := `{"columns":["name","id"],"rows":` + rows + `}`
	columns := `"available_columns":[{"name":"name"},{"name":"not chosen"},{"name":"id"},{"name":null},{}]`
	for name, c := range map[string]struct{ body, want, fails string }{
		"as documented":           {`{"id":0,` + columns + `,"report":{"loaded":true,"load_error":null,"rows":` + rows + `}}`, want, ""},
		"an empty error":          {`{"id":0,` + columns + `,"report":{"loaded":true,"load_error":"","rows":` + rows + `}}`, want, ""},
		"a list of one":           {`[{` + columns + `,"report":{"rows":` + rows + `}}]`, want, ""},
		"rows beside the report":  {`{` + columns + `,"rows":` + rows + `}`, want, ""},
		"columns of a saved one":  {`{"columns":[{"name":"name"},{"name":"id"}],"available_columns":null,"report":{"rows":` + rows + `}}`, want, ""},
		"columns without names":   {`{"available_columns":[{"id":1}],"report":{"rows":[{"id":1}]}}`, `{"columns":["id"],"rows":[{"id":1}]}`, ""},
		"columns of other names":  {`{"available_columns":[{"name":"Number"}],"report":{"rows":[{"id":1}]}}`, `{"columns":["id"],"rows":[{"id":1}]}`, ""},
		"no rows, columns known":  {`{"available_columns":[{"name":"id"}],"report":{"rows":[]}}`, `{"columns":["id"],"rows":[]}`, ""},
		"no rows at all":          {`{"report":{"loaded":true,"rows":null}}`, `{"columns":[],"rows":[]}`, ""},
		"not run":                 {`{"id":12,"name":"Clients","report":null}`, "", "not of the expected form"},
		"an error":                {`{"report":{"loaded":false,"load_error":"Invalid column name 'x'.","rows":null}}`, "", "Invalid column name 'x'."},
		"an error in a list":      {`[{"report":{"loaded":false,"load_error":"Invalid column name 'x'."}}]`, "", "Invalid column name 'x'."},
		"something else entirely": {`"no"`, "", "not of the expected form"},
	} {
		t.Run(name, func(t *testing.T) {
			body := c.body
			b := answering(t, &body)
			for id, with := range map[string]map[string]any{
				"halo.run_report_sql": {"sql": "SELECT 1"}, "halo.preview_report": {"sql": "SELECT 1"}, "halo.run_report": {"report_id": int64(3)},
			} {
				out := b.call(id, with)
				if c.fails != "" {
					if out.Err == nil || !strings.Contains(out.Err.Message, c.fails) || out.Err.Passing {
						t.Errorf("%s: %v, wants %q", id, out.Err, c.fails)
					}
					continue
				}
				got, err := json.Marshal(out.Result)
				if err != nil || out.Err != nil {
					t.Fatalf("%s: %v %v", id, err, out.Err)
				}
				if diff := cmp.Diff(c.want, string(got)); diff != "" {
					t.Errorf("%s: %s", id, diff)
				}
			}
		})
	}
}
