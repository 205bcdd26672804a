package api

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"gantry/access"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestEveryRouteHasAPolicy: nothing is served that nobody has said who may call.
func TestEveryRouteHasAPolicy(t *testing.T) {
	a, routes := New(House{}), 0
	err := a.router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		routes++
		d := a.byID[route.GetName()]
		path, _ := route.GetPathTemplate()
		if d == nil || Base+d.Path != path {
			t.Errorf("%s is no operation's", path)
			return nil
		}
		p := d.Policy
		_, known := access.LeastRole(p.Scope)
		switch needsRole := p.Where >= AtOrganisation && p.Where <= ByHandler; {
		case p.Where == Nowhere:
			t.Errorf("%s: nobody may call it", d.ID)
		case needsRole && (p.Role < access.Viewer || p.Role > access.Admin || !known):
			t.Errorf("%s: role %s, scope %q", d.ID, p.Role, p.Scope)
		case p.Where == AtOrganisation && !strings.Contains(d.Path, "{org}"), p.Where == OfRun && !strings.Contains(d.Path, "{run}"):
			t.Errorf("%s: nothing in its path is what its policy speaks of", d.ID)
		case d.Method != http.MethodGet && p.Role == access.Viewer:
			t.Errorf("%s changes something, and viewers may call it", d.ID)
		}
		return nil
	})
	if err != nil || routes != len(a.operations) || routes < 60 {
		t.Fatal(routes, err)
	}
}

// gates is the API with handlers that do nothing, so that every operation can be called by everybody.
func gates(w *world) http.Handler {
	router := mux.NewRouter().UseEncodedPath().SkipClean(true)
	nothing := func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	}
	for _, d := range w.api.operations {
		router.NewRoute().Path(Base + d.Path).Methods(d.Method).Handler(w.api.gate(d, nothing))
	}
	return router
}

// call gives the status that a caller's call of an operation about Contoso gets at its gate.
func call(t *testing.T, h http.Handler, d *Described, run string, caller *access.Caller) int {
	t.Helper()
	path := strings.NewReplacer("{org}", "contoso", "{run}", run).Replace(d.Path)
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "x" + path[to+1:]
	}
	r := httptest.NewRequest(d.Method, Base+path, strings.NewReader("{}"))
	r.Header.Set("Content-Type", d.media)
	if caller != nil {
		r = r.WithContext(WithCaller(r.Context(), caller))
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Code
}

// expected is what the policy says, worked out apart from the code that enforces it.
func expected(p Policy, role access.Role, at string, withScope bool) int {
	least, _ := access.LeastRole(p.Scope)
	need := max(p.Role, least)
	enough := role >= need && withScope
	switch p.Where {
	case Public, SelfOnly, SignedIn:
		return http.StatusNoContent
	case LocalOnly:
		return http.StatusForbidden
	case Filtered, ByHandler, Anywhere:
		if enough {
			return http.StatusNoContent
		}
		return http.StatusForbidden
	case AtRoot:
		if enough && at == "root" {
			return http.StatusNoContent
		}
		return http.StatusForbidden
	case AtOrganisation, OfRun:
		switch {
		case at == "other":
			return http.StatusNotFound
		case enough:
			return http.StatusNoContent
		}
		return http.StatusForbidden
	}
	return http.StatusForbidden
}

