package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

func (s *script) expectValue(text string) error {
	got, err := s.evaluate()
	if err != nil {
		return err
	}
	want, err := schema.DecodeBytes([]byte(text))
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, Masked(got)); diff != "" {
		return fmt.Errorf("(-want +got):\n%s", diff)
	}
	return nil
}

func (s *script) expectType(want string) error {
	if s.ds.HasErrors() {
		return s.ds.Err()
	}
	var got *schema.Type
	if s.program != nil {
		got = s.program.Type()
	} else {
		got = s.template.Type()
	}
	if got.String() != want {
		return fmt.Errorf("the type is %s", got)
	}
	return nil
}

// failure gives the first failure's place, message and hint.
func (s *script) failure(kind string) (place source.Pos, message, hint string, err error) {
	for _, d := range s.ds {
		if (d.Severity == source.Warning) == (kind == "warn") {
			return d.Pos, d.Message, d.Hint, nil
		}
	}
	if kind == "warn" {
		return place, "", "", fmt.Errorf("there is no warning")
	}
	v, failed := s.evaluate()
	if failed == nil {
		return place, "", "", fmt.Errorf("it does not fail and gives %v", v)
	}
	f := fault.From(failed)
	if f.Code != fault.Expression {
		return place, "", "", fmt.Errorf("the code is %s", f.Code)
	}
	parts := strings.SplitN(f.Message, ":", 4)
	if len(parts) < 4 {
		return place, "", "", fmt.Errorf("the message has no place: %s", f.Message)
	}
	place.Line, _ = strconv.Atoi(parts[1])
	place.Column, _ = strconv.Atoi(parts[2])
	return place, strings.TrimSpace(parts[3]), f.Hint, nil
}

func (s *script) expectFailure(m []string) error {
	place, message, _, err := s.failure(m[1])
	if err != nil {
		return err
	}
	if !strings.Contains(message, m[4]) {
		return fmt.Errorf("the message is: %s", message)
	}
	if m[2] == "" {
		return nil
	}
	got := fmt.Sprintf("%d:%d", place.Line-s.shift.Line, place.Column-s.shift.Column)
	if want := m[2] + ":" + m[3]; got != want {
		return fmt.Errorf("the place is %s", got)
	}
	return nil
}

func (s *script) expectHint(want string) error {
	kind := "fail"
	if !s.ds.HasErrors() && len(s.ds) > 0 {
		kind = "warn"
	}
	_, _, hint, err := s.failure(kind)
	if err == nil && !strings.Contains(hint, want) {
		err = fmt.Errorf("the hint is: %s", hint)
	}
	return err
}

func (s *script) expectUses(want string) error {
	if s.ds.HasErrors() {
		return s.ds.Err()
	}
	var refs []Reference
	if s.program != nil {
		refs = s.program.References()
	} else {
		refs = s.template.References()
	}
	var words []string
	for _, r := range refs {
		word := ""
		for i, name := range r.Path {
			switch {
			case i > 0 && i == r.OptionalFrom:
				word += ".?"
			case i > 0:
				word += "."
			}
			word += name
		}
		if r.Guard.Succeeded {
			word += " when succeeded"
		}
		if r.Guard.Failed {
			word += " when failed"
		}
		words = append(words, word)
	}
	got := strings.Join(words, ", ")
	if got == "" {
		got = "nothing"
	}
	if got != want {
		return fmt.Errorf("it uses %s", got)
	}
	return nil
}

func (s *script) expectImplies(names []string) error {
	if s.ds.HasErrors() {
		return s.ds.Err()
	}
	want := map[string]bool{}
	for _, name := range names {
		want[name] = true
	}
	for _, name := range []string{"succeeded", "failed"} {
		if got := s.program.Implies(name); got != want[name] {
			return fmt.Errorf("implies %s: %v", name, got)
		}
	}
	return nil
}

// expectDecided compares what the condition comes to after success, after failure and after a time-out.
func (s *script) expectDecided(want string) error {
	if s.ds.HasErrors() {
		return s.ds.Err()
	}
	var got []string
	for _, known := range []map[string]bool{
		{"succeeded": true, "failed": false, "timed_out": false}, {"succeeded": false, "failed": true, "timed_out": false}, {"succeeded": false, "failed": true, "timed_out": true},
	} {
		word := "perhaps"
		if holds, sure := s.program.Decide(known); sure {
			word = map[bool]string{true: "yes", false: "no"}[holds]
		}
		got = append(got, word)
	}
	if text := strings.Join(got, " "); text != want {
		return fmt.Errorf("it is decided %s", text)
	}
	return nil
}
