package halo

import (
	"slices"
	"strings"
)

// sqlFunctions are names that differ, when a parenthesis follows.
var sqlFunctions = map[string]string{
	"isnull": "ifnull", "len": "length", "datalength": "length", "left": "mssql_left", "right": "mssql_right", "substring": "substr",
	"concat": "mssql_concat", "getdate": "mssql_now", "sysdatetime": "mssql_now", "getutcdate": "mssql_now", "charindex": "mssql_charindex",
	"year": "mssql_year", "month": "mssql_month", "day": "mssql_day", "format": "mssql_format", "iif": "iif", "eomonth": "mssql_eomonth",
	"isnumeric": "mssql_isnumeric", "ceiling": "mssql_ceiling", "floor": "mssql_floor", "string_agg": "group_concat", "count_big": "count",
}

// sqlDateFunctions take the name of a part of a date first: DATEADD(day, -7, GETDATE()).
var sqlDateFunctions = map[string]string{
	"dateadd": "mssql_dateadd", "datediff": "mssql_datediff", "datepart": "mssql_datepart", "datename": "mssql_datename",
}

// sqlDateTypes are types that SQLite does not have; a CAST to them is a function.
var sqlDateTypes = map[string]string{
	"date": "mssql_date", "datetime": "mssql_datetime", "datetime2": "mssql_datetime", "smalldatetime": "mssql_datetime", "time": "mssql_time",
}

var sqlNumberTypes = map[string]string{
	"int": "INTEGER", "bigint": "INTEGER", "smallint": "INTEGER", "tinyint": "INTEGER", "bit": "INTEGER", "float": "REAL", "real": "REAL",
	"money": "REAL", "decimal": "REAL", "numeric": "REAL",
}

// expressionEnds are words behind which another expression begins.
var expressionEnds = []string{"as", "from", "where", "and", "or", "when", "then", "else", "end", "order", "group", "on"}

// word writes a word that SQLite knows otherwise; false when it is the same there.
func (w *sqlWriter) word(t sqlToken) bool {
	name := strings.ToLower(t.text)
	w.frame().joins = w.frame().joins && !slices.Contains(expressionEnds, name)
	if w.peek(1).is("(") {
		if w.call(t, name) {
			return true
		}
	}
	switch name {
	case "select":
		return w.selects(t)
	case "union", "except", "intersect":
		w.endSelect()
	case "dbo", "information_schema":
		return w.schemaName(t, name)
	case "with", "nolock":
		return w.hint(name)
	case "as":
		return w.castAs(t)
	case "offset":
		return w.offset(t)
	case "current_timestamp":
		w.emit(t.space, "mssql_now()")
		return true
	}
	return false
}

// call writes the name of a function.
func (w *sqlWriter) call(t sqlToken, name string) bool {
	if other, ok := sqlFunctions[name]; ok {
		w.emit(t.space, other)
		return true
	}
	if other, ok := sqlDateFunctions[name]; ok && w.peek(2).kind == sqlWord && w.peek(3).is(",") {
		w.frames = append(w.frames, sqlFrame{})
		w.emit(t.space, other+"('"+strings.ToLower(w.peek(2).text)+"'")
		w.at += 2
		return true
	}
	switch name {
	case "cast", "try_cast":
		w.emit(t.space, "CAST")
		w.frames = append(w.frames, sqlFrame{cast: len(w.out)})
		w.out = append(w.out, "(")
		w.at++
		return true
	case "convert", "try_convert":
		return w.convert(t)
	}
	return false
}

// convert writes CONVERT(type, value, style) as a function of the value and the style.
func (w *sqlWriter) convert(t sqlToken) bool {
	kind := strings.ToLower(w.peek(2).text)
	n := 3
	if w.peek(n).is("(") { // nvarchar(10), decimal(10, 2)
		for !w.peek(n).is(")") && w.at+n < len(w.in) {
			n++
		}
		n++
	}
	if !w.peek(n).is(",") {
		return false
	}
	function := "mssql_text"
	if other, ok := sqlDateTypes[kind]; ok {
		function = other
	} else if _, ok := sqlNumberTypes[kind]; ok {
		function = "mssql_number"
	}
	w.emit(t.space, function+"(")
	w.frames = append(w.frames, sqlFrame{})
	w.at += n
	return true
}

// castAs drops the lengths of types, which SQLite reads as numbers only, and makes functions of casts to dates.
func (w *sqlWriter) castAs(t sqlToken) bool {
	f := w.frame()
	if f.cast == 0 {
		return w.alias(t)
	}
	kind := strings.ToLower(w.peek(1).text)
	if other, ok := sqlDateTypes[kind]; ok {
		f.castType = other
	} else {
		to := "TEXT"
		if number, ok := sqlNumberTypes[kind]; ok {
			to = number
		}
		w.emit(t.space, "AS "+to)
	}
	w.at++
	if w.peek(1).is("(") {
		for w.at < len(w.in) && !w.peek(0).is(")") {
			w.at++
		}
	}
	return true
}

// alias quotes a name, which may be a word that SQLite keeps for itself.
func (w *sqlWriter) alias(t sqlToken) bool {
	name := w.peek(1)
	if name.kind != sqlWord {
		return false
	}
	w.emit(t.space, t.text)
	w.emit(" ", `"`+name.text+`"`)
	w.at++
	return true
}

// selects writes TOP n as a limit at the end of its select.
func (w *sqlWriter) selects(t sqlToken) bool {
	n := 1
	distinct := ""
	if w.peek(n).is("DISTINCT") {
		distinct, n = " DISTINCT", n+1
	}
	if !w.peek(n).is("TOP") {
		return false
	}
	n++
	bracket := w.peek(n).is("(")
	if bracket {
		n++
	}
	if w.peek(n).kind != sqlNumber {
		return false
	}
	limit := w.peek(n).text
	if bracket {
		n++
	}
	w.emit(t.space, "SELECT * FROM (SELECT"+distinct)
	w.frame().limit = limit
	w.at += n
	return true
}

// schemaName drops "dbo." and joins INFORMATION_SCHEMA.TABLES into one name.
func (w *sqlWriter) schemaName(t sqlToken, name string) bool {
	if !w.peek(1).is(".") {
		return false
	}
	if name == "dbo" {
		w.out = append(w.out, t.space)
		w.at++
		return true
	}
	w.emit(t.space, "INFORMATION_SCHEMA_"+strings.ToUpper(w.peek(2).text))
	w.at += 2
	return true
}

// hint drops WITH (NOLOCK).
func (w *sqlWriter) hint(name string) bool {
	if name == "with" && w.peek(1).is("(") && w.peek(2).is("NOLOCK") && w.peek(3).is(")") {
		w.skip(3)
		return true
	}
	return false
}

// offset writes OFFSET n ROWS FETCH NEXT m ROWS ONLY.
func (w *sqlWriter) offset(t sqlToken) bool {
	if w.peek(1).kind != sqlNumber || !w.peek(2).is("ROWS", "ROW") {
		return false
	}
	from, rows, n := w.peek(1).text, "-1", 2
	if w.peek(3).is("FETCH") && w.peek(4).is("NEXT", "FIRST") && w.peek(5).kind == sqlNumber && w.peek(6).is("ROWS", "ROW") && w.peek(7).is("ONLY") {
		rows, n = w.peek(5).text, 7
	}
	w.emit(t.space, "LIMIT "+rows+" OFFSET "+from)
	w.at += n
	return true
}
