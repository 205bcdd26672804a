package expr

import (
	"testing"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/debug"
)

var plainExpressions = []string{
	"a", "a.b.c", "a.?b.orValue('x')", "a[0].b", "a['x']", "a[?0]", "!a", "a && b || c && !d", "a && b && c && d && e",
	"a || b || c", "a ? b : c ? d : e", "a + b * c - d / e % f", "a == 1.5", "a in [1, 2, 'x']", "f(a, b).g()", "(a + b) * c",
	"a.b(c.d, 'x').e", "null", "true", "[]", "'it is'", `"a" + 'b'`, "a < b == c", "a.size() > 0", "  a  ", "a\n&& b",
}

var otherExpressions = []string{
	"-1", "a - -1", "a.map(x, x)", "has(a.b)", "{'a': 1}", "T{a: 1}", "r'x'", `'\n'`, "'''x'''", "1e3", "0x1F", "1u", ".a", "a // c",
	"!!a", "ä", "a.if", "if", "a b", "(a", "a]", "", "[1,]", "[?a]", "a..b", "1.a", "'x", "b'x'", "a.`b`", "a ? b", "a.map", "5 5",
}

// TestQuickParse holds the quick parser to cel-go's: where it gives a tree at all, it is the same tree at
// the same places.
func TestQuickParse(t *testing.T) {
	for _, text := range plainExpressions {
		if !sameTree(t, text) {
			t.Errorf("%q should be plain", text)
		}
	}
	for _, text := range otherExpressions {
		if sameTree(t, text) {
			t.Logf("%q is plain", text)
		}
	}
}

// sameTree tells whether the text is plain, and fails if the two parsers differ.
func sameTree(t *testing.T, text string) bool {
	t.Helper()
	src := common.NewTextSource(text)
	quick := quickParse(text, src)
	if quick == nil {
		return false
	}
	parsed, issues := library().cel.ParseSource(src)
	if issues.Err() != nil {
		t.Fatalf("%q: the quick parser takes what cel-go refuses: %s", text, issues.Err())
	}
	if got, want := places(quick), places(parsed.NativeRep()); got != want {
		t.Errorf("%q:\ngot\n%s\nwant\n%s", text, got, want)
	}
	return true
}

// places writes a tree with the place of each node.
func places(tree *ast.AST) string { return debug.ToAdornedDebugString(tree.Expr(), placed{tree}) }

type placed struct{ tree *ast.AST }

func (p placed) GetMetadata(e any) string {
	node, ok := e.(ast.Expr)
	if !ok {
		return ""
	}
	l := p.tree.SourceInfo().GetStartLocation(node.ID())
	return " @" + string(rune('0'+l.Line())) + ":" + string(rune('a'+l.Column()))
}

func FuzzQuickParse(f *testing.F) {
	for _, text := range append(plainExpressions, otherExpressions...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { sameTree(t, text) })
}
