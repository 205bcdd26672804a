package source

import (
	"fmt"
	"slices"
	"strings"
)

// Severity tells whether a diagnostic stops the file from being used.
type Severity int

// An Error refuses the file; a Warning only tells.
const (
	Error Severity = iota
	Warning
)

// String gives "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText writes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one thing that is wrong, or doubtful, at one place of a file.
type Diagnostic struct {
	Pos      Pos
	End      Pos // just behind the last rune that is meant; zero when only the start is known
	Severity Severity
	Code     string // stable, such as "unknown-key"
	Message  string
	Hint     string // what to do about it; may be empty

	Corrections []Correction // what may stand in place of words that do, the likeliest first
	Missing     string       // the key that has to be written into the map at Pos, or beside what stands there; "" none
}

// Error gives the diagnostic on one line.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if place := d.Pos.String(); place != "" {
		b.WriteString(place + ": ")
	}
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message)
	if d.Hint != "" {
		b.WriteString(" (" + d.Hint + ")")
	}
	return b.String()
}

// Diagnostics is what was found in one or several files.
type Diagnostics []Diagnostic

// Errorf appends an error. The pointer serves to set Hint or End and is good until the next append.
func (ds *Diagnostics) Errorf(pos Pos, code, format string, args ...any) *Diagnostic {
	return ds.append(Error, pos, code, format, args)
}

// Warnf appends a warning. The pointer serves to set Hint or End and is good until the next append.
func (ds *Diagnostics) Warnf(pos Pos, code, format string, args ...any) *Diagnostic {
	return ds.append(Warning, pos, code, format, args)
}

func (ds *Diagnostics) append(s Severity, pos Pos, code, format string, args []any) *Diagnostic {
	*ds = append(*ds, Diagnostic{Pos: pos, Severity: s, Code: code, Message: fmt.Sprintf(format, args...)})
	return &(*ds)[len(*ds)-1]
}

// Add appends diagnostics found elsewhere.
func (ds *Diagnostics) Add(more ...Diagnostic) { *ds = append(*ds, more...) }

// HasErrors tells whether anything refuses the file.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == Error })
}

// Errors counts the errors.
func (ds Diagnostics) Errors() int { return ds.count(Error) }

// Warnings counts the warnings.
func (ds Diagnostics) Warnings() int { return ds.count(Warning) }

func (ds Diagnostics) count(s Severity) int {
	n := 0
	for _, d := range ds {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort orders by file, line and column; what stands at one place keeps its order.
func (ds Diagnostics) Sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int { return a.Pos.compare(b.Pos) })
}

// Error lists the errors, one a line. Diagnostics is an error so that errors.As finds it again.
func (ds Diagnostics) Error() string {
	var lines []string
	for _, d := range ds {
		if d.Severity == Error {
			lines = append(lines, d.Error())
		}
	}
	return strings.Join(lines, "\n")
}

// Err gives nil when there are no errors, else the diagnostics as an error.
func (ds Diagnostics) Err() error {
	if !ds.HasErrors() {
		return nil
	}
	return ds
}
