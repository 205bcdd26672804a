package halo

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// target is what a path below /api names: the list of a resource, one entity of it, or an operation.
type target struct {
	res *resource
	id  string
	op  *operation
}

// operation is work that the table of resources does not say: GET Asset/NextTag, POST Tickets/vote,
// POST Invoice/PDF/{id}. One with an empty path, or {id} alone, stands before the resource's own list or entity.
type operation struct {
	method, resource string
	path             string                       // below the resource, in lower case; {id} stands for any segment
	do               func(v *visit) answer        // under the lock of the data: for writing unless it is a GET
	apart            func(*Server, *visit) answer // instead of do: takes the lock itself
	form             bool                         // the body is no JSON
}

// visit is one request at an operation.
type visit struct {
	*state
	res  *resource
	id   string
	q    *query
	who  principal
	body []byte
	form string // content type of the body
	ctx  context.Context
}

// route finds the target of a path or says why there is none: 404 for what is not there, 405 for a verb that a path
// does not have. There is no PUT and no PATCH.
func route(path []string, method string) (target, *answer) {
	res := resources()[path[0]]
	if res == nil {
		return target{}, refused(empty(http.StatusNotFound))
	}
	var methods []string
	for i := range operations {
		op := &operations[i]
		id, ok := op.matches(path)
		if ok && op.method == method {
			return target{res: res, id: id, op: op}, nil
		}
		if ok && op.path != "" && op.path != "{id}" {
			methods = append(methods, op.method)
		}
	}
	if len(methods) > 0 {
		return target{}, refused(notAllowed(methods...))
	}
	t := target{res: res}
	if len(path) > 1 {
		t.id = path[1]
	}
	if len(path) > 2 || t.id == "me" && mine[res.name] == nil {
		return target{}, refused(empty(http.StatusNotFound))
	}
	if methods = t.methods(); !slices.Contains(methods, method) {
		return target{}, refused(notAllowed(methods...))
	}
	return t, nil
}

// matches tells whether a path is the operation's, and which id stands in it.
func (op *operation) matches(path []string) (id string, ok bool) {
	if !strings.EqualFold(op.resource, path[0]) {
		return "", false
	}
	var want []string
	if op.path != "" {
		want = strings.Split(op.path, "/")
	}
	if len(want) != len(path)-1 {
		return "", false
	}
	for i, segment := range want {
		switch {
		case segment == "{id}" && path[i+1] != "me":
			id = path[i+1]
		case segment != path[i+1]:
			return "", false
		}
	}
	return id, true
}

// methods are the verbs of a list or an entity.
func (t target) methods() []string {
	methods := []string{http.MethodGet}
	switch {
	case t.id == "" && t.res.writable:
		methods = append(methods, http.MethodPost)
	case t.id != "" && t.id != "me" && t.res.writable && !t.res.kept:
		methods = append(methods, http.MethodDelete)
	}
	return methods
}

// operate runs an operation.
func (s *Server) operate(x *exchange, t target, who principal) answer {
	posts := x.r.Method == http.MethodPost
	if posts && !t.op.form && !isJSON(x.r.Header.Get("Content-Type")) {
		return empty(http.StatusUnsupportedMediaType)
	}
	v := &visit{res: t.res, id: t.id, q: x.query, who: who, body: x.body, form: x.r.Header.Get("Content-Type"), ctx: x.r.Context()}
	if t.op.apart != nil {
		return t.op.apart(s, v)
	}
	if x.r.Method == http.MethodGet {
		s.mu.RLock()
		defer s.mu.RUnlock()
	} else {
		s.mu.Lock()
		defer s.mu.Unlock()
		defer func() { s.hooks.add(s.data.takeDue()) }()
	}
	v.state = s.data
	return t.op.do(v)
}
