package workflow

import (
	"math"
	"strings"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// concurrency reads {limit, key, when_full}, or the limit alone.
func (p *parser) concurrency(n *source.Node) *ConcurrencyNode {
	if n == nil || n.Kind == source.Null {
		return nil
	}
	c := &ConcurrencyNode{Concurrency: Concurrency{Most: 1, WhenFull: "queue"}}
	if most, ok := n.Value.(int64); ok && n.Kind != source.Map {
		if most < 1 || most > math.MaxInt32 {
			p.ds.Errorf(n.Pos, "out-of-range", "concurrency must be at least 1, not %d", most).
				Hint = "leave it out to let as many runs go as come; to let none start, switch the triggers off"
			return nil
		}
		c.Most = int(most)
		return c
	}
	r, ok := read(n, &concurrencyKeys, "concurrency", &p.ds)
	if !ok {
		return nil
	}
	c.Most = r.whole("limit", 1, 1, math.MaxInt32)
	if word := r.text("when_full"); word != "" {
		c.WhenFull = word
	}
	if key := r.value("key"); key != nil && key.Kind != source.Null {
		c.KeyNode = key
	}
	return c
}

// compileConcurrency types the key: something short that is the same for runs that count together.
func (c *checker) compileConcurrency() {
	n := c.def.Concurrency
	if n == nil {
		return
	}
	limit := n.Concurrency
	c.wf.Concurrency = &limit
	if n.KeyNode == nil || c.bareKey(n.KeyNode) {
		return
	}
	limit.Key = c.see(c.concurrencyEnv(), n.KeyNode)
	if limit.Key == nil {
		return
	}
	c.noSecret(limit.Key, "in concurrency")
	t := limit.Key.Type()
	switch t.AsPresent().Kind {
	case schema.KindString, schema.KindInteger, schema.KindNumber, schema.KindBoolean, schema.KindAny, schema.KindSecret:
	default:
		c.ds.Errorf(valuePos(n.KeyNode, limit.Key), "wrong-key", "key must be text or a number, not %s", described(t)).
			Hint = "take what tells such runs apart, for example key: ${{ inputs.ticket_id }}"
		return
	}
	if t.Nullable && t.Kind != schema.KindAny {
		c.ds.Warnf(valuePos(n.KeyNode, limit.Key), "may-be-null", "key may be null here, and all runs without one count together").
			Hint = "say what then: ${{ x != null ? string(x) : org.slug }}"
	}
}

// concurrencyEnv is what a key sees.
func (c *checker) concurrencyEnv() *expr.Env {
	return expr.NewEnv(
		expr.Variable{Name: "inputs", Type: c.wf.InputsType}, expr.Variable{Name: "org", Type: c.org}, expr.Variable{Name: "trigger", Type: triggerFactsType})
}

// bareKey refuses an expression without its braces: as text it would be the same for all runs.
func (c *checker) bareKey(n *source.Node) bool {
	text, ok := n.Value.(string)
	if !ok || strings.Contains(text, "${{") {
		return false
	}
	for _, root := range []string{"inputs.", "org.", "trigger."} {
		if strings.HasPrefix(strings.TrimSpace(text), root) {
			c.ds.Errorf(n.Pos, "not-an-expression", "key is the text %q here, the same for all runs", text).Hint = "write key: ${{ " + strings.TrimSpace(text) + " }}"
			return true
		}
	}
	return false
}
