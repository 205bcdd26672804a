// Package expr is Gantry's expressions: CEL inside `${{ }}`, typed by declared schemas, limited in cost,
// time and size, and explained in words for people who do not write programs.
//
// It is the only importer of cel-go. The rest of Gantry sees an Env (which names there are and what type
// each has), a Program (one expression, checked against an Env) and a Template (a YAML value with
// expressions in it). Values are the JSON data model: nil, bool, int64, float64, string, []any,
// map[string]any; see Secret and Text for the two exceptions.
//
// # Templates
//
// A text that is one whole `${{ … }}` keeps the type of its expression. In mixed text each expression is
// written out: text as it is, numbers and booleans as in JSON, lists and objects as compact JSON; null is
// an error, because "Asset null" is never what was meant. `$${{` stands for the characters `${{`. Map
// keys are literal.
//
// # Own functions
//
// They follow one convention: a function is written behind the value that it works on, in snake_case, and
// reads from left to right as Jinja's pipes do: `tickets.sort_by(t, t.id).map(t, t.summary).join(', ')`.
// Only what has no such value stands alone: `uuid5(namespace, name)`, `zip(a, b)`, `coalesce(a, b)`.
// CEL's own functions keep CEL's names. Functions lists them all, with examples that are run as tests.
//
// All functions are pure. `now` is a value that the caller gives.
package expr
