package schema

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"gantry/source"
)

func (p *parser) textLimits(t *Type, f *source.Fields) {
	if n := f.Node("format"); n != nil && p.fits(t, n, "format", KindString, KindSecret) {
		if t.Format = f.Text("format"); t.Format != "" {
			if _, known := formats[t.Format]; !known {
				d := p.ds.Errorf(n.Pos, "unknown-format", "unknown format %q", t.Format)
				d.Meant(t.Format, slices.Sorted(maps.Keys(formats)))
				t.Format = ""
			}
		}
	}
	if n := f.Node("pattern"); n != nil && p.fits(t, n, "pattern", KindString, KindSecret) {
		if pattern := f.Text("pattern"); pattern != "" {
			if _, err := regexp.Compile(pattern); err != nil {
				p.ds.Errorf(n.Pos, "bad-pattern", "pattern is not a regular expression: %s", err).Hint = "the syntax is RE2's; a backslash needs single quotes around the pattern"
			} else {
				t.Pattern = pattern
			}
		}
	}
	p.length(t, f, "min_length", &t.MinLength, KindString, KindSecret)
	p.length(t, f, "max_length", &t.MaxLength, KindString, KindSecret)
	p.length(t, f, "max_mib", &t.MaxMiB, KindString, KindSecret)
	p.length(t, f, "max_items", &t.MaxItems, KindList)
	if t.MinLength != nil && t.MaxLength != nil && *t.MinLength > *t.MaxLength {
		p.ds.Errorf(f.Node("max_length").Pos, "wrong-limit", "max_length is smaller than min_length")
	}
}

func (p *parser) length(t *Type, f *source.Fields, key string, into **int, kinds ...Kind) {
	if !f.Has(key) || !p.fits(t, f.Node(key), key, kinds...) {
		return
	}
	value, n := f.Int(key, 0)
	if n == nil {
		return
	}
	if value < 0 || value > 1<<31 {
		p.ds.Errorf(n.Pos, "wrong-limit", "%s must be between 0 and %d", key, 1<<31)
		return
	}
	length := int(value)
	*into = &length
}

func (p *parser) numberLimits(t *Type, f *source.Fields) {
	p.bound(t, f, "minimum", &t.Minimum)
	p.bound(t, f, "maximum", &t.Maximum)
	if t.Minimum != nil && t.Maximum != nil && *t.Minimum > *t.Maximum && f.Has("maximum") {
		p.ds.Errorf(f.Node("maximum").Pos, "wrong-limit", "maximum is smaller than minimum")
	}
}

func (p *parser) bound(t *Type, f *source.Fields, key string, into **float64) {
	n := f.Node(key)
	if n == nil || !p.fits(t, n, key, KindInteger, KindNumber) {
		return
	}
	value, ok := real(n.Value)
	if !ok {
		source.WrongKind(p.ds, n, key, "a number")
		return
	}
	*into = &value
}

// values reads enum, default and examples, each of which must be of the type.
func (p *parser) values(t *Type, f *source.Fields, what string) {
	if n := f.Node("enum"); n != nil {
		if n.Kind != source.List || len(n.Items) == 0 {
			source.WrongKind(p.ds, n, "enum of "+what, "a list of the values that are allowed")
		} else {
			t.Enum = p.enum(t, n, what)
		}
	}
	if n := f.Node("default"); n != nil {
		t.Default, t.HasDefault = p.value(t, n, "the default of "+what)
	}
	if n := f.Node("examples"); n != nil {
		if n.Kind != source.List {
			source.WrongKind(p.ds, n, "examples", "a list")
			return
		}
		t.Examples = nil
		for _, item := range n.Items {
			if v, ok := p.value(t, item, "an example of "+what); ok {
				t.Examples = append(t.Examples, v)
			}
		}
	}
}

func (p *parser) enum(t *Type, n *source.Node, what string) []any {
	plain := *t
	plain.Enum = nil
	var enum []any
	for _, item := range n.Items {
		v, ok := p.value(&plain, item, "an enum entry of "+what)
		if !ok {
			continue
		}
		if slices.ContainsFunc(enum, func(w any) bool { return sameValue(v, w) }) {
			p.ds.Warnf(item.Pos, "twice", "%s stands twice in the enum", shown(v))
			continue
		}
		enum = append(enum, v)
	}
	return enum
}

func (p *parser) value(t *Type, n *source.Node, what string) (any, bool) {
	v, problems := t.Complete(n.Data())
	for _, problem := range problems {
		place := what
		if problem.Path != "" {
			place = fmt.Sprintf("%s at %s", what, problem.Path)
		}
		p.ds.Errorf(locate(n, problem.Path), "wrong-value", "%s %s", place, problem.Message)
	}
	return v, len(problems) == 0
}
