package halo

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"
)

func (s *Server) listApplications(*http.Request) answer {
	apps, _ := s.directory.list()
	for i := range apps {
		apps[i].ClientSecret, apps[i].APIKey = hide(apps[i].ClientSecret), hide(apps[i].APIKey)
	}
	return plainJSON(http.StatusOK, apps)
}

func hide(secret string) string {
	if secret == "" {
		return ""
	}
	return redacted
}

// unhidden lets whoever posts back what was listed leave the secrets alone.
func unhidden(posted, old string) string {
	if posted == redacted {
		return old
	}
	return posted
}

// putApplication makes an application, or changes the one with the client id: what the post does not name stays.
func (s *Server) putApplication(r *http.Request) answer {
	text, refusal := controlText(r)
	if refusal != nil {
		return *refusal
	}
	var named Application
	if refusal := strictly(text, &named); refusal != nil {
		return *refusal
	}
	if named.ClientID == "" {
		return wrongControl(errors.New("client_id is missing"))
	}
	if old := s.directory.find(named.ClientID); old != nil {
		merged := *old
		if refusal := strictly(text, &merged); refusal != nil {
			return *refusal
		}
		named = merged
		named.ClientSecret, named.APIKey = unhidden(named.ClientSecret, old.ClientSecret), unhidden(named.APIKey, old.APIKey)
	}
	for _, scope := range slices.Concat(named.Scopes, named.Permissions) {
		if !knownScope(scope) {
			return wrongControl(errors.New("unknown scope " + clip(scope)))
		}
	}
	s.directory.put(named)
	return s.listApplications(r)
}

func (s *Server) removeApplication(r *http.Request) answer {
	if !s.directory.remove(mux.Vars(r)["id"]) {
		return empty(http.StatusNotFound)
	}
	return empty(http.StatusNoContent)
}

func (s *Server) listAgents(*http.Request) answer {
	_, agents := s.directory.list()
	return plainJSON(http.StatusOK, agents)
}

func (s *Server) putAgent(r *http.Request) answer {
	var agent Agent
	if refusal := readOne(r, &agent); refusal != nil {
		return *refusal
	}
	s.mu.RLock()
	known := s.data.find("Agent", agent.ID) != nil
	s.mu.RUnlock()
	if !known {
		return wrongControl(errors.New("id is not the number of an agent"))
	}
	for _, scope := range agent.Permissions {
		if !knownScope(scope) {
			return wrongControl(errors.New("unknown scope " + clip(scope)))
		}
	}
	s.directory.putAgent(agent)
	return s.listAgents(r)
}

// revokeSome makes tokens invalid: those of one application with ?client_id=, access tokens alone with ?kind=access.
func (s *Server) revokeSome(r *http.Request) answer {
	q := r.URL.Query()
	kind := q.Get("kind")
	if kind != "" && kind != tokenAccess && kind != tokenRefresh {
		return wrongControl(errors.New("kind must be access or refresh"))
	}
	n := s.tokens.revokeWhere(func(k string, g grant) bool {
		return (kind == "" || k == kind) && (q.Get("client_id") == "" || g.app.ClientID == q.Get("client_id"))
	})
	return plainJSON(http.StatusOK, map[string]int{"revoked": n})
}
