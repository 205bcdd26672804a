package api

import (
	"context"
	"testing"

	"gantry/fault"
)

// What is not UTF-8 is refused, and not changed on the way: a password would be another one.
func TestTextThatIsNotUTF8IsNotSent(t *testing.T) {
	for text, sent := range map[string]bool{"plain": true, "ä": true, "\ufffd": true, `\ufffd`: true, `\\ufffd`: true, "a\xffb": false, "\\\xff": false, `\ufffd` + "\xff": false} {
		in := &SetVariableIn{OfVariable: OfVariable{OfOrganisation{TheMSP}, "x"}}
		in.Body.Value = text
		_, err := newRequest(context.Background(), "PUT", SetVariable.Path, in)
		if sent != (err == nil) || err != nil && fault.From(err).Code != fault.InvalidInput {
			t.Errorf("%q: %v", text, err)
		}
	}
}
