package halo

import (
	"strings"
)

// derived computes a field from other rows; nil when there is nothing to show (the stored value is shown then).
type derived func(*state, record) any

// ref follows an id to a row of a table and shows one of its fields: client_name is ref("client_id", "Client", "name").
func ref(idField, tableName, shown string) derived {
	return func(st *state, r record) any {
		if row := st.find(tableName, r.int(idField)); row != nil {
			if d, ok := st.resource(tableName).derive[shown]; ok {
				return d(st, row)
			}
			return row[shown]
		}
		return nil
	}
}

// constant is the same for every row, such as the "use" of a table.
func constant(v any) derived { return func(*state, record) any { return v } }

// same shows another field of the row.
func same(other string) derived {
	return func(_ *state, r record) any { return r[other] }
}

// joined puts the texts of two derived fields together.
func joined(a derived, between string, b derived) derived {
	return func(st *state, r record) any {
		left, _ := a(st, r).(string)
		right, _ := b(st, r).(string)
		if left == "" || right == "" {
			return left + right
		}
		return left + between + right
	}
}

// count counts the rows of a table that name this row in one of the table's indexed fields.
func count(tableName, fieldName string) derived {
	return func(st *state, r record) any { return st.table(tableName).counts[fieldName][r.int("id")] }
}

// nested shows another row whole, as a list would.
func nested(idField, tableName string) derived {
	return func(st *state, r record) any {
		if row := st.find(tableName, r.int(idField)); row != nil {
			return st.view(st.resource(tableName), row, false, false)
		}
		return nil
	}
}

// rowsOf shows the rows of a table that name this row.
func rowsOf(tableName, fieldName string) derived {
	return func(st *state, r record) any {
		list := []any{}
		for _, other := range st.table(tableName).rows {
			if other.int(fieldName) == r.int("id") {
				list = append(list, st.view(st.resource(tableName), other, false, false))
			}
		}
		return list
	}
}

// initialsOf makes "JB" of Jo Bloggs.
func initialsOf(name string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(name) {
		r := []rune(word)
		if b.Len() < 3 {
			b.WriteRune(r[0])
		}
	}
	return strings.ToUpper(b.String())
}

func initialsFrom(nameField string) derived {
	return func(_ *state, r record) any { return initialsOf(r.text(nameField)) }
}
