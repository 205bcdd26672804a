package orgs

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"gantry/fault"
	"gantry/source"
)

// Limits of a table of organisations.
const (
	maxTable = 32 << 20 // bytes
	maxRows  = 10_000
)

// tableRow is a row of a table as it was read. wrong tells that it could not be read.
type tableRow struct {
	line  int
	cells []string
	wrong *fault.Error
}

// table is a CSV file: its columns and rows.
type table struct {
	columns []column
	rows    []tableRow
}

// readTable reads CSV: UTF-8 or UTF-16 with its mark, with commas, semicolons or tabs.
func readTable(text []byte) (*table, error) {
	if len(text) > maxTable {
		return nil, fault.New(fault.TooLarge, "The file has %d bytes; at most %d are read.", len(text), maxTable)
	}
	r, first, err := CSVReader(text)
	if err != nil {
		return nil, err
	}
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, invalid("The file is empty.").WithHint("its first line names the columns: name,slug,parent,tags")
	}
	if err != nil {
		return nil, tableFault(err)
	}
	t := &table{}
	if t.columns, err = readColumns(header); err != nil {
		return nil, err
	}
	for i := range t.columns {
		t.columns[i].commas = r.Comma == ','
	}
	return t, t.read(r, first)
}

// CSVReader reads a table as programs and people save it: UTF-8 or UTF-16 with its mark, cells separated by
// commas, semicolons or tabs, which a first line sep=; may say, and rows of any length. first is the number of
// the line where it begins, from 1.
func CSVReader(text []byte) (r *csv.Reader, first int, err error) {
	clean, err := tableText(text)
	if err != nil {
		return nil, 0, err
	}
	if !strings.Contains(clean, "\n") { // as some programs on a Mac still end lines
		clean = strings.ReplaceAll(clean, "\r", "\n")
	}
	first = 1
	var comma rune
	if rest, named := strings.CutPrefix(clean, "sep="); named && len(rest) > 1 && strings.ContainsRune(",;\t", rune(rest[0])) && strings.ContainsAny(rest[1:2], "\r\n") {
		comma, clean, first = rune(rest[0]), strings.TrimPrefix(strings.TrimPrefix(rest[1:], "\r"), "\n"), 2
	} else {
		comma = separator(clean)
	}
	r = csv.NewReader(strings.NewReader(clean))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r, first, nil
}

func (t *table) read(r *csv.Reader, first int) error {
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := tableRow{cells: cells}
		if err != nil {
			var at *csv.ParseError
			errors.As(err, &at)
			row.line, row.wrong = at.StartLine, tableFault(err)
		} else {
			row.line, _ = r.FieldPos(0)
			if blank(cells) {
				continue
			}
			if len(cells) != len(t.columns) {
				row.wrong = invalid("The row has %d cells where the first line names %d columns.", len(cells), len(t.columns)).
					WithHint("a name with a separator in it stands in double quotes")
			}
		}
		row.line += first - 1
		if t.rows = append(t.rows, row); len(t.rows) > maxRows {
			return fault.New(fault.TooLarge, "The file has more than %d rows.", maxRows).WithHint("split it and import the parts one after the other")
		}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func tableFault(err error) *fault.Error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return fault.Wrap(err, fault.InvalidInput, "The table cannot be read: %s.", err)
	}
	f := invalid("The row cannot be read: %s (column %d).", at.Err, at.Column)
	if at.Line > at.StartLine {
		f = invalid("The row cannot be read: a double quote in it is not closed, so the %d lines below it were taken for a part of it and not read.", at.Line-at.StartLine)
	}
	if errors.Is(at.Err, csv.ErrQuote) || errors.Is(at.Err, csv.ErrBareQuote) {
		f = f.WithHint("a cell with a double quote in it stands in double quotes, and the quote is doubled: \"5\"\" disk\"")
	}
	return f
}

