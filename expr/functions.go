package expr

import (
	"strconv"

	"github.com/google/cel-go/cel"
)

var jinjaFilters = map[string]string{}

func signatures(name string) []string { return nil }

func functionOptions() []cel.EnvOption { return nil }

// formatNumber writes a number as JSON does, without an exponent where it is readable.
func formatNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
