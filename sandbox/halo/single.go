package halo

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// locate finds the row that a path names, or says why not: model state for an id of the wrong type, 404.
func (st *state) locate(who principal, res *resource, id string, q *query) (record, *answer) {
	key := record{}
	if res.number != "" {
		return st.numbered(who, res, id)
	}
	if res.guidKey {
		guid, err := uuid.Parse(id)
		if err != nil {
			return nil, refused(notValid("id", id).answer())
		}
		key["id"] = guid.String()
	} else {
		n, err := strconv.ParseInt(id, 10, 32)
		if err != nil {
			return nil, refused(notValid("id", id).answer())
		}
		key["id"] = n
	}
	if res.parent != "" {
		key[res.parent] = q.int(res.parent)
	}
	if len(q.bad) > 0 {
		return nil, refused(q.bad.answer())
	}
	r := st.table(res.home()).byKey[res.key(key)]
	if r == nil || res.belongs != nil && !res.belongs(st, r) || res.soft && r.bool("deleted") || !st.sees(who, res, r) {
		return nil, refused(empty(http.StatusNotFound))
	}
	return r, nil
}

// numbered finds a row by {parent}&{number}; by {parent} alone its last.
func (st *state) numbered(who principal, res *resource, id string) (record, *answer) {
	first, second, both := strings.Cut(id, "&")
	parent, err := strconv.ParseInt(first, 10, 32)
	number := st.table(res.home()).last[parent]
	if err == nil && both {
		number, err = strconv.ParseInt(second, 10, 32)
	}
	if err != nil {
		return nil, refused(notValid("id", id).answer())
	}
	if r := st.table(res.home()).byKey[res.key(record{res.parent: parent, "id": number})]; r != nil && st.sees(who, res, r) {
		return r, nil
	}
	return nil, refused(empty(http.StatusNotFound))
}

func refused(a answer) *answer { return &a }

// get answers one entity, bare.
func (st *state) get(who principal, res *resource, id string, q *query) answer {
	details := q.bool("includedetails")
	r, refusal := st.locate(who, res, id, q)
	if refusal != nil {
		return *refusal
	}
	if res.name == "Attachment" && !details {
		return st.content(r)
	}
	return jsonAnswer(http.StatusOK, st.view(res, r, true, details))
}

// gone deletes and answers what was deleted.
func (st *state) gone(who principal, res *resource, id string, q *query) answer {
	r, refusal := st.locate(who, res, id, q)
	if refusal != nil {
		return *refusal
	}
	shown := st.view(res, r, true, false)
	if res.soft {
		r["deleted"] = true
		r[updatedAt] = st.now()
		if res.home() == "Tickets" {
			st.tell(happening{event: eventDeleted, ticket: r, agent: who.app.AgentID})
		}
		return jsonAnswer(http.StatusOK, shown)
	}
	st.remove(res, r)
	if res.afterGone != nil {
		res.afterGone(st, r)
	}
	return jsonAnswer(http.StatusOK, shown)
}
