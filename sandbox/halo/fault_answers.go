package halo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxTwisted bounds the answers that faults rewrite; larger ones stay as they are.
const maxTwisted = 8 << 20

// twist spoils a good answer as real ones are at times: cut off, with nulls, doubles or fields that no
// description names.
func (f *Fault) twist(a answer) answer {
	if a.kind != "" && !strings.HasPrefix(a.kind, "application/json") || a.status > 299 || len(a.body) > maxTwisted {
		return a
	}
	if f.Kind == FaultTruncated {
		a.body = a.body[:len(a.body)/2]
		return a
	}
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return a
	}
	for _, entity := range entitiesOf(v) {
		f.twistEntity(entity)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) == nil {
		a.body = bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	}
	return a
}

// entitiesOf finds the entities of an answer: the object itself, or the rows of a list in either shape.
func entitiesOf(v any) []map[string]any {
	switch v := v.(type) {
	case []any:
		var out []map[string]any
		for _, row := range v {
			if entity, ok := row.(map[string]any); ok {
				out = append(out, entity)
			}
		}
		return out
	case map[string]any:
		if _, counted := v["record_count"]; !counted {
			return []map[string]any{v}
		}
		for _, inner := range v {
			if rows, ok := inner.([]any); ok && len(rows) > 0 {
				return entitiesOf(rows)
			}
		}
	}
	return nil
}

func (f *Fault) twistEntity(entity map[string]any) {
	if f.Kind == FaultUnknown {
		entity["zz_new_in_this_version"] = map[string]any{"id": json.Number("1"), "name": "not described anywhere"}
		entity["zz_new_number"] = json.Number("4.5")
		return
	}
	for name, v := range entity {
		if len(f.Fields) == 0 && name == "id" || len(f.Fields) > 0 && !slices.Contains(f.Fields, name) {
			continue
		}
		switch n, isNumber := v.(json.Number); {
		case f.Kind == FaultNulls:
			entity[name] = nil
		case isNumber && !strings.ContainsAny(n.String(), ".eE"):
			entity[name] = json.Number(n.String() + ".0")
		}
	}
}

// answer is what a fault answers in place of Halo.
func (f *Fault) answer(s *Server) answer {
	a := answer{status: f.Status, header: http.Header{}}
	switch f.Kind {
	case FaultUnauthorised:
		a.status = http.StatusUnauthorized
	case FaultForbidden:
		a.status = http.StatusForbidden
	case FaultMissing:
		a.status = http.StatusNotFound
	case FaultThrottled:
		a.status = http.StatusTooManyRequests
	case FaultErrorPage:
		return htmlAnswer()
	case FaultErrorJSON:
		return jsonAnswer(http.StatusInternalServerError, object{{"Message", "An error has occurred."}})
	}
	if a.status == 0 {
		a.status = http.StatusInternalServerError
	}
	if f.RetryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
		if f.RetryAfterDate {
			a.header.Set("Retry-After", httpDate(s.options.Now().Add(seconds(float64(f.RetryAfter)))))
		}
	}
	for name, value := range f.Header {
		a.header.Set(name, value)
	}
	if f.Body != "" {
		a.body, a.kind = []byte(f.Body), a.header.Get("Content-Type")
	}
	return a
}

// demand makes the fault's fields mandatory for the resource that the request writes, from now on.
func (s *Server) demand(f *Fault, path []string) {
	if len(path) < 2 || resources()[path[1]] == nil {
		return
	}
	m := Mandatory{Resource: resources()[path[1]].name, Fields: f.Fields}
	if m.check() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.settings.Mandatory = append(slices.Clone(s.data.settings.Mandatory), m)
}
