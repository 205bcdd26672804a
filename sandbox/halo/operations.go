package halo

import (
	"net/http"
	"slices"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// operations are the paths below resources, as Halo's description lists them. What they answer is inference where
// the description names no answer, which is nearly everywhere; the functions say more.
var operations []operation

func init() { // a list that its own functions read cannot be a plain initialiser
	operations = slices.Concat(ticketOperations(), customerOperations(), businessOperations(), attachmentOperations(), configOperations(), timesheetOperations())
}

// changes reads the body as entities of the resource; ones that name an unknown id spoil it.
func (v *visit) changes() ([]*change, *answer) {
	elements, bad := parseBody(v.body, v.res.schema)
	if bad != nil {
		return nil, refused(bad.answer())
	}
	return v.state.changes(v.res, v.who, elements, v.body)
}

// records reads the body as an array of another schema.
func (v *visit) records(schema string) ([]record, *answer) {
	elements, bad := parseBody(v.body, schema)
	if bad != nil {
		return nil, refused(bad.answer())
	}
	bad = modelState{}
	var out []record
	for i, e := range elements {
		out = append(out, readFields(schemas()[schema], v.body, i, e, bad))
	}
	if len(bad) > 0 {
		return nil, refused(bad.answer())
	}
	return out, nil
}

// seen finds a row that the caller may use; nil otherwise.
func (v *visit) seen(tableName string, id int64) record {
	if r := v.find(tableName, id); r != nil && v.sees(v.who, v.resource(tableName), r) {
		return r
	}
	return nil
}

// one makes the array that the engine reads of a body that is a bare object, as some operations take it.
func (v *visit) one() { v.body = append(append([]byte("["), v.body...), ']') }

// written answers what a post saved: the last entity, or all with returnall.
func (v *visit) written(all []any) answer {
	if len(all) == 0 || v.q.bool("returnall") {
		return jsonAnswer(http.StatusCreated, all)
	}
	return jsonAnswer(http.StatusCreated, all[len(all)-1])
}

// updated applies edit to every posted entity that exists and answers them. The rest of the body is not saved.
func updated(edit func(c *change, next record)) func(v *visit) answer {
	return func(v *visit) answer {
		changes, refusal := v.changes()
		if refusal != nil {
			return *refusal
		}
		all := []any{}
		for _, c := range changes {
			if c.creates() {
				return empty(http.StatusNotFound)
			}
			next := c.old.clone()
			edit(c, next)
			c.replace(c.res, c.old, next)
			all = append(all, c.view(c.res, c.old, true, false))
		}
		return v.written(all)
	}
}

// upserts is the resource's own post at another path.
func upserts(v *visit) answer {
	return v.post(v.res, v.who, v.body, v.q.bool("returnall"))
}

// upsertsOne takes a bare object.
func upsertsOne(v *visit) answer {
	v.one()
	return upserts(v)
}

// nothing is the answer of operations that only tidy up behind the scenes.
func nothing(*visit) answer { return empty(http.StatusOK) }

// none answers an empty list.
func none(*visit) answer { return jsonAnswer(http.StatusOK, []any{}) }

// vote counts a vote: your_vote above zero is for, below zero against.
func vote(c *change, next record) {
	switch n := c.posted.int("your_vote"); {
	case n > 0:
		next["useful_count"] = next.int("useful_count") + 1
	case n < 0:
		next["notuseful_count"] = next.int("notuseful_count") + 1
	}
	next["your_vote"] = c.posted["your_vote"]
}
