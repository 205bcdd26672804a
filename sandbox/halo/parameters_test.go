package halo

import (
	_ "embed"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

//go:embed testdata/parameters.txt
var parametersText string

// documented is one operation of Halo's description with its query parameters and their types.
type documented struct {
	method, path string
	parameters   [][2]string
}

func documentedOperations() []documented {
	var all []documented
	for line := range strings.Lines(parametersText) {
		line = strings.TrimRight(line, "\n")
		if rest, indented := strings.CutPrefix(line, "    "); indented {
			at := &all[len(all)-1]
			for word := range strings.SplitSeq(rest, ", ") {
				name, kind, _ := strings.Cut(strings.TrimSpace(word), ":")
				at.parameters = append(at.parameters, [2]string{name, kind})
			}
			continue
		}
		if words := strings.Fields(line); len(words) > 1 && words[0] != ";" {
			all = append(all, documented{method: words[0], path: words[1]})
		}
	}
	return all
}

// sample is a value of a parameter's type.
func sample(name, kind string) string {
	switch {
	case kind == "b":
		return "true"
	case name == "advanced_search":
		return "[]"
	case kind == "s" && strings.Contains(name, "date"):
		return "2026-09-01"
	case kind == "s" && strings.HasPrefix(name, "order"):
		return "id"
	}
	return "1"
}

// knock asks without the network, which is much faster.
func (te *tenant) knock(method, path, body string) reply {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+te.token)
	w := httptest.NewRecorder()
	te.halo.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

// TestDocumentedParametersAreAccepted: no documented parameter makes an answer fail, and undocumented ones neither.
func TestDocumentedParametersAreAccepted(t *testing.T) {
	te := start(t, Options{})
	te.webhooks()
	for _, op := range documentedOperations() {
		path, ok := te.example(op)
		if op.method != http.MethodGet || !ok {
			continue
		}
		for _, p := range append(op.parameters, [2]string{"nobody_documents_this", "s"}) {
			separator := "?"
			if strings.Contains(path, "?") {
				separator = "&"
			}
			if r := te.knock("GET", path+separator+p[0]+"="+sample(p[0], p[1]), ""); r.status != 200 {
				t.Errorf("%s with %s answered %d: %.200s", path, p[0], r.status, r.text)
			}
		}
	}
}

// example puts a row that exists into a documented path.
func (te *tenant) example(op documented) (path string, ok bool) {
	name := strings.Split(op.path, "/")[1]
	res := resources()[strings.ToLower(name)]
	if res == nil || strings.Count(op.path, "/") > 2 {
		return "", false
	}
	path = "/api" + op.path
	if !strings.Contains(op.path, "{id}") {
		return path, strings.Count(op.path, "/") == 1
	}
	for _, r := range te.halo.data.table(res.home()).rows {
		if res.belongs == nil || res.belongs(te.halo.data, r) {
			id := textOf(r["id"])
			if res.number != "" {
				id = textOf(r[res.parent]) + "&" + id
			}
			path = strings.Replace(path, "{id}", id, 1)
			if res.parent != "" && res.number == "" {
				path += "?" + res.parent + "=" + textOf(r[res.parent])
			}
			return path, true
		}
	}
	te.t.Errorf("%s has no rows", name)
	return "", false
}

// unanswered are documented operations that this Halo does not have; each says why.
var unanswered = map[string]string{
	"/InstanceInfo": "what it answers is not public",
}

// TestDocumentedOperationsAreThere: every documented path answers its verb and refuses another with 405.
func TestDocumentedOperationsAreThere(t *testing.T) {
	te := start(t, Options{})
	for _, op := range documentedOperations() {
		path := "/api" + strings.NewReplacer("{id}&{seq}", "2212&1", "{id}", "1").Replace(op.path)
		status := te.knock("PATCH", path, "[]").status
		if why, known := unanswered[op.path]; known != (status == 404) {
			t.Errorf("%s: PATCH answered %d (%s)", path, status, why)
		} else if !known && status != 405 {
			t.Errorf("%s: PATCH answered %d, want 405", path, status)
		}
		if r := te.knock(op.method, path, "[]"); unanswered[op.path] == "" && r.status == 405 {
			t.Errorf("%s %s answered 405", op.method, path)
		}
	}
}
