package orgs

import (
	"regexp"
	"strings"
)

var (
	// pointThousands is a number whose points, where commas are decimal, separate thousands: 1.000 is 1000 then.
	pointThousands = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+$`)
	// commaDecimal is a number with a decimal comma, perhaps with points between thousands.
	commaDecimal = regexp.MustCompile(`^[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+$`)
)

// checkWriting refuses numbers and truth values as spreadsheets in other languages write them, and tells how
// they are written here. In a table whose cells are not separated by commas, 1.000 may be one or a thousand.
func (c column) checkWriting(cell string) error {
	text := strings.TrimSpace(cell)
	switch {
	case c.kind == TypeBoolean && strings.EqualFold(text, "wahr"), c.kind == TypeBoolean && strings.EqualFold(text, "vrai"):
		return invalid("The variable %s needs true or false, gets %q.", c.name, text).WithHint("write true")
	case c.kind == TypeBoolean && strings.EqualFold(text, "falsch"), c.kind == TypeBoolean && strings.EqualFold(text, "faux"):
		return invalid("The variable %s needs true or false, gets %q.", c.name, text).WithHint("write false")
	case c.kind == TypeNumber && commaDecimal.MatchString(text):
		point := strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
		f := invalid("The variable %s needs a number, gets %q.", c.name, shortened(text))
		if whole, decimals, _ := strings.Cut(point, "."); len(decimals) == 3 && !strings.Contains(text, ".") {
			return f.WithHint("write %s, or %s if the comma separates thousands", shortened(point), shortened(whole+decimals))
		}
		return f.WithHint("write %s", shortened(point))
	case c.kind == TypeNumber && !c.commas && pointThousands.MatchString(text):
		whole := strings.ReplaceAll(text, ".", "")
		if strings.Count(text, ".") > 1 {
			return invalid("The variable %s needs a number, gets %q.", c.name, shortened(text)).WithHint("write %s", shortened(whole))
		}
		return invalid("The variable %s is %q, which can be read in two ways.", c.name, text).
			WithHint("write %s, or %s0 if the point is a decimal one", whole, text)
	}
	return nil
}
