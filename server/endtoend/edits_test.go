package endtoend_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/api"
	"gantry/fault/faulttest"
)

// saying is a workflow with a webhook for the MSP whose runs last a while and put out a word.
func saying(word, while string) string {
	return `
triggers: [{name: in, type: webhook, verify: none, run_for: {this: true}}]
tasks: {wait: {action: core.delay, with: {duration: ` + while + `}}}
outputs: {word: "` + word + `"}
`
}

// post sends a delivery and gives the status of the answer.
func (h *house) post(path string) int {
	h.t.Helper()
	resp, err := http.Post(*h.url.Load()+path, "application/json", strings.NewReader("{}"))
	faulttest.Must(h.t, err)
	_ = textOf(resp)
	return resp.StatusCode
}

// words are what the runs of a workflow have put out, by how many did.
func (h *house) words(workflow string) map[string]int {
	h.t.Helper()
	s := h.look()
	defer s.Close()
	var all []string
	faulttest.Must(h.t, s.Read().Select(&all, "SELECT ifnull(json_extract(outputs, '$.word'), status) FROM runs WHERE workflow = ?", workflow))
	words := map[string]int{}
	for _, word := range all {
		words[word]++
	}
	return words
}

// TestFileDeletedWhileRunsGo: the runs end as they would have, the address is gone, and no delivery is lost on the way.
func TestFileDeletedWhileRunsGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"gone": saying("done", "4s")})
	p := h.start()
	path := h.hooks("gone")[0].path
	accepted := 0
	deliver := func() int {
		status := h.post(path)
		if status == http.StatusAccepted {
			accepted++
		}
		return status
	}
	for range 3 {
		if status := deliver(); status != http.StatusAccepted {
			t.Fatalf("answered %d", status)
		}
	}
	faulttest.Must(t, os.Remove(filepath.Join(h.dir, "workflows/gone.yaml")))
	until(t, 20*time.Second, func() bool { return deliver() == http.StatusNotFound }, func() string { return "the address still answers" })
	h.settled()
	faulttest.Must(t, p.stop())
	// what was accepted just before, and decided after, is kept and says why
	nothing := h.count("SELECT count(*) FROM trigger_events WHERE status <> 'started'")
	if words := h.words("gone"); words["done"]+nothing != accepted || words["done"] < 3 {
		t.Errorf("of %d deliveries %d came to nothing, and the runs of the others say %v", accepted, nothing, words)
	}
	if n := h.count("SELECT count(*) FROM trigger_events WHERE status <> 'started' AND (status <> 'failed' OR error IS NULL)"); n > 0 {
		t.Errorf("%d deliveries came to nothing, and nothing tells why", n)
	}
}

// TestBrokenEdit: the last good version goes on, also over a kill, and everybody who looks is told what is broken.
func TestBrokenEdit(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"a": saying("one", "1ms")})
	p := h.start()
	path := h.hooks("a")[0].path
	says := func(word string) {
		t.Helper()
		before := h.words("a")[word]
		until(t, 20*time.Second, func() bool {
			if status := h.post(path); status != http.StatusAccepted {
				t.Fatalf("answered %d", status)
			}
			h.settled()
			return h.words("a")[word] > before
		}, func() string { return "no run says " + word })
	}
	says("one")
	h.write("workflows/a.yaml", saying("two", "1ms")+"tasks: {twice: 1}\n")
	h.wantBroken(true)
	says("one")
	p.kill()
	p = h.start()
	h.wantBroken(true)
	says("one")
	h.write("workflows/a.yaml", saying("three", "1ms"))
	says("three")
	h.wantBroken(false)
	faulttest.Must(t, p.stop())
}

// wantBroken waits until the API and readiness tell that workflow a is broken, or no longer.
func (h *house) wantBroken(want bool) {
	h.t.Helper()
	var text string
	until(h.t, 20*time.Second, func() bool {
		list, err := api.ListWorkflows.Call(h.t.Context(), h.client(), &api.ListWorkflowsIn{})
		faulttest.Must(h.t, err)
		at := slices.IndexFunc(list.Body.Workflows, func(w api.Workflow) bool { return w.ID == "a" })
		var said struct {
			Broken []string `json:"broken_files"`
		}
		_, text = h.ready()
		faulttest.Must(h.t, json.Unmarshal([]byte(text), &said))
		return (list.Body.Workflows[at].Broken != nil) == want && slices.Contains(said.Broken, "workflows/a.yaml") == want
	}, func() string { return "broken is not " + text })
}
