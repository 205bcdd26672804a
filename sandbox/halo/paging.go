package halo

// window is the part of a list that a request asks for.
type window struct {
	paged        bool // pageinate=true: page_no and page_size are answered
	number, size int
	limit        int // first rows only; no limit when negative
}

// window applies Halo's rules: page_size and page_no count only with the misspelt pageinate=true; count is a
// number of rows and switches paging off; neither gives 50 rows. Plain arrays that do not page come whole.
func (l *listing) window() window {
	w := window{limit: -1, number: 1, size: defaultRows}
	rows := int(l.q.rows("count"))
	w.paged = l.q.bool("pageinate")
	if l.res.envelope == "" && !l.res.pages {
		return window{limit: -1}
	}
	if w.paged {
		w.page(int(l.q.int("page_no")), int(l.q.int("page_size")), l.largest())
	}
	switch {
	case rows > 0 && l.res.countCap > 0:
		w.limit = min(rows, l.res.countCap)
	case rows > 0:
		w.limit = rows
	case !w.paged && l.res.envelope != "":
		w.limit = defaultRows
	}
	return w
}

func (l *listing) largest() int {
	if l.res.pageCap > 0 {
		return l.res.pageCap
	}
	return l.pageCap
}

func (w *window) page(number, size, largest int) {
	if number > 0 {
		w.number = number
	}
	if size > 0 {
		w.size = size
	}
	if largest > 0 {
		w.size = min(w.size, largest)
	}
}

func (w window) cut(rows []record) []record {
	if w.limit >= 0 {
		return rows[:min(w.limit, len(rows))]
	}
	if !w.paged {
		return rows
	}
	from := int64(w.number-1) * int64(w.size)
	if from >= int64(len(rows)) {
		return nil
	}
	return rows[from:min(int(from)+w.size, len(rows))]
}
