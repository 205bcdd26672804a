package history

import "context"

// Child is a run that another one led to.
type Child struct {
	ID   string `db:"id"`
	Exec int    `db:"parent_exec"` // the parent's execution that called it; -1: it handles the parent's failure
}

// Children gives the runs that a run led to itself, the first of them in the order in which they were made.
func (h *History) Children(ctx context.Context, run string, most int) ([]Child, error) {
	var children []Child
	err := h.db.Read().SelectContext(ctx, &children, `SELECT id, parent_exec FROM runs WHERE parent = ? AND parent <> '' ORDER BY id LIMIT ?`, run, most)
	return children, readFault(err)
}

// HandlersOf gives the runs that handled the failure of a run, the first one first: one for each time that it failed.
func (h *History) HandlersOf(ctx context.Context, run string) ([]Run, error) {
	var rows []runRow
	err := h.db.Read().SelectContext(ctx, &rows, `SELECT `+listColumns+` FROM runs WHERE parent = ? AND parent <> '' AND parent_exec < 0 ORDER BY id`, run)
	if err != nil {
		return nil, readFault(err)
	}
	handlers := make([]Run, len(rows))
	for i := range rows {
		if handlers[i], err = rows[i].run(); err != nil {
			return nil, err
		}
	}
	return handlers, nil
}

// LastCalled gives the runs that an execution of a run called last: one, or of a for_each one of each item, by item.
func (h *History) LastCalled(ctx context.Context, run string, exec int) ([]Run, error) {
	var rows []runRow
	err := h.db.Read().SelectContext(ctx, &rows, `SELECT `+runColumns+` FROM runs WHERE parent = ? AND parent <> '' AND parent_exec = ? ORDER BY parent_item, id`, run, exec)
	if err != nil {
		return nil, readFault(err)
	}
	var last []Run
	for i := range rows {
		if i+1 < len(rows) && rows[i+1].ParentItem == rows[i].ParentItem {
			continue
		}
		r, err := rows[i].run()
		if err != nil {
			return nil, err
		}
		last = append(last, r)
	}
	return last, nil
}
