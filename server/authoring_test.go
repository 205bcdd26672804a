package server

import (
	"net/http"
	"strings"
	"testing"

	"gantry/api"
	"gantry/authoring"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/project"
)

// TestPublished: a workflow that is published is in use at the answer, its webhook a moment later, and after a restart;
// what an editor saves then is a version, too.
func TestPublished(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one")}, nil)
	client := api.OverSocket(r.data.Dir)
	defer client.Close()
	publish := &api.PublishWorkflowIn{OfWorkflow: api.OfWorkflow{Workflow: "a"}}
	publish.Body.Text, publish.Body.Base, publish.Body.Comment = hooked("two"), authoring.VersionOf([]byte(hooked("one"))), "another word"
	for _, id := range []string{"a", "team/b"} {
		publish.Workflow = id
		out, err := api.PublishWorkflow.Call(t.Context(), client, publish)
		faulttest.Must(t, err)
		if word := r.says(id); word != "two" || out.Body.Version != authoring.VersionOf([]byte(hooked("two"))) {
			t.Errorf("%s says %s, %+v", id, word, out.Body)
		}
		publish.Body.Base = ""
	}
	if status, body := r.do(http.MethodPost, r.hook("team/b", "in"), `{}`); status != http.StatusAccepted {
		t.Errorf("%d %s", status, body)
	}
	versions := func(id string) []string {
		client := api.OverSocket(r.data.Dir)
		defer client.Close()
		out, err := api.ListVersions.Call(t.Context(), client, &api.ListVersionsIn{OfWorkflow: api.OfWorkflow{Workflow: id}})
		faulttest.Must(t, err)
		var kinds []string
		for _, v := range out.Body.Versions {
			kinds = append(kinds, v.Kind)
		}
		return kinds
	}
	r.write("workflows/a.yaml", hooked("three"))
	until(t, "the editor's text is a version", func() bool { return strings.Join(versions("a"), " ") == "file published file" })
	faulttest.Must(t, r.stop())
	r.write("workflows/team/b.yaml", hooked("four"))
	r.start(nil)
	if got := strings.Join(versions("team/b"), " "); got != "file published" || r.says("team/b") != "four" {
		t.Error(got)
	}
}

// TestPublishedFromFiles: gantry.yaml keeps a project's files from being changed by the server.
func TestPublishedFromFiles(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one")}, func(o *Options) {
		o.Settings.Publishing = project.Publishing{FilesOnly: true, NeedsComment: true}
	})
	client := api.OverSocket(r.data.Dir)
	defer client.Close()
	publish := &api.PublishWorkflowIn{OfWorkflow: api.OfWorkflow{Workflow: "a"}}
	publish.Body.Text, publish.Body.Overwrite = hooked("two"), true
	_, err := api.PublishWorkflow.Call(t.Context(), client, publish)
	faulttest.Want(t, err, fault.Conflict, "published from its files", "git repository")
	shown, err := api.ShowDraft.Call(t.Context(), client, &api.OfWorkflow{Workflow: "a"})
	faulttest.Must(t, err)
	if p := shown.Body.Publish; p.Allowed || p.Comment != "required" || p.Why == nil || r.says("a") != "one" {
		t.Errorf("%+v", p)
	}
}
