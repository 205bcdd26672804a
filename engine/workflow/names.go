package workflow

import (
	"regexp"
	"slices"
	"strings"

	"gantry/source"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// celWords cannot be names in expressions.
var celWords = []string{
	"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
	"package", "namespace", "null", "return", "true", "var", "void", "while",
}

// engineWords stand in do beside task names.
var engineWords = map[string]Word{"noop": Noop, "fail": Fail}

// refusedWords are engine words elsewhere; here they are refused with what to write instead.
var refusedWords = map[string]string{
	"continue": "a branch goes on by naming the next task; to end it, leave do out; to have a failure count as handled, write noop",
	"end":      "a branch ends where do is left out; to have a failure count as handled, write noop",
	"retry":    "to repeat the task's attempts write retry: {attempts: 3} in the task; to go back, name the task",
}

// roots are the names that expressions see by themselves.
var roots = []string{
	"inputs", "vars", "ctx", "tasks", "org", "run", "trigger", "now", "result", "error", "succeeded", "failed", "timed_out",
	"attempt", "index", "failed_run",
}

// checkName refuses a name that expressions could not read; what is "task", "output" and the like.
func checkName(name string, pos source.Pos, what string, ds *source.Diagnostics) bool {
	switch {
	case !identifier.MatchString(name):
		d := ds.Errorf(pos, "bad-name", "%s name %q must start with a letter and hold only letters, digits and _", what, name)
		d.Hint = "letters are a to z and A to Z"
		if fixed := identifierOf(name); fixed != "" {
			d.Hint = "write " + fixed
		}
		return false
	case slices.Contains(celWords, name):
		ds.Errorf(pos, "reserved-name", "%s name %q is a reserved word of expressions", what, name).Hint = "choose another name, such as " + name + "_it"
		return false
	}
	return true
}

// identifierOf makes a name that could have been meant: "get-ticket" becomes get_ticket, "größe" grosse.
func identifierOf(name string) string {
	fixed := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		case r == '-' || r == ' ' || r == '.' || r == '/':
			return '_'
		}
		return -1
	}, source.Latin(name))
	if fixed != "" && fixed[0] >= '0' && fixed[0] <= '9' {
		fixed = "_" + fixed
	}
	if !identifier.MatchString(fixed) || slices.Contains(celWords, fixed) {
		return ""
	}
	return fixed
}
