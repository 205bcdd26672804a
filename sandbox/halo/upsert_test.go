package halo

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCreateAnswersTheObject(t *testing.T) {
	te := start(t, Options{})
	got := te.post("/api/client", `[{"name":"Juniper Joinery Ltd"}]`)
	if got["name"] != "Juniper Joinery Ltd" || str(got["id"]) != "25" || got["toplevel_name"] != "Managed Clients" {
		t.Errorf("%v", got)
	}
	if m := te.get("/api/client/25").object(t); m["name"] != "Juniper Joinery Ltd" {
		t.Errorf("%v", m)
	}
}

func TestSeveralElements(t *testing.T) {
	te := start(t, Options{})
	if got := te.post("/api/supplier", `[{"name":"One"},{"name":"Two"}]`); got["name"] != "Two" {
		t.Errorf("the last object comes back: %v", got)
	}
	got := te.must(201, "POST", "/api/supplier?returnall=true", `[{"name":"Three"},{"name":"Four"}]`).array(t)
	if len(got) != 2 || got[0]["name"] != "Three" || got[1]["name"] != "Four" {
		t.Errorf("%v", got)
	}
	if got := te.must(201, "POST", "/api/supplier?returnall=true", `[{"name":"Five"}]`).array(t); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestUpdateKeepsTheRest(t *testing.T) {
	te := start(t, Options{})
	before := te.get("/api/users/35").object(t)
	got := te.post("/api/users", `[{"id":35,"phonenumber":"01632 960999"}]`)
	if got["phonenumber"] != "01632 960999" || got["name"] != before["name"] || got["emailaddress"] != before["emailaddress"] {
		t.Errorf("%v", got)
	}
}

func TestBodiesThatAreNotArrays(t *testing.T) {
	te := start(t, Options{})
	for _, body := range []string{`{"summary":"s"}`, `"s"`, `5`, `null`} {
		if r := te.must(400, "POST", "/api/tickets", body); !strings.Contains(r.text, "requires a JSON array (e.g. [1,2,3]) to deserialize correctly") {
			t.Errorf("%s: %s", body, r.text)
		}
	}
	for _, body := range []string{"", "[", "[{", `[{"a":}]`, "[1]", "[{}] x", "nonsense", `[{"summary":` + strings.Repeat("[",
		100) + strings.Repeat("]", 100) + "}]"} {
		te.must(400, "POST", "/api/tickets", body)
	}
}

func TestContentTypes(t *testing.T) {
	te := start(t, Options{})
	for kind, status := range map[string]int{
		"application/json; charset=utf-8": 201, "application/json-patch+json": 201, "text/json": 201, "application/vnd.x+json": 201,
		"text/plain": 415, "application/xml": 415,
	} {
		te.must(status, "POST", "/api/supplier", `[{"name":"S"}]`, "Content-Type", kind)
	}
}

func TestCoercion(t *testing.T) {
	te := start(t, Options{})
	got := te.post("/api/tickets", `[{"Summary":"s","details":"d","client_id":"12","site_id":"19","USER_ID":"35","estimate":"1.5","flagged":"true","third_party_id_string":77,"impact":""}]`)
	for name, want := range map[string]string{"summary": "s", "client_id": "12", "site_id": "19", "user_id": "35", "estimate": "1.5",
		"flagged": "true", "third_party_id_string": "77"} {
		if str(got[name]) != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	if got := te.post("/api/tickets", `[{"id":"2041","summary":"by text"}]`); str(got["id"]) != "2041" || got["summary"] != "by text" {
		t.Errorf("n8n posts ids as text: %v", got)
	}
}

func TestModelStates(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct{ body, path, text string }{
		{`[{"id":"abc"}]`, "[0].id", "Could not convert string to integer: abc. Path '[0].id', line 1, position 12."},
		{"[{\"summary\":\"s\"},\n {\"client_id\":\"x\"}]", "[1].client_id",
			"Could not convert string to integer: x. Path '[1].client_id', line 2, position 17."},
		{`[{"site_id":95.0}]`, "[0].site_id", "Input string '95.0' is not a valid integer. Path '[0].site_id', line 1, position 16."},
		{`[{"flagged":"perhaps"}]`, "[0].flagged", "Could not convert string to boolean: perhaps."},
		{`[{"dateoccurred":"tomorrow"}]`, "[0].dateoccurred", "Could not convert string to DateTime: tomorrow."},
		{`[{"estimate":"long"}]`, "[0].estimate", "Could not convert string to double: long."},
		{`[{"summary":{"a":1}}]`, "[0].summary", "Unexpected character encountered while parsing value: {."},
		{`[{"client_id":true}]`, "[0].client_id", "Unexpected character encountered while parsing value: t."},
		{`[{"client_id":99999999999}]`, "[0].client_id", "JSON integer 99999999999 is too large or small for an Int32."},
		{`[{"customfields":5}]`, "[0].customfields", "requires a JSON array"},
	} {
		m := te.must(400, "POST", "/api/tickets", c.body).object(t)
		list, _ := m[c.path].([]any)
		if len(list) != 1 || !strings.HasPrefix(str(list[0]), c.text) && !strings.Contains(str(list[0]), c.text) {
			t.Errorf("%s: %v", c.body, m)
		}
	}
}

func TestDoublesMayBePostedWhereHaloHasDoubles(t *testing.T) {
	te := start(t, Options{})
	if got := te.must(201, "POST", "/api/users", `[{"name":"Ann Other","site_id":19.0}]`).text; !strings.Contains(got, `"site_id":19.0`) {
		t.Error(got)
	}
}

func TestOneBadElementSpoilsThePost(t *testing.T) {
	te := start(t, Options{})
	te.must(400, "POST", "/api/supplier", `[{"name":"Kept?"},{"id":"abc"}]`)
	te.must(404, "POST", "/api/supplier", `[{"name":"Kept?"},{"id":9999}]`)
	if got := te.get("/api/supplier?search=kept").rows(t, "suppliers"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestUpdateOfWhatIsNotThere(t *testing.T) {
	te := start(t, Options{})
	for _, path := range []string{"/api/tickets", "/api/client", "/api/agent"} {
		if r := te.must(404, "POST", path, `[{"id":9999,"name":"x"}]`); r.text != "" {
			t.Errorf("%s: %s", path, r.text)
		}
	}
}

func TestMandatoryFields(t *testing.T) {
	te := start(t, Options{})
	for _, c := range [][3]string{
		{"/api/tickets", `[{"client_id":12}]`, "summary, details"}, {"/api/tickets", `[{"summary":"s"}]`, "details"}, {"/api/site",
			`[{"name":"S"}]`, "client_id"},
		{"/api/users", `[{"name":"N"}]`, "site_id"}, {"/api/agent", `[{"email":"a@b.example"}]`, "name"}, {"/api/tickets",
			`[{"id":2041,"summary":""}]`, "summary"},
		{"/api/client", `[{"name":"  "}]`, "name"}, {"/api/status", `[{}]`, "name"},
	} {
		if got := te.refusal(c[0], c[1]); !strings.Contains(got, c[2]) {
			t.Errorf("%s %s: %s", c[0], c[1], got)
		}
	}
	te.post("/api/tickets", `[{"client_id":12,"_novalidate":true}]`)
	te.post("/api/tickets", `[{"summary":"s","details_html":"<p>d</p>"}]`)
}

func TestValidateOnlySavesNothing(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/supplier", `[{"name":"Ghost","_validate_only":true}]`)
	if got := te.get("/api/supplier?search=ghost").rows(t, "suppliers"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	te := start(t, Options{})
	got := te.post("/api/tickets", `[{"summary":"s","details":"d","not_of_halo":1,"status_name":"Nonsense","_canupdate":true,"~use":"opp"}]`)
	if got["not_of_halo"] != nil || got["_canupdate"] != nil || got["status_name"] != "New" {
		t.Errorf("%v", got)
	}
	if str(te.get("/api/tickets/" + str(got["id"])).object(t)["id"]) != str(got["id"]) {
		t.Error("the ticket changed its kind")
	}
}

func TestReferencesMustExist(t *testing.T) {
	te := start(t, Options{})
	if got := te.refusal("/api/tickets", `[{"summary":"s","details":"d","client_id":9999}]`); !strings.Contains(got, "client_id") {
		t.Error(got)
	}
	te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12,"parent_id":-1,"agent_id":0}]`)
}

func TestDelete(t *testing.T) {
	te := start(t, Options{})
	for _, path := range []string{"/api/supplier/1", "/api/item/2", "/api/users/40", "/api/appointment/1", "/api/kbarticle/3",
		"/api/category/1", "/api/site/20"} {
		got := te.must(200, "DELETE", path, "{}").object(t) // some clients send a body along
		if got["id"] == nil {
			t.Errorf("%s: %v", path, got)
		}
		te.must(404, "GET", path, "")
		te.must(404, "DELETE", path, "")
	}
}

func TestNewClientHasSiteAndUsers(t *testing.T) {
	te := start(t, Options{})
	got := te.post("/api/client", `[{"name":"Juniper Joinery Ltd","newclient_sitename":"Workshop","newclient_contactname":"June Piper","newclient_contactemail":"june@juniper.example"}]`)
	if got["main_site_name"] != "Workshop" || got["newclient_sitename"] != nil {
		t.Errorf("%v", got)
	}
	users := column(te.get("/api/users?client_id="+str(got["id"])).rows(t, "users"), "name")
	if strings.Join(users, ",") != "General User,June Piper" {
		t.Errorf("%v", users)
	}
	if text := te.refusal("/api/client", `[{"name":"juniper joinery ltd"}]`); !strings.Contains(text, "already exists") {
		t.Error(text)
	}
}

func TestDerivedNamesFollowRenaming(t *testing.T) {
	te := start(t, Options{})
	te.post("/api/client", `[{"id":12,"name":"Northwind Dental Care"}]`)
	site := te.get("/api/site/19").object(t)
	if site["clientsite_name"] != "Northwind Dental Care/Main" || site["client_name"] != "Northwind Dental Care" {
		t.Errorf("%v", site)
	}
	for _, r := range te.get("/api/tickets?client_id=12").rows(t, "tickets") {
		if r["client_name"] != "Northwind Dental Care" {
			t.Fatalf("%v", r)
		}
	}
}

func TestAgentsGetAColour(t *testing.T) {
	te := start(t, Options{})
	if got := te.post("/api/agent", `[{"name":"Nia Powell"}]`); got["colour"] == nil || got["initials"] != "NP" || got["surname"] != "Powell" {
		t.Errorf("%v", got)
	}
}

func TestInvoiceLines(t *testing.T) {
	te := start(t, Options{})
	got := te.must(201, "POST", "/api/invoice", `[{"client_id":12,"lines":[{"item_shortdescription":"Cable","qty_order":2,"unit_price":5,"tax_amount":2}]}]`)
	if !strings.Contains(got.text, `"total":12.0`) || !strings.Contains(got.text, `"qty_order":2.0`) {
		t.Error(got.text)
	}
	if r := te.get("/api/invoice?client_id=12").rows(t, "invoices")[0]; r["lines"] != nil {
		t.Error("lists leave lines out")
	}
	if r := te.get("/api/invoice?client_id=12&includelines=true").rows(t, "invoices")[0]; r["lines"] == nil {
		t.Error("includelines brings them")
	}
}

func TestCoerce(t *testing.T) {
	number := func(text string) json.Number { return json.Number(text) }
	for _, c := range []struct {
		kind    kind
		in, out any
		problem string
	}{
		{kindInt, number("7"), int64(7), ""}, {kindInt, " 7 ", int64(7), ""}, {kindInt, "", nil, ""}, {kindInt, nil, nil, ""},
		{kindInt, []any{}, nil, "Unexpected character encountered while parsing value: [."},
		{kindNum, "1.5", double(1.5), ""}, {kindNum, "", nil, ""}, {kindNum, "NaN", nil, "Could not convert string to double: NaN."},
		{kindNum, false, nil, "Unexpected character encountered while parsing value: f."},
		{kindBool, number("1"), true, ""}, {kindBool, "FALSE", false, ""}, {kindBool, "", nil, ""},
		{kindBool, map[string]any{}, nil, "Unexpected character encountered while parsing value: {."},
		{kindText, true, "true", ""}, {kindText, number("1.50"), "1.50", ""},
		{kindDate, "2026-09-25T08:00:00+02:00", "2026-09-25T06:00:00Z", ""}, {kindDate, "2026-09-25", "2026-09-25T00:00:00", ""},
		{kindDate, "2026-09-25T06:41:08.7895915Z", "2026-09-25T06:41:08.7895915Z", ""}, {kindDate, "", nil, ""},
		{kindDate, number("5"), nil, "Unexpected character encountered while parsing value: {."},
		{kindGUID, "6606B2C3-BE24-5D7D-BDD6-121E2E7F79E9", "6606b2c3-be24-5d7d-bdd6-121e2e7f79e9", ""},
		{kindGUID, "x", nil, "Error converting value \"x\" to type 'System.Guid'."},
		{kindAny, number("1.0"), double(1), ""}, {kindAny, number("1"), int64(1), ""},
		{kindText, number(strings.Repeat("9", 90)), strings.Repeat("9", 90), ""},
		{kindInt, strings.Repeat("x", 90), nil, "Could not convert string to integer: " + strings.Repeat("x", 80) + "…."},
	} {
		out, problem := coerce(c.kind, c.in)
		if out != c.out || problem != c.problem {
			t.Errorf("%v as %d: %v %q, want %v %q", c.in, c.kind, out, problem, c.out, c.problem)
		}
	}
}
