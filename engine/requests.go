package engine

import (
	"net/url"
	"strings"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/history"
)

func requestOf(c flow.StartAttempt, rec actions.RequestRecord) history.Request {
	return history.Request{Attempt: c.Attempt, Method: rec.Method, URL: shownURL(c, rec.URL), Status: rec.Status, Micros: rec.Duration.Microseconds(),
		Sent: int64(rec.RequestBytes), Received: int64(rec.ResponseBytes), Error: rec.Error,
		Waited: rec.Waited.Microseconds(), At: rec.StartedAt}
}

// shownURL keeps of an address only where it leads if the task redacts what it was made of.
func shownURL(c flow.StartAttempt, address string) string {
	for _, path := range c.Task.Redact {
		if !strings.HasPrefix(path, "with") {
			continue
		}
		u, err := url.Parse(address)
		if err != nil {
			return "********"
		}
		return u.Scheme + "://" + u.Host + "/********"
	}
	return address
}
