package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault"
)

// answers are what a server gives, one after the other; then it cannot be reached.
type answers []string

var errGoneAway = errors.New("connection refused")

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	if len(*a) == 0 {
		return nil, errGoneAway
	}
	text := (*a)[0]
	*a = (*a)[1:]
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text))}, nil
}

// TestLostServer: the reader of a stream is told that the server was lost, and that it is back; after a minute without
// it the stream ends with the cause. What is in this process is not tried again.
func TestLostServer(t *testing.T) {
	const one, interrupted = "id: 1\ndata: {\"n\": 1}\n\n", "event: error\ndata: {\"code\": \"interrupted\", \"message\": \"it ends\"}\n\n"
	cases := []struct {
		name      string
		answers   answers
		inProcess bool
		told      string
		took      time.Duration // at least; and 20 seconds more at most
		code      fault.Code
	}{
		{"gone for good", answers{one}, false, "lost", time.Minute, fault.Network},
		{"back, and at its end", answers{one, one + "event: end\ndata: {}\n\n"}, false, "lost back", time.Second, ""},
		{"shut down, and gone", answers{one + interrupted}, false, "lost", time.Minute, fault.Network},
		{"up and down all the time", answers(strings.Split(strings.Repeat(one+interrupted+"|", 100), "|")), false, "lost back lost", time.Minute, fault.Interrupted},
		{"in this process", answers{one + interrupted}, true, "", 0, fault.Interrupted},
		{"never there", nil, false, "", 0, fault.Network},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(&url.URL{Scheme: "http", Host: "gantry"}, "", "here", &c.answers)
				client.inProcess = c.inProcess
				var told []string
				client.Lost = func(err error) {
					if word := "lost"; err != nil {
						told = append(told, word)
					} else {
						told = append(told, "back")
					}
				}
				began := time.Now()
				_, err := follow(t, client, 0)
				if took := time.Since(began); took < c.took || took > c.took+20*time.Second {
					t.Errorf("took %s", took)
				}
				if !strings.HasPrefix(strings.Join(told, " "), c.told) || c.told == "" && len(told) > 0 {
					t.Errorf("was told %v", told)
				}
				if (err == nil) != (c.code == "") || err != nil && fault.From(err).Code != c.code {
					t.Errorf("ended with %v", err)
				}
			})
		})
	}
}

// TestSilentServer: a server that does not even say that it is there counts as lost.
func TestSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		defer writer.Close()
		client := newClient(&url.URL{Scheme: "http", Host: "gantry"}, "", "here", roundTrip(func(r *http.Request) (*http.Response, error) {
			go func() {
				<-r.Context().Done()
				_ = reader.CloseWithError(r.Context().Err())
			}()
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: reader}, nil
		}))
		var why error
		client.Lost = func(err error) { why = err }
		_, err := follow(t, client, 0)
		if err == nil || why == nil || !strings.Contains(why.Error(), "it says nothing any more") {
			t.Error(err, why)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
