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
