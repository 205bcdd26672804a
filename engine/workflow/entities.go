package workflow

import (
	"fmt"

	"gantry/schema"
	"gantry/source"
)

// knownFields looks for fields that an entity of the other system does not have in what the file writes out.
// Such systems ignore what they do not know, so a slip of the pen would count for nothing. A name that is
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
			case want.Open && want.Name != "" && len(want.Fields) > 0:
				c.unknownField(e, want, what)
			}
		}
	}
}

func (c *checker) unknownField(e source.Entry, want *schema.Type, what string) {
	meant := source.Suggest(e.Key, want.FieldNames())
	if meant == "" {
		c.ds.Warnf(e.KeyPos, "unknown-field", "%s has no field %q in %s", what, e.Key, want).Hint =
			"a system ignores what it does not know; if yours knows it, all is well"
		return
	}
	c.ds.Errorf(e.KeyPos, "unknown-field", "%s has no field %q in %s", what, e.Key, want).Hint =
		fmt.Sprintf("did you mean %q? If your system does know %s, write the whole as an expression: ${{ {'%[2]s': …} }}", meant, e.Key)
}
