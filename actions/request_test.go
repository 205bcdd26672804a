package actions

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func below(parts ...pathPart) pathTemplate { return pathTemplate{parts: parts} }

func TestPathInputsAreOneSegment(t *testing.T) {
	p := below(pathPart{text: "/Tickets/"}, pathPart{input: "id"}, pathPart{text: "/x"})
	for in, want := range map[any]string{int64(12): "/Tickets/12/x", "a b": "/Tickets/a%20b/x", "a/../b": "/Tickets/a%2F..%2Fb/x", "?q#f": "/Tickets/%3Fq%23f/x"} {
		if got, err := p.render(map[string]any{"id": in}); err != nil || got != want {
			t.Errorf("%v: %q %v", in, got, err)
		}
	}
	for _, in := range []any{nil, "", ".", ".."} {
		if got, err := p.render(map[string]any{"id": in}); err == nil {
			t.Errorf("%v gives %q", in, got)
		}
	}
}

// Whatever is put into a path, the request stays below the base address, on the same host.
func TestPathsStayBelowTheBase(t *testing.T) {
	one := below(pathPart{text: "/Tickets/"}, pathPart{input: "id"})
	whole := below(pathPart{text: "/"}, pathPart{input: "id", whole: true})
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringMatching(`[./%\\2eEfF:?#@a]{0,20}`)).Draw(t, "input")
		for _, p := range []pathTemplate{one, whole} {
			got, err := p.render(map[string]any{"id": in})
			if err != nil {
				continue
			}
			u, err := url.Parse("https://a.example/api" + got)
			if err != nil {
				t.Fatalf("%q gives %q: %v", in, got, err)
			}
			clean := u.ResolveReference(&url.URL{Path: u.Path})
			if u.Host != "a.example" || u.RawQuery != "" || u.Fragment != "" || !strings.HasPrefix(clean.Path, "/api/") {
				t.Fatalf("%q gives %s", in, u)
			}
		}
	})
}

func TestQueryText(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
		ok   bool
	}{
		{nil, "", false}, {"x", "x", true}, {"", "", true}, {true, "true", true}, {int64(5), "5", true}, {1.5, "1.5", true},
		{1e6, "1000000", true}, {[]any{int64(1), int64(2)}, "1,2", true}, {[]any{}, "", false},
		{[]any{map[string]any{"filter_type": int64(4)}}, `[{"filter_type":4}]`, true}, {map[string]any{"b": int64(1), "a": nil}, `{"a":null,"b":1}`, true},
	} {
		if got, ok := queryText(c.in); got != c.want || ok != c.ok {
			t.Errorf("%v: %q %v", c.in, got, ok)
		}
	}
}
