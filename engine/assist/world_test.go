package assist

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// catalogue is what ships with the small integration of the checker's tests beside it.
var catalogue = sync.OnceValue(func() *actions.Catalogue {
	c, ds := actions.Load(actions.Builtin(), os.DirFS("../workflow/testdata"), "integrations")
	if len(ds) > 0 {
		panic(ds)
	}
	return c
})

// newAssistant knows two workflows and a few variables of the MSP.
func newAssistant(testing.TB) *Assistant {
	required := func(name string, typ *schema.Type, description string) schema.Field {
		typ.Description = description
		return schema.Field{Name: name, Type: typ, Required: true}
	}
	workflows := map[string]*workflow.Signature{
		"notify/customer": {ID: "notify/customer", Title: "Tell the customer",
			Inputs: []schema.Field{required("ticket_id", schema.Integer(), "Halo ticket number"), {Name: "text", Type: schema.String()}},
			Output: schema.Object("", required("sent", schema.Boolean(), "Whether a mail went out"), required("mails", schema.Integer(), ""))},
		"notify/failed-run": {ID: "notify/failed-run", Title: "Tell the admins",
			Inputs: []schema.Field{required("failed_run", schema.Any(), "")}, Output: schema.Object("")},
	}
	return New(workflow.World{
		Catalogue:   catalogue(),
		Workflow:    func(id string) (*workflow.Signature, bool) { s, ok := workflows[id]; return s, ok },
		WorkflowIDs: func() []string { return []string{"notify/customer", "notify/failed-run"} },
		OrgVars: []schema.Field{
			required("default_team", schema.String(), ""), required("limit", schema.Integer(), ""), required("api_token", schema.Secret(), ""),
		},
		OrgVarsKnown: true,
	}, func(id string) string { return id + ".yaml" })
}

// each calls test for the files of a folder of testdata.
func each(t *testing.T, pattern string, test func(t *testing.T, file, text string)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			test(t, file, string(text))
		})
	}
}

// golden holds what came out against a file; -update writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update after a wanted change):\n%s", file, diff)
	}
}
