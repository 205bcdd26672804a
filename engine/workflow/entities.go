package workflow

import (
	"fmt"

	"gantry/schema"
	"gantry/source"
)

// knownFields looks for fields that an object which an action takes does not have in what the file writes out.
// Whoever reads it ignores what they do not know, so a slip of the pen would count for nothing. A name that is
// near a known one is taken for a slip; any other may be newer than what we know of the system.
func (c *checker) knownFields(n *source.Node, want *schema.Type, what string) {
	if n == nil || want == nil {
		return
	}
	switch {
	case n.Kind == source.List && want.Kind == schema.KindList:
		for i, item := range n.Items {
			c.knownFields(item, want.Element(), fmt.Sprintf("%s[%d]", what, i))
		}
	case n.Kind == source.Map && want.Kind == schema.KindMap:
		for _, e := range n.Entries {
			c.knownFields(e.Value, want.Element(), what+"."+e.Key)
		}
	case n.Kind == source.Map && want.Kind == schema.KindObject:
		for _, e := range n.Entries {
			f, known := want.Field(e.Key)
			switch {
			case known:
				c.knownFields(e.Value, f.Type, what+"."+e.Key)
			case want.Open && len(want.Fields) > 0:
				c.unknownField(e, want, what)
			}
		}
	}
}

func (c *checker) unknownField(e source.Entry, want *schema.Type, what string) {
	meant := source.Suggest(e.Key, want.FieldNames())
	report, hint := c.ds.Errorf, fmt.Sprintf("did you mean %q?", meant)
	switch {
	case meant == "" && want.Name == "":
		report, hint = c.ds.Warnf, "what the action does not know counts for nothing"
	case meant == "":
		report, hint = c.ds.Warnf, "a system ignores what it does not know; if yours knows it, all is well"
	case want.Name != "": // an entity of the other system
		hint += fmt.Sprintf(" If your system does know %s, write the whole as an expression: ${{ {'%[1]s': …} }}", e.Key)
	}
	d := report(e.KeyPos, "unknown-field", "%s has no field %q in %s", what, e.Key, want)
	d.Hint = hint
	d.Offer(e.Key, meant)
}
