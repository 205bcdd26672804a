package halo

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// controls answers the simulator's own controls, which need no login but come from this machine (see mayControl):
//
//	GET POST DELETE  /_sandbox/faults              faults that wait; a Fault or an array of them; none any more
//	GET DELETE       /_sandbox/requests            the request log
//	GET              /_sandbox/statistics          counts since the start or the last reset
//	GET POST         /_sandbox/settings            Settings; a post names those to change
//	GET POST         /_sandbox/applications        API applications, by client_id; secrets are not shown
//	DELETE           /_sandbox/applications/{id}
//	GET POST         /_sandbox/agents              what agents may do, by id
//	GET DELETE       /_sandbox/tokens              tokens that were given out; ?client_id= and ?kind=access say which to revoke
//	POST             /_sandbox/revoke              makes all tokens invalid
//	GET DELETE       /_sandbox/webhooks            deliveries, the last first, and how many wait
//	POST             /_sandbox/webhooks/settle     sends batches at once; answers when nothing is under way
//	POST             /_sandbox/webhooks/resend     {"id"}: a delivery once more
//	GET POST         /_sandbox/deliver             the events; fires one for a ticket
//	POST             /_sandbox/reset               everything as at the start
func (s *Server) controls() http.Handler {
	router := mux.NewRouter()
	on := func(method, path string, do func(*http.Request) answer) {
		router.HandleFunc("/_sandbox/"+path, func(w http.ResponseWriter, r *http.Request) { do(r).write(w) }).Methods(method)
	}
	on(http.MethodGet, "faults", func(*http.Request) answer { return plainJSON(http.StatusOK, s.faults.all()) })
	on(http.MethodPost, "faults", s.addFaults)
	on(http.MethodDelete, "faults", done(func() { s.faults.replace(nil) }))
	on(http.MethodGet, "requests", func(*http.Request) answer { return plainJSON(http.StatusOK, append([]RequestLog{}, s.Requests()...)) })
	on(http.MethodDelete, "requests", done(s.log.clear))
	on(http.MethodGet, "statistics", func(*http.Request) answer { return plainJSON(http.StatusOK, s.Statistics()) })
	on(http.MethodGet, "settings", func(*http.Request) answer { return plainJSON(http.StatusOK, s.settings()) })
	on(http.MethodPost, "settings", s.changeSettings)
	on(http.MethodGet, "applications", s.listApplications)
	on(http.MethodPost, "applications", s.putApplication)
	on(http.MethodDelete, "applications/{id}", s.removeApplication)
	on(http.MethodGet, "agents", s.listAgents)
	on(http.MethodPost, "agents", s.putAgent)
	on(http.MethodGet, "tokens", func(*http.Request) answer { return plainJSON(http.StatusOK, s.tokens.list(s.options.Now())) })
	on(http.MethodDelete, "tokens", s.revokeSome)
	on(http.MethodPost, "revoke", done(s.tokens.revoke))
	on(http.MethodGet, "webhooks", s.listDeliveries)
	on(http.MethodDelete, "webhooks", done(s.forgetDeliveries))
	on(http.MethodPost, "webhooks/settle", s.settleWebhooks)
	on(http.MethodPost, "webhooks/resend", s.resendWebhook)
	on(http.MethodGet, "deliver", listEvents)
	on(http.MethodPost, "deliver", s.fire)
	on(http.MethodPost, "reset", done(s.Reset))
	return router
}

func done(do func()) func(*http.Request) answer {
	return func(*http.Request) answer {
		do()
		return empty(http.StatusNoContent)
	}
}

func (s *Server) addFaults(r *http.Request) answer {
	var faults []Fault
	if refusal := readControl(r, &faults); refusal != nil {
		return *refusal
	}
	for _, f := range faults {
		if err := f.check(); err != nil {
			return wrongControl(err)
		}
	}
	for _, f := range faults {
		s.faults.add(f)
	}
	return plainJSON(http.StatusCreated, s.faults.all())
}

func (s *Server) changeSettings(r *http.Request) answer {
	to := s.settings()
	if refusal := readOne(r, &to); refusal != nil {
		return *refusal
	}
	if err := s.Set(to); err != nil {
		return wrongControl(err)
	}
	return plainJSON(http.StatusOK, s.settings())
}

// readControl reads an object or an array of them into a slice.
func readControl[T any](r *http.Request, into *[]T) *answer {
	text, refusal := controlText(r)
	if refusal != nil {
		return refusal
	}
	if strings.HasPrefix(text, "{") {
		text = "[" + text + "]"
	}
	return strictly(text, into)
}

// readOne reads an object over what is there.
func readOne(r *http.Request, into any) *answer {
	text, refusal := controlText(r)
	if refusal != nil {
		return refusal
	}
	return strictly(text, into)
}

func controlText(r *http.Request) (string, *answer) {
	text, err := readBounded(r.Body, maxForm)
	if err != nil {
		return "", refused(empty(http.StatusRequestEntityTooLarge))
	}
	return strings.TrimSpace(string(text)), nil
}

// strictly refuses unknown fields: a misspelt one would do nothing, silently.
func strictly(text string, into any) *answer {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return refused(wrongControl(errors.New("cannot be read: " + err.Error())))
	}
	return nil
}

func wrongControl(err error) answer {
	return plainJSON(http.StatusBadRequest, map[string]string{"error": err.Error()})
}

func plainJSON(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return empty(http.StatusInternalServerError)
	}
	return answer{status: status, body: body}
}
