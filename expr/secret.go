package expr

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// mask is what stands for a secret wherever it is shown.
const mask = "********"

// Secret refers to an organisation's secret. Its value is not in it: Reveal asks for that at the last
// moment. It prints and marshals masked.
type Secret struct {
	Organisation, Name string
}

// String gives the mask.
func (Secret) String() string { return mask }

// GoString gives the mask, so that %#v does not name the secret either.
func (Secret) GoString() string { return mask }

// MarshalJSON gives the mask.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(mask) }

// Text is text with secrets in it, as interpolation makes it (`Bearer ${{ org.vars.token }}`).
type Text struct {
	parts []any // string or Secret
}

// String gives the text with its secrets masked.
func (t Text) String() string {
	var b strings.Builder
	for _, part := range t.parts {
		if s, ok := part.(string); ok {
			b.WriteString(s)
		} else {
			b.WriteString(mask)
		}
	}
	return b.String()
}

// GoString is String, so that %#v does not name the secrets.
func (t Text) GoString() string { return t.String() }

// MarshalJSON gives the text with its secrets masked.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// HasSecret tells whether a secret is anywhere in data.
func HasSecret(v any) bool {
	switch v := v.(type) {
	case Secret, Text:
		return true
	case []any:
		for _, item := range v {
			if HasSecret(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if HasSecret(item) {
				return true
			}
		}
	}
	return false
}

// Masked gives data with its secrets replaced by "********". What has no secrets in it is not copied.
func Masked(v any) any {
	masked, _, _ := replaceSecrets(v, func(s any) (any, error) { return fmt.Sprint(s), nil })
	return masked
}

// Reveal gives data with its secrets replaced by their values, and those values, so that they can be
// removed from what comes back. open gives the value of one secret.
func Reveal(v any, open func(Secret) (string, error)) (any, []string, error) {
	var clear []string
	show := func(s Secret) (string, error) {
		value, err := open(s)
		if err == nil && value != "" {
			clear = append(clear, value)
		}
		return value, err
	}
	revealed, _, err := replaceSecrets(v, func(s any) (any, error) {
		switch s := s.(type) {
		case Secret:
			return show(s)
		case Text:
			return s.reveal(show)
		}
		return s, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return revealed, clear, nil
}

func (t Text) reveal(show func(Secret) (string, error)) (any, error) {
	var b strings.Builder
	for _, part := range t.parts {
		switch part := part.(type) {
		case string:
			b.WriteString(part)
		case Secret:
			value, err := show(part)
			if err != nil {
				return nil, err
			}
			b.WriteString(value)
		}
	}
	return b.String(), nil
}

// replaceSecrets copies only the lists and maps on the way to a secret.
func replaceSecrets(v any, replace func(any) (any, error)) (out any, changed bool, err error) {
	switch v := v.(type) {
	case Secret, Text:
		out, err = replace(v)
		return out, true, err
	case []any:
		copied := v
		for i, item := range v {
			next, differs, err := replaceSecrets(item, replace)
			if err != nil {
				return nil, false, err
			}
			if differs && !changed {
				copied, changed = append([]any(nil), v...), true
			}
			if differs {
				copied[i] = next
			}
		}
		return copied, changed, nil
	case map[string]any:
		copied := v
		for key, item := range v {
			next, differs, err := replaceSecrets(item, replace)
			if err != nil {
				return nil, false, err
			}
			if differs && !changed {
				copied, changed = cloneMap(v), true
			}
			if differs {
				copied[key] = next
			}
		}
		return copied, changed, nil
	}
	return v, false, nil
}

func cloneMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

const secretHint = "a secret can only be handed to an action's input or header: as a whole `${{ … }}` or inside text"

var errSecret = dataErrorf(secretHint, "a secret cannot be read, compared or changed by an expression")

// secretVal and textVal are secrets inside CEL: every operation on them fails.
type secretVal struct{ s Secret }

func (*secretVal) ConvertToNative(reflect.Type) (any, error) { return nil, errSecret }
func (*secretVal) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errSecret) }
func (*secretVal) Equal(ref.Val) ref.Val                     { return types.WrapErr(errSecret) }
func (*secretVal) Type() ref.Type                            { return secretType }
func (v *secretVal) Value() any                              { return v.s }

type textVal struct{ t Text }

func (*textVal) ConvertToNative(reflect.Type) (any, error) { return nil, errSecret }
func (*textVal) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errSecret) }
func (*textVal) Equal(ref.Val) ref.Val                     { return types.WrapErr(errSecret) }
func (*textVal) Type() ref.Type                            { return secretType }
func (v *textVal) Value() any                              { return v.t }
