package halo

import (
	"net/http"
	"strings"
)

// change is one element of a post on its way into a table.
type change struct {
	*state
	res     *resource
	who     principal
	element element // as posted
	posted  record  // the known fields of it, in stored form
	old     record  // nil when the element makes a new row
	was     record  // old, as it was before it was saved
	next    record  // old and posted together
}

func (c *change) creates() bool { return c.old == nil }

// sets tells whether the post names a field with a value.
func (c *change) sets(name string) bool { return c.posted[name] != nil }

// post is create and update in one: an array whose elements with an id update and without create.
func (st *state) post(res *resource, who principal, body []byte, returnAll bool) answer {
	elements, bad := parseBody(body, res.schema)
	if bad != nil {
		return bad.answer()
	}
	changes, refusal := st.changes(res, who, elements, body)
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, c := range changes {
		result, refusal := c.apply()
		if refusal != nil {
			return *refusal // what came before stays, as each element is saved by itself
		}
		all = append(all, result)
	}
	if returnAll || len(all) == 0 {
		return jsonAnswer(http.StatusCreated, all)
	}
	return jsonAnswer(http.StatusCreated, all[len(all)-1])
}

// changes reads all elements before any is saved, so that one of the wrong type or with an unknown id spoils the post.
func (st *state) changes(res *resource, who principal, elements []element, body []byte) ([]*change, *answer) {
	bad := modelState{}
	changes := make([]*change, 0, len(elements))
	for i, e := range elements {
		c := &change{state: st, res: res, who: who, element: e, posted: readFields(schemas()[res.schema], body, i, e, bad)}
		c.readInputs(body, i, bad)
		changes = append(changes, c)
	}
	if len(bad) > 0 {
		refusal := bad.answer()
		return nil, &refusal
	}
	for _, c := range changes {
		if !c.meet() {
			refusal := empty(http.StatusNotFound)
			return nil, &refusal
		}
	}
	return changes, nil
}

// readInputs reads values that only posts have; hooks find them under "~name".
func (c *change) readInputs(body []byte, index int, bad modelState) {
	for name, k := range c.res.inputs {
		only := &schema{fields: map[string]field{name: {name: name, kind: k}}}
		for _, v := range readFields(only, body, index, c.element, bad) {
			c.posted["~"+name] = v
		}
	}
}

// meet finds the row that the element updates; false when it names one that is not there.
func (c *change) meet() bool {
	if c.res.number != "" && c.posted[c.res.number] != nil {
		c.posted["id"] = c.posted[c.res.number]
	}
	id := c.posted["id"]
	if n, isInt := id.(int64); id == nil || isInt && (n == 0 || n < 0 && !c.res.negative) {
		delete(c.posted, "id")
		return true
	}
	old := c.table(c.res.home()).byKey[c.res.key(c.posted)]
	if old == nil || c.res.belongs != nil && !c.res.belongs(c.state, old) {
		return false
	}
	if c.res.soft && old.bool("deleted") && !c.element.flag("_recover") || !c.sees(c.who, c.res, old) {
		return false
	}
	c.old = old
	return true
}

// apply checks one element against the rules and saves it; the result is the whole entity.
func (c *change) apply() (object, *answer) {
	c.merge()
	if refusal := c.check(); refusal != nil {
		return nil, refusal
	}
	if c.element.flag("_validate_only") {
		return c.view(c.res, c.next, true, false), nil
	}
	for name := range c.next {
		if _, input := c.res.inputs[strings.TrimPrefix(name, "~")]; input {
			delete(c.next, name)
		}
	}
	row := c.old
	c.was = c.old.clone()
	if c.creates() {
		row = c.insert(c.res, c.next)
	} else {
		c.replace(c.res, c.old, c.next)
	}
	c.next = row
	if c.res.after != nil {
		c.res.after(c)
	}
	return c.view(c.res, row, true, false), nil
}

// merge puts the posted fields over the old ones: what is not posted stays.
func (c *change) merge() {
	c.next = record{}
	if !c.creates() {
		c.next = c.old.clone()
	}
	for name, v := range c.posted {
		if name != "customfields" {
			c.next[name] = v
		}
	}
	if c.element.flag("_recover") && c.res.soft {
		c.next["deleted"] = false
	}
	if c.res.custom != 0 {
		c.next["customfields"] = c.mergedCustom()
	}
	if c.creates() {
		c.next.fill(c.res.defaults)
	}
}

func (c *change) check() *answer {
	if !c.element.flag("_novalidate") {
		if missing := append(c.missing(), c.mandatory()...); len(missing) > 0 {
			refusal := broken("Please complete the mandatory fields: " + strings.Join(missing, ", ") + ".")
			return &refusal
		}
	}
	for name, tableName := range c.res.refs {
		if id := c.posted.int(name); id > 0 && !c.mayUse(tableName, id) {
			refusal := broken("The " + tableName + " with the ID " + textOf(id) + " given as " + name + " does not exist.")
			return &refusal
		}
	}
	if c.who.othersTimesheet(c.res, c.next, true) {
		return refused(empty(http.StatusForbidden))
	}
	if c.res.before != nil {
		return c.res.before(c)
	}
	return nil
}

// missing names the required fields that a create leaves out or an update empties. "a|b" means one of them.
func (c *change) missing() []string {
	var names []string
	for _, required := range c.res.required {
		filled := false
		for name := range strings.SplitSeq(required, "|") {
			filled = filled || isSet(c.next[name])
		}
		if !filled && (c.creates() || c.touches(required)) {
			names = append(names, strings.Split(required, "|")[0])
		}
	}
	return names
}

func (c *change) touches(required string) bool {
	for name := range strings.SplitSeq(required, "|") {
		if _, posted := c.posted[name]; posted {
			return true
		}
	}
	return false
}

func isSet(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return strings.TrimSpace(v) != ""
	case int64:
		return v != 0
	case double:
		return v != 0
	}
	return true
}
