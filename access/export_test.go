package access

// NewTokenText makes a token's text, for tests of its parser.
func NewTokenText() string { return string(newTokenText()) }
