package halo

import (
	"encoding/json"
	"net/http"
	"strings"
)

// admin answers the simulator's own controls, which need no login:
//
//	POST   /_sandbox/faults     a Fault or an array of them; GET lists, DELETE forgets them
//	GET    /_sandbox/requests   the request log; DELETE empties it
//	POST   /_sandbox/revoke     makes all tokens invalid
//	POST   /_sandbox/reset      everything as at the start
func (s *Server) admin(x *exchange) answer {
	switch strings.Join(x.path[1:], "/") + " " + x.r.Method {
	case "faults GET":
		return plainJSON(http.StatusOK, s.faults.all())
	case "faults POST":
		return s.addFaults(x)
	case "faults DELETE":
		s.faults.replace(nil)
	case "requests GET":
		return plainJSON(http.StatusOK, append([]RequestLog{}, s.Requests()...))
	case "requests DELETE":
		s.log.clear()
	case "revoke POST":
		s.tokens.revoke()
	case "reset POST":
		s.Reset()
	default:
		return empty(http.StatusNotFound)
	}
	return empty(http.StatusNoContent)
}

func (s *Server) addFaults(x *exchange) answer {
	text, err := readBounded(x.r.Body, maxForm)
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
