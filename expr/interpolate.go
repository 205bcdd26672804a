package expr

import (
	"fmt"
	"strings"

	"gantry/schema"
)

// interpolate writes the parts of a text one after the other. With a secret among them the result is a Text.
func (t *Template) interpolate(s Scope, at At) (any, error) {
	var parts []any
	var b strings.Builder
	secret := false
	for _, p := range t.parts {
		if p.program == nil {
			b.WriteString(p.literal)
			continue
		}
		v, err := p.program.Eval(s, at)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case Secret:
			parts = append(parts, b.String(), v)
			b.Reset()
			secret = true
			continue
		case Text:
			parts = append(append(parts, b.String()), v.parts...)
			b.Reset()
			secret = true
			continue
		}
		if err := writeText(&b, v); err != nil {
			return nil, p.program.failure(err)
		}
		if b.Len() > MaxResult {
			return nil, p.program.failure(dataErrorf("", "the text is longer than %d MiB", MaxResult>>20))
		}
	}
	if !secret {
		return b.String(), nil
	}
	return Text{parts: append(parts, b.String())}, nil
}

// writeText writes a value as it stands in text.
func writeText(b *strings.Builder, v any) error {
	switch v := v.(type) {
	case nil:
		return dataErrorf("write .default('…') to say what stands there instead", "the value is null and cannot stand in text")
	case string:
		b.WriteString(v)
	case float64:
		b.WriteString(formatNumber(v))
	case bool, int64:
		fmt.Fprint(b, v)
	default:
		if HasSecret(v) {
			return errSecret
		}
		text, err := schema.Encode(v)
		if err != nil {
			return err
		}
		b.Write(text)
	}
	return nil
}
