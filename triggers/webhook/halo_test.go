package webhook_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gantry/fault/faulttest"
	"gantry/sandbox/halo"
)

// tenant is a simulated Halo that an admin has signed in to.
type tenant struct {
	t     *testing.T
	halo  *halo.Server
	base  string
	token string
}

func startHalo(t *testing.T) *tenant {
	t.Helper()
	te := &tenant{t: t, halo: halo.New(halo.Options{})}
	base, err := te.halo.Start("127.0.0.1:0")
	faulttest.Must(t, err)
	t.Cleanup(func() { faulttest.Must(t, te.halo.Close()); http.DefaultClient.CloseIdleConnections() })
	te.base = base
	c := te.halo.Credentials()
	got, err := http.PostForm(base+"/auth/token?tenant="+c.Tenant, url.Values{"grant_type": {"client_credentials"},
		"client_id": {c.ClientID}, "client_secret": {c.ClientSecret}, "scope": {"all"}})
	faulttest.Must(t, err)
	defer got.Body.Close()
	var token struct {
		Text string `json:"access_token"`
	}
	faulttest.Must(t, json.NewDecoder(got.Body).Decode(&token))
	te.token = token.Text
	return te
}

func (te *tenant) post(path, body string) map[string]any {
	te.t.Helper()
	r, err := http.NewRequest("POST", te.base+path, strings.NewReader(body))
	faulttest.Must(te.t, err)
	r.Header.Set("Authorization", "Bearer "+te.token)
	r.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(r)
	faulttest.Must(te.t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	faulttest.Must(te.t, err)
	if got.StatusCode > 299 {
		te.t.Fatalf("%s answered %d: %s", path, got.StatusCode, text)
	}
	var made map[string]any
	faulttest.Must(te.t, json.Unmarshal(text, &made))
	return made
}

// webhook makes one in Halo as its admins do, for new tickets.
func (te *tenant) webhook(address, password, more string) {
	te.t.Helper()
	id, _ := te.post("/api/Webhook", `[{"name":"Gantry","url":"`+address+`","type":0,"method":0,"active":true,"content_type":"application/json",
		"authentication_type":1,"basic_username":"halo","basic_password":"`+password+`","payload_type":1`+more+`}]`)["id"].(string)
	te.post("/api/Notification", `[{"webhook_id":"`+id+`","type":-2,"delivery_method":6,"eventno":"3","filter_type":2,"conditions":[]}]`)
}

func (te *tenant) settled() []halo.Delivery {
	te.t.Helper()
	faulttest.Must(te.t, te.halo.Settle(ctx))
	return te.halo.Deliveries()
}

// ticketFlow is a workflow as an admin writes it for Halo's own webhook.
const ticketFlow = `inputs: {ticket: {type: integer, required: true}, summary: string}
triggers:
  - name: hook
    type: webhook
    preset: halo.new_ticket
    run_for: {all_managed: true}
    inputs: {ticket: "${{ body.object_id }}", summary: "${{ body.?ticket.?summary.orValue('') }}"}
tasks: {a: {action: core.noop}}
outputs: {ticket: "${{ inputs.ticket }}", summary: "${{ inputs.summary }}"}
`

func TestHalosOwnWebhook(t *testing.T) {
	for _, c := range []struct{ name, more string }{
		{"one by one", `,"batch_method":0`},
		{"batches", `,"batch_method":1,"batch_delay_seconds":3600,"batch_limit":10`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, map[string]string{"w": ticketFlow})
			b.secret(b.msp, "halo_webhook_password", "correct horse")
			te := startHalo(t)
			te.webhook(b.server.URL+b.path(), "correct horse", c.more)
			made := map[float64]string{}
			for _, summary := range []string{"Printer <on> fire", "Cannot sign in"} {
				ticket := te.post("/api/tickets", `[{"summary":"`+summary+`","details":"d","client_id":12}]`)
				made[ticket["id"].(float64)] = summary
			}
			for _, d := range te.settled() {
				if d.Failed || d.Status != 202 {
					t.Errorf("%+v", d)
				}
			}
			b.until(func() bool { return len(b.runs()) >= len(made) })
			faulttest.Must(t, b.engine.Drain(ctx))
			for _, run := range b.runs() {
				number, _ := run.Outputs["ticket"].(int64)
				if made[float64(number)] != run.Outputs["summary"] {
					t.Errorf("%v", run.Outputs)
				}
				delete(made, float64(number))
			}
			if len(made) > 0 {
				t.Errorf("no run for %v", made)
			}
		})
	}
}

func TestHaloWithAnotherPassword(t *testing.T) {
	b := setup(t, map[string]string{"w": ticketFlow})
	b.secret(b.msp, "halo_webhook_password", "correct horse")
	te := startHalo(t)
	te.webhook(b.server.URL+b.path(), "battery staple", "")
	_, err := te.halo.Fire("new ticket logged", 2041)
	faulttest.Must(t, err)
	deliveries := te.settled()
	if len(deliveries) == 0 || deliveries[0].Status != 401 || len(b.runs()) != 0 || b.refused()["unauthorised"] == "" {
		t.Errorf("%+v %v", deliveries, b.refused())
	}
}