// TestPolicies walks every operation as every caller: with each role at the MSP, at the organisation that it is
// about, and at another one, with the scope and without. The golden file is for review: a policy that changes is
// seen there.
func TestPolicies(t *testing.T) {
	w := newWorld(t)
	h := gates(w)
	run := w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	places := map[string]orgs.Organisation{"root": w.msp, "client": w.contoso, "other": w.northwind}
	type someone struct {
		role   access.Role
		at     string
		caller *access.Caller
	}
	var everybody []someone
	for at, org := range places {
		for _, role := range access.Roles() {
			_, c := w.program(role.String()+"-"+at, role, org)
			everybody = append(everybody, someone{role, at, c})
		}
	}
	elsewhere := map[access.Scope]*access.Caller{} // administrators of the MSP with every scope but one
	for _, rule := range access.Table() {
		var others []access.Scope
		for _, other := range access.Table() {
			if other.Scope != rule.Scope {
				others = append(others, other.Scope)
			}
		}
		_, elsewhere[rule.Scope] = w.program("not-"+strings.ReplaceAll(string(rule.Scope), ":", "-"), access.Admin, w.msp, others...)
	}
	var golden strings.Builder
	for _, d := range w.api.operations {
		least := map[string]string{"root": "nobody", "client": "nobody", "other": "nobody"}
		for _, s := range everybody {
			got := call(t, h, d, run, s.caller)
			if want := expected(d.Policy, s.role, s.at, true); got != want {
				t.Errorf("%s as %s at %s: %d, want %d", d.ID, s.role, s.at, got, want)
			}
			now, _ := access.ParseRole(least[s.at])
			if got == http.StatusNoContent && (now == 0 || s.role < now) {
				least[s.at] = s.role.String()
			}
		}
		if c, needed := elsewhere[d.Policy.Scope]; needed {
			if got := call(t, h, d, run, c); got != http.StatusForbidden {
				t.Errorf("%s by a token without %s: %d", d.ID, d.Policy.Scope, got)
			}
		}
		nobody, here := call(t, h, d, run, nil), call(t, h, d, run, local)
		if want := http.StatusUnauthorized; d.Policy.Where != Public && nobody != want || here != http.StatusNoContent {
			t.Errorf("%s: nobody %d, local %d", d.ID, nobody, here)
		}
		fmt.Fprintf(&golden, "%-28s %-6s %-66s %-12s %-19s root:%-8s client:%-8s other:%-8s nobody:%d\n", d.ID, d.Method, d.Path, d.Policy.Where, d.Policy.Scope,
			least["root"], least["client"], least["other"], nobody)
	}
	compareGolden(t, "testdata/policy.golden", golden.String())
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		faulttest.Must(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	if err != nil || string(want) != got {
		t.Errorf("%s has changed (%v); see what, and run the test with -update if that was meant\n%s", name, err, got)
	}
}

// TestUnproven: a handler that never asks what its caller may see or do has no answer.
func TestUnproven(t *testing.T) {
	w := newWorld(t)
	type out struct{ Body string }
	for _, where := range []Where{ByHandler, Filtered, Nowhere} {
		careless := Operation[struct{}, out]{ID: "careless-" + where.String(), Method: "GET", Path: "/careless/" + where.String(),
			Policy: Policy{Role: access.Viewer, Scope: access.RunsRead, Where: where}}
		careless.serve(w.api, func(context.Context, *struct{}) (*out, error) { return &out{"everything"}, nil })
		_, err := careless.Call(t.Context(), w.as(local), &struct{}{})
		if code := fault.From(err).Code; code != fault.Internal && where != Nowhere || where == Nowhere && code != fault.Denied {
			t.Errorf("%s: %v", where, err)
		}
	}
}

// TestUnseen: what a caller may not see looks like what there is not.
func TestUnseen(t *testing.T) {
	w := newWorld(t)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	run := w.run("greet/hello", w.northwind, map[string]any{"name": "Ada"})
	show := func(slug string) error {
		_, err := ShowOrganisation.Call(t.Context(), w.as(viewer), &OfOrganisation{slug})
		return err
	}
	there, nowhere := fault.From(show("northwind")), fault.From(show("northwint"))
	if there.Code != fault.Missing || strings.ReplaceAll(there.Error(), "northwind", "northwint") != nowhere.Error() {
		t.Errorf("%v, and %v", there, nowhere)
	}
	for _, id := range []string{run, run[:8], run[len(run)-8:], "0000" + run[4:]} {
		_, err := ShowRun.Call(t.Context(), w.as(viewer), &ShowRunIn{OfRunIn: OfRunIn{id}})
		if f := fault.From(err); f.Message != "there is no run "+id {
			t.Errorf("%s: %v", id, f)
		}
	}
	if err := show("contoso-labs"); err != nil {
		t.Error(err)
	}
	if _, err := ShowRun.Call(t.Context(), w.as(local), &ShowRunIn{OfRunIn: OfRunIn{run[len(run)-8:]}}); err != nil {
		t.Error(err)
	}
	doc, err := ShowOrganisation.Call(t.Context(), w.as(viewer), &OfOrganisation{"contoso"})
	if err != nil || doc.Body.Parent != "" || doc.Body.ParentID != "" {
		t.Errorf("%+v %v", doc, err)
	}
}
