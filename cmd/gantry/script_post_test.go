package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// postFile is the scripts' word `post URL FILE [HEADER…]`: it posts a file as JSON, or as the headers ("Name: value") say,
// and prints the status and the body of the answer. In place of the URL a file may be named that holds it.
func postFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: post URL FILE [HEADER…]")
	}
	url := args[0]
	if !strings.Contains(url, "://") {
		url = strings.TrimSpace(ts.ReadFile(url))
	}
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/json")
	for _, header := range args[2:] {
		name, value, _ := strings.Cut(header, ":")
		r.Header.Set(name, strings.TrimSpace(value))
	}
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%d %s\n", resp.StatusCode, body)
	ts.Check(err)
}