// tableText gives the text of a file whatever program saved it, where that can be told.
func tableText(text []byte) (string, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
		return string(text), unreadableTable(text)
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, order.Uint16(text[i:]))
	}
	clean := string(utf16.Decode(units))
	return clean, unreadableTable([]byte(clean))
}

func unreadableTable(text []byte) error {
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return invalid("The file is not a table of text: there is a null byte in line %d.", 1+bytes.Count(text[:at], []byte("\n"))).
			WithHint("save it as CSV with the encoding UTF-8; an .xlsx file is none")
	}
	if utf8.Valid(text) {
		return nil
	}
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return invalid("The file is not UTF-8: the first character that cannot be read is in line %d.", line).
		WithHint("save it as \"CSV UTF-8\"")
}

// separator tells what stands between the cells of the first line.
func separator(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted && len(counts) > 0 {
			break
		}
		if !quoted && r != '\r' && r != '\n' {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// column is a column of a table; of a variable it has name and type.
type column struct {
	is, name, kind string
	ids            bool // parents are named by another system's ids
	commas         bool // commas separate the cells, so that numbers are not written with them
}

// Columns of a table.
const (
	columnName     = "name"
	columnSlug     = "slug"
	columnParent   = "parent"
	columnTags     = "tags"
	columnEnabled  = "enabled"
	columnVariable = "var"
)

// otherNames are the headers that other programs write.
var otherNames = map[string]column{
	"name": {is: columnName}, "organizationname": {is: columnName}, "organisationname": {is: columnName},
	"slug": {is: columnSlug}, "orgslug": {is: columnSlug},
	"parent": {is: columnParent}, "managingorgid": {is: columnParent, ids: true},
	"tags": {is: columnTags}, "tagnames": {is: columnTags},
	"enabled": {is: columnEnabled}, "isenabled": {is: columnEnabled},
	"domain": {is: columnVariable, name: "domain", kind: TypeString},
}

// readColumns reads the first line.
func readColumns(header []string) ([]column, error) {
	var columns []column
	for i, text := range header {
		c, err := readColumn(strings.TrimSpace(text), i+1)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(columns, func(other column) bool { return other == c || c.is != columnVariable && other.is == c.is }) {
			return nil, invalid("The column %q is there twice.", shortened(text)).WithHint("rename or delete one of them")
		}
		columns = append(columns, c)
	}
	if !slices.ContainsFunc(columns, func(c column) bool { return c.is == columnName || c.is == columnSlug }) {
		return nil, invalid("There is neither a column name nor a column slug.").WithHint("the first line names the columns: name,slug,parent,tags")
	}
	return columns, nil
}

func readColumn(text string, at int) (column, error) {
	folded := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(text))
	if c, ok := otherNames[folded]; ok {
		return c, nil
	}
	rest, isVariable := strings.CutPrefix(text, "var:")
	if !isVariable {
		known := []string{"name", "slug", "parent", "tags", "enabled", "domain", "organizationName", "managingOrgId", "orgSlug", "isEnabled", "tagNames"}
		return column{}, invalid("The column %d is called %q, which says nothing to Gantry.", at, shortened(text)).
			WithHint("%s", hintOr(source.DidYouMean(text, known), "delete it, or keep it as a variable of each organisation: var:NAME or var:NAME:TYPE"))
	}
	name, kind, typed := strings.Cut(rest, ":")
	c := column{is: columnVariable, name: name, kind: kind}
	if !typed {
		c.kind = TypeString
	}
	if c.kind == TypeSecret {
		return c, fault.New(fault.Secret, "The column %q would hold secrets, which do not belong in a table.", shortened(text)).WithHint("set them with `gantry vars set %s --secret`", name)
	}
	if !knownType(c.kind) {
		return c, invalid("The column %q names no type of variables.", shortened(text)).WithHint("%s", hintOr(source.DidYouMean(c.kind, Types()), "the types are "+strings.Join(Types(), ", ")))
	}
	return c, checkIdentifier("name of the variable in column "+strconv.Itoa(at), name)
}
