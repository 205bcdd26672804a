package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"gantry/sandbox/halo"
)

// TestSandboxServes starts `gantry sandbox halo`, signs in with what it prints, and stops it.
func TestSandboxServes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	var said bytes.Buffer
	app := &App{Out: in, Err: &said, Getenv: func(string) string { return "" }, Now: time.Now}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"sandbox", "halo", "--addr", "127.0.0.1:0", "--format", "json", "--fault", "error_page:/api/agent"}, app)
	}()
	var c halo.Credentials
	if err := json.NewDecoder(out).Decode(&c); err != nil {
		t.Fatal(err)
	}
	answer, err := http.PostForm(c.BaseURL+"/auth/token?tenant="+c.Tenant, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret}, "scope": {"all"},
	})
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	var token struct {
		Access string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for _, want := range []int{http.StatusInternalServerError, http.StatusOK} {
		req, _ := http.NewRequest(http.MethodGet, c.BaseURL+"/api/Agent", nil)
		req.Header.Set("Authorization", "Bearer "+token.Access)
		answer, err := http.DefaultClient.Do(req)
		if err != nil || answer.StatusCode != want {
			t.Fatal(answer, err)
		}
		answer.Body.Close()
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(said.String(), "Stopped after 3 requests.") {
		t.Error(said.String())
	}
}

// TestEveryCommandExplainsItself: a line about it, an example, and a group at the top.
func TestEveryCommandExplainsItself(t *testing.T) {
	app := &App{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
	root := newRoot(app)
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: one line about it, without a full stop: %q", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Example == "" && cmd.Name() != "help" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		if cmd.Parent() == root && cmd.GroupID == "" && cmd.Name() != "help" {
			t.Errorf("%s stands in no group", cmd.CommandPath())
		}
		for _, child := range cmd.Commands() {
			visit(child)
		}
	}
	visit(root)
}
