package expr

import (
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"gantry/schema"
	"gantry/source"
)

var formatFunctions = []function{
	{signs: []string{"text.parse_json() -> any"}, doc: "Reads JSON.",
		examples: []string{`'{"a": [1, 2.5, null]}'.parse_json() => {"a":[1,2.5,null]}`, `'{"a": 1}'.parse_json().a + 1 => 2`},
		run: func(a args) (any, error) {
			v, err := schema.DecodeBytes([]byte(a.text(0)))
			if err != nil {
				return nil, dataErrorf("", "the text is not JSON: %s", err)
			}
			return v, nil
		}},
	{signs: []string{"any.to_json(indent?: integer) -> text"}, doc: "Writes a value as JSON, names in alphabetical order; indented by so many spaces if said.",
		examples: []string{`{'b': 1, 'a': '<x>'}.to_json() => "{\"a\":\"<x>\",\"b\":1}"`, `[1].to_json(2) => "[\n  1\n]"`},
		run:      func(a args) (any, error) { return toJSON(a[0], a.integerOr(1, 0)) }},
	{signs: []string{"text.parse_yaml() -> any"}, doc: "Reads YAML.",
		examples: []string{`'a: 1\nb: [x, y]'.parse_yaml() => {"a":1,"b":["x","y"]}`},
		run: func(a args) (any, error) {
			n, ds := source.Parse("", []byte(a.text(0)))
			if ds.HasErrors() {
				return nil, dataErrorf("", "the text is not YAML: %s", ds[0].Message)
			}
			return n.Data(), nil
		}},
	{signs: []string{"any.to_yaml() -> text"}, doc: "Writes a value as YAML, names in alphabetical order.",
		examples: []string{`{'b': [1, 'x: y'], 'a': {}}.to_yaml() => "a: {}\nb:\n  - 1\n  - \"x: y\"\n"`},
		run: func(a args) (any, error) {
			var b strings.Builder
			if err := writeYAML(&b, a[0], 0); err != nil {
				return nil, err
			}
			return strings.TrimPrefix(b.String(), "\n"), nil
		}},
	{signs: []string{"text.parse_csv(separator?: text) -> list of map of text"}, doc: "Reads CSV whose first line has the names. Short lines are filled with empty text.",
		examples: []string{`'name,os\nPC1,"Windows, 11"\n'.parse_csv() => [{"name":"PC1","os":"Windows, 11"}]`, `'a;b\n1;2'.parse_csv(';') => [{"a":"1","b":"2"}]`},
		run:      func(a args) (any, error) { return parseCSV(a.text(0), a.textOr(1, ",")) }},
	{signs: []string{"text.parse_csv_rows(separator?: text) -> list of list of text"}, doc: "Reads CSV without names.",
		examples: []string{`'a,b\n1,2'.parse_csv_rows() => [["a","b"],["1","2"]]`},
		run: func(a args) (any, error) {
			rows, err := csvRows(a.text(0), a.textOr(1, ","))
			out := make([]any, len(rows))
			for i, row := range rows {
				out[i] = anys(row)
			}
			return out, err
		}},
	{signs: []string{"list.to_csv(columns?: list of text, separator?: text) -> text"},
		doc:      "Writes a list of objects as CSV with a line of names (all, in alphabetical order, unless columns are given), or a list of lists without one. Cells that a spreadsheet would run as a formula get an apostrophe.",
		examples: []string{`[{'n': 'a', 'x': 1}, {'n': 'b, c'}].to_csv() => "n,x\na,1\n\"b, c\",\n"`, `[{'n': 'a', 'x': 1}].to_csv(['x', 'n'], ';') => "x;n\n1;a\n"`, `[['=1+1']].to_csv() => "'=1+1\n"`},
		run:      toCSV},
	{signs: []string{"text.parse_xml() -> any"}, doc: "Reads XML: elements become objects, repeated ones lists, attributes names with @, text beside them #text; an element with text alone is that text.",
		examples: []string{`'<a id="1"><b>x</b><b>y</b></a>'.parse_xml() => {"a":{"@id":"1","b":["x","y"]}}`},
		run:      func(a args) (any, error) { return parseXML(a.text(0)) }},
}

func toJSON(v any, indent int) (any, error) {
	compact, err := schema.Encode(v)
	if err != nil {
		return nil, err
	}
	if indent <= 0 {
		return string(compact), nil
	}
	return indentJSON(compact, min(indent, 16))
}

func csvRows(text, separator string) ([][]string, error) {
	comma, size := utf8.DecodeRuneInString(separator)
	if size != len(separator) || size == 0 {
		return nil, dataErrorf("", "the separator of CSV is one character")
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, dataErrorf("", "the text is not CSV: %s", err)
	}
	return rows, nil
}

func parseCSV(text, separator string) (any, error) {
	rows, err := csvRows(text, separator)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		entry := make(map[string]any, len(rows[0]))
		for column, name := range rows[0] {
			entry[strings.TrimSpace(name)] = partAt(row, column, "")
		}
		out = append(out, entry)
	}
	return out, nil
}

func toCSV(a args) (any, error) {
	rows := a.list(0)
	var columns []string
	var err error
	if len(a) > 1 {
		if columns, err = texts(a.list(1)); err != nil {
			return nil, err
		}
	}
	if columns == nil {
		columns = columnsOf(rows)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	separator := a.textOr(2, ",")
	comma, size := utf8.DecodeRuneInString(separator)
	if size != len(separator) || size == 0 {
		return nil, dataErrorf("", "the separator of CSV is one character")
	}
	w.Comma = comma
	if len(columns) > 0 {
		_ = w.Write(columns)
	}
	for i, row := range rows {
		cells, err := cellsOf(row, columns, i)
		if err != nil {
			return nil, err
		}
		_ = w.Write(cells)
		if b.Len() > maxValue {
			return nil, errSize
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

func columnsOf(rows []any) []string {
	names := map[string]any{}
	for _, row := range rows {
		if m, ok := row.(map[string]any); ok {
			for name := range m {
				names[name] = nil
			}
		}
	}
	return sortedKeys(names)
}

func cellsOf(row any, columns []string, index int) ([]string, error) {
	var values []any
	switch r := row.(type) {
	case map[string]any:
		for _, name := range columns {
			values = append(values, r[name])
		}
	case []any:
		values = r
	default:
		return nil, dataErrorf("", "CSV is made of objects or lists, and entry %d is %s", index, describe(row))
	}
	cells := make([]string, len(values))
	for i, v := range values {
		if v == nil {
			continue
		}
		var b strings.Builder
		if err := writeText(&b, v); err != nil {
			return nil, err
		}
		cells[i] = harmlessCell(b.String(), v)
	}
	return cells, nil
}

// harmlessCell keeps spreadsheets from running text as a formula (CSV injection).
func harmlessCell(cell string, v any) string {
	if _, isText := v.(string); isText && cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
