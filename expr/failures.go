package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

var (
	missingKeyText   = regexp.MustCompile(`no such key: (.*)$`)
	missingIndexText = regexp.MustCompile(`index out of bounds: (.*)$|index '(.*)' out of range`)
	missingNameText  = regexp.MustCompile(`no such attribute\(s\): (.*)$`)
	overloadText     = regexp.MustCompile(`no such overload: ([^(\s]+)\((.*)\)$|no such overload: ([^(\s]+)`)
	conversionText   = regexp.MustCompile(`type conversion error from '?([a-z_A-Z.]+)'? to '?([a-z_A-Z.]+)'?`)
	parseText        = regexp.MustCompile(`strconv\.Parse\w+: parsing (".*"):`)
)

// explainFailure puts an error of the evaluation into words.
func explainFailure(checked *ast.AST, celErr *types.Err, err error) (message, hint string) {
	var data *dataError
	if errors.As(err, &data) {
		return data.message, data.hint
	}
	text := err.Error()
	if m := overloadText.FindStringSubmatch(text); m != nil && m[2] != "" {
		return overloadFailure(m)
	}
	if strings.HasPrefix(text, "no such overload") {
		return operatorFailure(checked, celErr)
	}
	if m := missingKeyText.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("there is no field `%s`", m[1]), "write .?" + m[1] + ".orValue(…) where it may be missing"
	}
	if m := missingIndexText.FindStringSubmatch(text); m != nil {
		return "the list has no entry at " + m[1] + m[2], "write [?0].orValue(…) where the list may be short"
	}
	if m := missingNameText.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("`%s` has no value here", m[1]), ""
	}
	if m := conversionText.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s cannot be turned into %s", celWords(m[1]), celWords(m[2])), ""
	}
	if m := parseText.FindStringSubmatch(text); m != nil {
		return m[1] + " is not a number", "write .to_number(0) behind it to say what to use instead"
	}
	return plainFailure(text)
}

func plainFailure(text string) (message, hint string) {
	switch {
	case strings.Contains(text, "division by zero"), strings.Contains(text, "divide by zero"):
		return "division by zero", "write divisor == 0 ? 0 : value / divisor"
	case strings.Contains(text, "modulus by zero"):
		return "division by zero", ""
	case strings.Contains(text, "overflow"):
		return "the number is too large", ""
	case strings.Contains(text, "optional.none() dereference"):
		return "the optional value is missing", "write .orValue(…) to say what to use then"
	case strings.Contains(text, "expected iterable type"):
		return "a list or an object is needed here", "write .orValue([]) or .default([]) where it may be missing or null"
	case strings.HasPrefix(text, "internal error"):
		return "the expression could not be evaluated: " + text, "this is a defect in Gantry; please report it"
	}
	return text, ""
}

// overloadFailure explains "no such overload: truncate(null_type, int)".
func overloadFailure(m []string) (message, hint string) {
	name := m[1] + m[3]
	var words []string
	for _, t := range strings.Split(m[2], ",") {
		if t = strings.TrimSpace(t); t != "" {
			words = append(words, celWords(t))
		}
	}
	var p problem
	if len(words) == 2 && explainOperator(&p, name, words) {
		return p.message, p.hint
	}
	message = fmt.Sprintf("`%s` does not work on %s", name, strings.Join(words, " with "))
	if len(words) == 0 {
		message = fmt.Sprintf("`%s` does not work on these values", name)
	}
	if len(words) > 0 && words[0] == "null" {
		return message, "write .default('') before it where the value may be null"
	}
	if forms := signatures(name); len(forms) > 0 {
		hint = "it is written " + strings.Join(forms, " or ")
	}
	return message, hint
}

// operatorFailure explains an error of which CEL only says where it is.
func operatorFailure(checked *ast.AST, celErr *types.Err) (message, hint string) {
	name := ""
	if celErr != nil {
		ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
			if e.ID() == celErr.NodeID() && e.Kind() == ast.CallKind {
				name = e.AsCall().FunctionName()
			}
		}))
	}
	switch name {
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return "the two values cannot be compared: one is null, or they are of different kinds",
			"compare numbers with numbers and text with text; write .default(0) where a value may be null"
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional:
		return "a condition must be true or false", "compare it with something, for example `… == 'yes'` or `… != null`"
	case "":
		return "a value is of the wrong kind here, perhaps null", "write .default(…) where a value may be null"
	}
	return fmt.Sprintf("`%s` does not work on these values; one of them may be null", strings.Trim(name, "_@")),
		"write .default(…) where a value may be null"
}

// celWords names a type that CEL names.
func celWords(name string) string {
	switch name {
	case "bool":
		return "true or false"
	case "int", "uint":
		return "a whole number"
	case "double":
		return "a number"
	case "string":
		return "text"
	case "list":
		return "a list"
	case "map":
		return "an object"
	case "null_type":
		return "null"
	case "google.protobuf.Timestamp", "timestamp":
		return "a time"
	case "google.protobuf.Duration", "duration":
		return "a duration"
	case "optional_type", "optional":
		return "an optional value"
	case secretType.TypeName():
		return "a secret"
	}
	return name
}
