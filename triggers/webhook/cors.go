package webhook

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gantry/engine/workflow"
)

// cors tells browsers of other sites what they may do, and answers their question beforehand; it is true
// when that was all. Without cors in the trigger they may do nothing, as is a browser's rule.
func (x *exchange) cors(settings *workflow.Webhook) bool {
	c := settings.CORS
	if c == nil {
		return false
	}
	head := x.w.Header()
	head.Add("Vary", "Origin")
	origin := x.r.Header.Get("Origin")
	switch {
	case slices.Contains(c.Origins, "*"):
		head.Set("Access-Control-Allow-Origin", "*")
	case origin != "" && slices.Contains(c.Origins, origin):
		head.Set("Access-Control-Allow-Origin", origin)
	}
	if x.r.Method != http.MethodOptions {
		return false
	}
	if head.Get("Access-Control-Allow-Origin") != "" {
		head.Set("Access-Control-Allow-Methods", strings.Join(c.Methods, ", "))
		if len(c.Headers) > 0 {
			head.Set("Access-Control-Allow-Headers", strings.Join(c.Headers, ", "))
		}
		head.Set("Access-Control-Max-Age", strconv.Itoa(int(c.MaxAge.Seconds())))
	}
	x.w.WriteHeader(http.StatusNoContent)
	return true
}
