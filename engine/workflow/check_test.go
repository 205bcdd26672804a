package workflow

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/actions"
	"gantry/schema"
	"gantry/source"
)

var update = flag.Bool("update", false, "write the golden files anew")

// testCatalogue is what ships with the small integration of testdata beside it.
func testCatalogue(t testing.TB) *actions.Catalogue {
	t.Helper()
	c, err := loadedCatalogue()
	if err != nil {
		t.Fatalf("the test catalogue: %s", err)
	}
	return c
}

// loadedCatalogue is loaded once: nobody changes a catalogue.
var loadedCatalogue = sync.OnceValues(func() (*actions.Catalogue, error) {
	c, ds := actions.Load(actions.Builtin(), os.DirFS("testdata"), "integrations")
	if len(ds) > 0 {
		return nil, ds
	}
	return c, nil
})

// testWorld knows a few organisation variables and workflows.
func testWorld(t testing.TB) World {
	required := func(name string, typ *schema.Type) schema.Field {
		return schema.Field{Name: name, Type: typ, Required: true}
	}
	workflows := map[string]*Signature{
		"notify/customer": {ID: "notify/customer", Title: "Tell the customer",
			Inputs: []schema.Field{required("ticket_id", schema.Integer()), {Name: "text", Type: schema.String()}},
			Output: schema.Object("", required("sent", schema.Boolean()), required("mails", schema.Integer()))},
		"notify/failed-run": {ID: "notify/failed-run", Title: "Tell the admins", Inputs: []schema.Field{required("failed_run", schema.Any())},
			Output: schema.Object("")},
		"workflow-itself": {ID: "workflow-itself", Output: schema.Any()},
		"notify/strict":   {ID: "notify/strict", Title: "Wants more", Inputs: []schema.Field{required("channel", schema.String())}, Output: schema.Object("")},
	}
	return World{
		Catalogue: testCatalogue(t),
		Workflow:  func(id string) (*Signature, bool) { s, ok := workflows[id]; return s, ok },
		WorkflowIDs: func() []string {
			return []string{"notify/customer", "notify/failed-run", "notify/strict"}
		},
		OrgVars: []schema.Field{
			required("default_team", schema.String()), required("limit", schema.Integer()),
			required("api_token", schema.Secret()), required("webhook_secret", schema.Secret()),
		},
		OrgVarsKnown: true,
	}
}

// checkText parses and checks one file as LoadAll does.
func checkText(w World, id, file string, text []byte) (*Workflow, source.Diagnostics) {
	def, ds := Parse(id, file, text)
	if def == nil {
		return nil, ds
	}
	wf, more := Check(def, w)
	ds.Add(more...)
	ds.Sort()
	return wf, ds
}

// TestCheck holds each file of testdata/check against its golden file: the diagnostics as people see them.
func TestCheck(t *testing.T) {
	files, err := filepath.Glob("testdata/check/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	world := testWorld(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(file)
			w := world
			if strings.HasPrefix(string(text), "# no data directory") {
				w.OrgVarsKnown, w.OrgVars = false, nil
			}
			wf, ds := checkText(w, strings.TrimSuffix(name, ".yaml"), name, text)
			if (wf == nil) != ds.HasErrors() {
				t.Errorf("workflow is nil: %v, errors: %v", wf == nil, ds.HasErrors())
			}
			var got strings.Builder
			if len(ds) == 0 {
				got.WriteString("fine\n")
			}
			ds.Render(&got, source.Texts{name: text}, false)
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", got.String())
		})
	}
}

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
		t.Fatal(err, "(run go test -update)")
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
