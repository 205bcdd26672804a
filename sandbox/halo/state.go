package halo

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// state is everything the simulated Halo knows. Whoever uses it holds Server.mu.
type state struct {
	now    func() time.Time
	seed   int64
	tables map[string]*table
	guids  int64 // how many were given out

	settings Settings
	due      []delivery // of webhooks, that the change in hand has caused
}

// table keeps rows in the order they were made.
type table struct {
	rows   []record
	byKey  map[string]record
	groups map[int64][]record         // by parent, where ids are numbered within it
	last   map[int64]int64            // the highest id within a parent
	counts map[string]map[int64]int64 // of an indexed field: how many rows name an id
	next   int64
}

// newState makes all tables at once: whoever only reads holds Server.mu for reading, and must not make one.
func newState(now func() time.Time, seed int64) *state {
	st := &state{now: now, seed: seed, tables: map[string]*table{}}
	for _, res := range resources() {
		st.tables[res.home()] = &table{byKey: map[string]record{}, groups: map[int64][]record{}, last: map[int64]int64{}, counts: map[string]map[int64]int64{}, next: 1}
	}
	return st
}

func (st *state) table(name string) *table {
	t := st.tables[name]
	if t == nil {
		panic("halo: no resource keeps rows in " + name)
	}
	return t
}

func (st *state) resource(name string) *resource { return resources()[strings.ToLower(name)] }

// key is how a row is found in its table.
func (res *resource) key(r record) string {
	id := strings.ToLower(textOf(r["id"]))
	if res.parent == "" {
		return id
	}
	return textOf(r[res.parent]) + "/" + id
}

// find gives the row with an id, nil if there is none.
func (st *state) find(tableName string, id int64) record {
	if id == 0 {
		return nil
	}
	return st.table(tableName).byKey[textOf(id)]
}

// insert adds a row, giving it the next id unless it has one.
func (st *state) insert(res *resource, r record) record {
	t := st.table(res.home())
	st.fit(res, r)
	switch {
	case r["id"] != nil:
		t.next = max(t.next, r.int("id")+1)
	case res.negative:
		r["id"] = -t.next
		t.next++
	case res.guidKey:
		r["id"] = st.newGUID()
	case res.parent != "":
		r["id"] = t.last[r.int(res.parent)] + 1
	default:
		r["id"] = t.next
		t.next++
	}
	r[updatedAt] = st.now()
	t.rows = append(t.rows, r)
	t.byKey[res.key(r)] = r
	t.count(res, r, 1)
	if res.parent != "" {
		in := r.int(res.parent)
		t.groups[in] = append(t.groups[in], r)
		t.last[in] = max(t.last[in], r.int("id"))
	}
	return r
}

// replace writes the next form of a row over the old one, in place.
func (st *state) replace(res *resource, old, next record) {
	st.fit(res, next)
	t := st.table(res.home())
	t.count(res, old, -1)
	clear(old)
	maps.Copy(old, next)
	t.count(res, old, 1)
	old[updatedAt] = st.now()
}

func (st *state) remove(res *resource, r record) {
	t := st.table(res.home())
	same := func(other record) bool { return res.key(other) == res.key(r) }
	t.rows = slices.DeleteFunc(t.rows, same)
	if res.parent != "" {
		t.groups[r.int(res.parent)] = slices.DeleteFunc(t.groups[r.int(res.parent)], same)
	}
	delete(t.byKey, res.key(r))
	t.count(res, r, -1)
}

// count keeps the numbers of rows behind fields such as child_count, which would be slow to count each time.
func (t *table) count(res *resource, r record, by int64) {
	for _, name := range res.indexed {
		if t.counts[name] == nil {
			t.counts[name] = map[int64]int64{}
		}
		t.counts[name][r.int(name)] += by
	}
}

// fit brings values that Go code wrote into stored form by the schema: ints, floats and times.
func (st *state) fit(res *resource, r record) {
	fitFields(schemas()[res.schema], r)
	for name, of := range res.nested {
		for _, v := range r.list(name) {
			if m, ok := v.(map[string]any); ok {
				fitFields(schemas()[of], m)
			}
		}
	}
}

func fitFields(s *schema, r record) {
	for name, v := range r {
		f, known := s.field(name)
		if !known { // the simulator's own: doubles stay doubles
			f.kind = kindAny
		}
		r[name] = fitted(f.kind, v)
	}
}

// newGUID gives the same series for the same seed.
func (st *state) newGUID() string {
	st.guids++
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "halo %d %d", st.seed, st.guids)).String()
}

// nextTag is the inventory number of the next asset.
func (st *state) nextTag() string { return fmt.Sprintf("AST-%05d", st.table("Asset").next) }

func fitted(k kind, v any) any {
	switch n := v.(type) {
	case int:
		v = int64(n)
	case float64:
		v = double(n)
	case time.Time:
		return v
	}
	switch n := v.(type) {
	case int64:
		if k == kindNum {
			return double(n)
		}
	case double:
		if k == kindInt {
			return int64(n)
		}
	}
	return v
}

// where gives the rows of a table for which a test holds, in their order.
func (st *state) where(tableName string, test func(record) bool) []record {
	var out []record
	for _, r := range st.table(tableName).rows {
		if test(r) {
			out = append(out, r)
		}
	}
	return out
}

// first gives the first row with a text in a field, in any case; nil if there is none.
func (st *state) first(tableName, fieldName, text string) record {
	for _, r := range st.table(tableName).rows {
		if strings.EqualFold(r.text(fieldName), text) {
			return r
		}
	}
	return nil
}
