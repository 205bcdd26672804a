package api

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"gantry/fault/faulttest"
	"gantry/orgs"
)

// TestSecretsStayIn: with secrets wherever there can be some, everything that can be read is read, by whoever may do
// everything, and none of them is in it.
func TestSecretsStayIn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	const secret = "hunter2-and-more"
	for _, org := range []orgs.Organisation{w.msp, w.contoso} {
		faulttest.Must(t, w.orgs.SetVariable(ctx, org.ID, orgs.Variable{Name: "password", Type: orgs.TypeSecret, Value: secret}))
		_, err := w.orgs.AddInstance(ctx, org.ID, "halo", "Halo", map[string]any{"resource_server": "https://halo.example.com", "client_id": "id", "tenant": "t"},
			map[string]string{"client_secret": secret}, true)
		faulttest.Must(t, err)
	}
	run := w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	replace := strings.NewReplacer("{org}", "contoso", "{run}", run, "{integration}", "halo", "{name}", "password", "{workflow}", "greet%2Fhello",
		"{trigger}", "by%20hand", "{action}", "halo.get_ticket", "{event}", "x", "{user}", "x", "{slug}", "x", "{session}", "x", "{token}", "x", "{task}", "say", "{number}", "1", "{crate}", "ticket-digest")
	read := 0
	for _, d := range w.api.Operations() {
		if d.Method != "GET" {
			continue
		}
		path := replace.Replace(d.Path)
		if strings.Contains(path, "{") {
			t.Errorf("%s: what is in its path?", d.ID)
		}
		r := httptest.NewRequest("GET", Base+path, nil)
		rec := httptest.NewRecorder()
		ctx, leave := context.WithCancel(WithCaller(r.Context(), local))
		if d.ID == FollowChanges.ID { // it goes on until whoever listens leaves
			w.handler.ServeHTTP(leaving{rec, leave}, r.WithContext(ctx))
		} else {
			w.handler.ServeHTTP(rec, r.WithContext(ctx))
		}
		leave()
		if strings.Contains(rec.Body.String(), secret) {
			t.Errorf("%s tells the secret: %s", d.ID, rec.Body)
		}
		if rec.Code == 200 {
			read++
		} else {
			t.Logf("%s: %d %s", d.ID, rec.Code, rec.Body)
		}
	}
	if read < 25 {
		t.Errorf("only %d operations were read", read)
	}
}

// leaving leaves when something has been said.
type leaving struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

// Write implements http.ResponseWriter.
func (l leaving) Write(p []byte) (int, error) {
	defer l.leave()
	return l.ResponseRecorder.Write(p)
}
