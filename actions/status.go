package actions

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"gantry/actions/wire"
	"gantry/fault"
)

// statusFault is what an unsuccessful status alone says. who names the other system.
func statusFault(a *wire.Answer, who string, now time.Time) *fault.Error {
	row, known := statusTable[a.Status]
	if !known {
		row = statusClass(a.Status)
	}
	words := row.words
	if words == "" {
		words = "answered " + statusText(a.Status)
	}
	e := fault.New(row.code, "%s %s", who, words)
	e.Hint, e.Passing = row.hint, row.passing
	if text := firstWords(a); text != "" {
		e.Message += ": " + text
	}
	if wait, told := wire.RetryAfter(a.Header, now); told {
		e.RetryAfter = wait
	}
	detail := map[string]any{"status": int64(a.Status)}
	if len(a.Body) > 0 {
		detail["body"] = excerpt(string(a.Body), maxExcerpt)
	}
	return e.WithDetail(detail)
}

type statusRow struct {
	code    fault.Code
	words   string
	hint    string
	passing bool
}

var statusTable = map[int]statusRow{
	400: {code: fault.BadRequest, words: "refused the request as wrong (400)", hint: "compare the inputs with what the other system asks for"},
	401: {code: fault.Unauthorised, words: "does not accept the sign-in (401)", hint: "check the credentials of the integration's instance"},
	402: {code: fault.Forbidden, words: "wants to be paid for this (402)", hint: "check the subscription or licence there"},
	403: {code: fault.Forbidden, words: "does not allow this (403)", hint: "the account of the integration's instance lacks the right to do it"},
	404: {code: fault.NotFound, words: "does not know this (404)", hint: "check the id; if every call says this, check the address of the instance"},
	405: {code: fault.BadRequest, words: "does not take this kind of request here (405)", hint: "check the method and the path"},
	408: {code: fault.Timeout, words: "waited too long for the request (408)", hint: "most often passing", passing: true},
	409: {code: fault.Conflict, words: "says that this conflicts with what is there (409)", hint: "it may exist already, or have changed meanwhile"},
	410: {code: fault.NotFound, words: "says that this is gone for good (410)"},
	412: {code: fault.Conflict, words: "says that this has changed meanwhile (412)", hint: "read it again, then write"},
	413: {code: fault.TooLarge, words: "finds the request too large (413)", hint: "send less at once"},
	415: {code: fault.BadRequest, words: "does not take this content type (415)", hint: "check the Content-Type header and the body"},
	422: {code: fault.BadRequest, words: "cannot work with these values (422)", hint: "compare the inputs with what the other system asks for"},
	425: {code: fault.ServerError, words: "asks to try again (425)", hint: "give the task a retry", passing: true},
	429: {code: fault.RateLimited, words: "takes no more requests for now (429)", hint: "give the task a retry, or spread the work", passing: true},
}

func statusClass(status int) statusRow {
	switch {
	case status >= 500:
		return statusRow{code: fault.ServerError, words: fmt.Sprintf("failed (%s)", statusText(status)), passing: true,
			hint: "try again later; if it stays, look at the other system's own status or logs"}
	case status >= 400:
		return statusRow{code: fault.BadRequest}
	case status >= 300:
		return statusRow{code: fault.BadResponse, words: fmt.Sprintf("sends us elsewhere (%s)", statusText(status)),
			hint: "check the address of the instance"}
	}
	return statusRow{code: fault.BadResponse, words: fmt.Sprintf("answered with the unexpected status %s", statusText(status))}
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprint(status)
}

// lostAnswer tells whether an answer comes from something that stands between (a gateway, a balancer) and
// says nothing about whether the request was carried out behind it.
func lostAnswer(a *wire.Answer) bool {
	switch a.Status {
	case http.StatusBadGateway, http.StatusGatewayTimeout, 520, 522, 524, 598, 599:
		return true
	case http.StatusServiceUnavailable: // of Envoy, when the connection behind it broke
		return bytes.Contains(head(a.Body), []byte("upstream connect error or disconnect/reset"))
	}
	return false
}

// notTaken tells whether a status says that the request was not taken at all, so that nothing of it was done.
func notTaken(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return false
}

var (
	tags   = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`)
	title  = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	spaces = regexp.MustCompile(`\s+`)
)

// firstWords are the other system's own words where they are worth showing: short text, or an HTML page's title.
func firstWords(a *wire.Answer) string {
	if isHTML(a) {
		if m := title.FindSubmatch(head(a.Body)); m != nil {
			return tidy(string(m[1]), 200)
		}
		return "a web page"
	}
	text := bytes.TrimSpace(a.Body)
	if len(text) == 0 || text[0] == '{' || text[0] == '[' {
		return "" // JSON stands in the detail; error rules know where its message is
	}
	return tidy(tags.ReplaceAllString(string(head(text)), " "), 200)
}

func isHTML(a *wire.Answer) bool {
	if strings.Contains(a.Header.Get("Content-Type"), "html") {
		return true
	}
	start := bytes.ToLower(bytes.TrimSpace(a.Body[:min(len(a.Body), 512)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

func head(b []byte) []byte { return b[:min(len(b), 16<<10)] }

func tidy(s string, limit int) string {
	return excerpt(strings.TrimSpace(spaces.ReplaceAllString(s, " ")), limit)
}
