package engine

import (
	"gantry/actions"
	"gantry/engine/history"
)

func requestOf(attempt int, rec actions.RequestRecord) history.Request {
	return history.Request{Attempt: attempt, Method: rec.Method, URL: rec.URL, Status: rec.Status, Micros: rec.Duration.Microseconds(),
		Sent: int64(rec.RequestBytes), Received: int64(rec.ResponseBytes), Error: rec.Error}
}
