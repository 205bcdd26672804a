package history

import "context"

// Head gives a run as lists show it, without its tasks.
func (h *History) Head(ctx context.Context, id string) (Run, error) {
	row, err := h.row(ctx, id)
	if err != nil {
		return Run{}, err
	}
	return row.run()
}
