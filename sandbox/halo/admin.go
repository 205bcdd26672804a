package halo

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// controls answers the simulator's own controls, which need no login:
//
//	POST   /_sandbox/faults     a Fault or an array of them; GET lists, DELETE forgets them
//	GET    /_sandbox/requests   the request log; DELETE empties it
//	POST   /_sandbox/revoke     makes all tokens invalid
//	POST   /_sandbox/reset      everything as at the start
func (s *Server) controls() http.Handler {
	router := mux.NewRouter()
	on := func(method, path string, do func(*http.Request) answer) {
		router.HandleFunc("/_sandbox/"+path, func(w http.ResponseWriter, r *http.Request) { do(r).write(w) }).Methods(method)
	}
	done := func(do func()) func(*http.Request) answer {
		return func(*http.Request) answer {
			do()
			return empty(http.StatusNoContent)
		}
	}
	on(http.MethodGet, "faults", func(*http.Request) answer { return plainJSON(http.StatusOK, s.faults.all()) })
	on(http.MethodPost, "faults", s.addFaults)
	on(http.MethodDelete, "faults", done(func() { s.faults.replace(nil) }))
	on(http.MethodGet, "requests", func(*http.Request) answer { return plainJSON(http.StatusOK, append([]RequestLog{}, s.Requests()...)) })
	on(http.MethodDelete, "requests", done(s.log.clear))
	on(http.MethodPost, "revoke", done(s.tokens.revoke))
	on(http.MethodPost, "reset", done(s.Reset))
	return router
}

func (s *Server) addFaults(r *http.Request) answer {
	text, err := readBounded(r.Body, maxForm)
	if err != nil {
		return empty(http.StatusRequestEntityTooLarge)
	}
	text = []byte(strings.TrimSpace(string(text)))
	if strings.HasPrefix(string(text), "{") {
		text = append(append([]byte("["), text...), ']')
	}
	var faults []Fault
	if err := json.Unmarshal(text, &faults); err != nil {
		return plainJSON(http.StatusBadRequest, map[string]string{"error": "not a fault: " + err.Error()})
	}
	for _, f := range faults {
		if err := f.check(); err != nil {
			return plainJSON(http.StatusBadRequest, map[string]string{"error": err.Error()})
		}
	}
	for _, f := range faults {
		s.faults.add(f)
	}
	return plainJSON(http.StatusCreated, s.faults.all())
}

func plainJSON(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return empty(http.StatusInternalServerError)
	}
	return answer{status: status, body: body}
}
