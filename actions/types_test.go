package actions

import (
	"strings"
	"testing"

	"gantry/expr"
	"gantry/schema"
)

// What the handbook's first workflow writes must type-check against the catalogue.
func TestTypesOfTheExampleWorkflow(t *testing.T) {
	result := func(id string) *schema.Type {
		a, ok := Builtin().Action(id)
		if !ok {
			t.Fatalf("no %s", id)
		}
		return a.Result
	}
	ticket := result("halo.get_ticket")
	assets, ok := ticket.Field("assets")
	if !ok || assets.Type.Kind != schema.KindList {
		t.Fatal("a ticket has no list of assets")
	}
	env := expr.NewEnv(expr.Variable{Name: "result", Type: ticket}, expr.Variable{Name: "asset", Type: assets.Type.Items},
		expr.Variable{Name: "agents", Type: result("halo.list_agents")}, expr.Variable{Name: "page", Type: result("core.http_request")},
		expr.Variable{Name: "any", Type: result("core.set")})
	for _, good := range []string{
		"result.priority_id == 1", "result.assets.map(a, a.inventory_number)", "asset.inventory_number", "agents.filter(a, a.team == 'x').size() > 0",
		"result.customfields.exists(f, f.name == 'CFserial' && f.value == 'x')", "page.status == 200 && page.body.n == 1 && page.headers['x'] == 'y'", "any.whatever",
	} {
		if _, ds := expr.CompileText(env, good); ds.HasErrors() {
			t.Errorf("%s: %v", good, ds)
		}
	}
	for bad, words := range map[string]string{"result.priority_id == 'high'": "", "asset.inventory_number + 1": "", "agents.name": "", "page.stauts == 200": "status"} {
		if _, ds := expr.CompileText(env, bad); !ds.HasErrors() || !strings.Contains(ds[0].Message+ds[0].Hint, words) {
			t.Errorf("%s: %v", bad, ds)
		}
	}
	for id, with := range map[string]map[string]any{
		"halo.get_ticket": {"ticket_id": int64(1)}, "halo.update_ticket": {"ticket_id": int64(1), "team": "Escalations"},
		"halo.add_note": {"ticket_id": int64(1), "note": "Asset 7"}, "halo.list_agents": {},
	} {
		a, _ := Builtin().Action(id)
		if problems := a.InputType().Check(with); len(problems) > 0 {
			t.Errorf("%s: %v", id, problems)
		}
	}
}
