package api

import "gantry/source"

// Diagnostic is something that was found in a file.
type Diagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line" doc:"From 1; 0 is the file as a whole"`
	Column   int    `json:"column"`
	Severity string `json:"severity" enum:"error,warning"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
}

// SourceDiagnostics gives diagnostics as they were before they were sent.
func SourceDiagnostics(ds []Diagnostic) source.Diagnostics {
	out := make(source.Diagnostics, len(ds))
	for i, d := range ds {
		out[i] = source.Diagnostic{Pos: source.Pos{File: d.File, Line: d.Line, Column: d.Column}, Code: d.Code, Message: d.Message, Hint: d.Hint}
		if d.Severity == source.Warning.String() {
			out[i].Severity = source.Warning
		}
	}
	return out
}

func diagnosticsOf(ds source.Diagnostics) []Diagnostic {
	out := make([]Diagnostic, len(ds))
	for i, d := range ds {
		out[i] = Diagnostic{File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column, Severity: d.Severity.String(), Code: d.Code, Message: d.Message, Hint: d.Hint}
	}
	return out
}
