package actions_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"gantry/actions"
	"gantry/fault"
)

// A Halo that grants tokens and takes none of them is asked a few times, however many runs there are: who finds that
// another run has signed in meanwhile tries that token, too, but not without end.
func TestTokensThatNeverWork(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"`+r.RemoteAddr+`","token_type":"Bearer","expires_in":3600}`)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	r := actions.NewRuntime(actions.Options{Network: loopback})
	t.Cleanup(r.Close)
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			b := &bench{t: t, runtime: r,
				config: map[string]any{"resource_server": server.URL, "client_id": "c"}, secrets: map[string]string{"client_secret": "s"}}
			out := b.call("halo.list_agents", nil)
			asked := 0
			for _, request := range out.Requests {
				if strings.Contains(request.URL, "/api/") {
					asked++
				}
			}
			if out.Err == nil || out.Err.Code != fault.Unauthorised || asked > 3 {
				t.Errorf("%d requests, %v", asked, out.Err)
			}
		})
	}
	all.Wait()
}
