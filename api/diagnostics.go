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

func diagnosticsOf(ds source.Diagnostics) []Diagnostic {
	out := make([]Diagnostic, len(ds))
	for i, d := range ds {
		out[i] = Diagnostic{File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column, Severity: d.Severity.String(), Code: d.Code, Message: d.Message, Hint: d.Hint}
	}
	return out
}
