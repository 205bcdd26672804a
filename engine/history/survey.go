package history

import (
	"context"
	"database/sql"
	"time"
)

// Survey is how much there is in the history, and what in it is left to be done.
type Survey struct {
	Runs       int        `json:"runs"`
	Newest     *time.Time `json:"newest,omitempty" doc:"When the newest run was created"`
	Unfinished int        `json:"unfinished" doc:"Runs that have not ended, without those that others wait for"`
	Oldest     *time.Time `json:"oldest_unfinished,omitempty"`
	Queued     int        `json:"queued" doc:"Those of them that wait to begin"`
	Held       int        `json:"held" doc:"Those of them that wait for somebody to say that they may go on"`
	Waiting    int        `json:"open_waits" doc:"Answers and webhooks that runs wait for"`
	Untold     int        `json:"untold_ends" doc:"Ends of runs of which completion triggers have not been told"`
	Unknown    int        `json:"unknown_writes" doc:"Writes of the runs that failed since then whose outcome nobody knows"`
}

// Survey counts what there is. Writes whose outcome is unknown are looked for in runs created after since: in all, that
// takes long.
func (h *History) Survey(ctx context.Context, since time.Time) (*Survey, error) {
	var row struct {
		Runs       int           `db:"runs"`
		Newest     sql.NullInt64 `db:"newest"`
		Unfinished int           `db:"unfinished"`
		Oldest     sql.NullInt64 `db:"oldest"`
		Queued     int           `db:"queued"`
		Held       int           `db:"held"`
		Waiting    int           `db:"waiting"`
		Untold     int           `db:"untold"`
		Unknown    int           `db:"unknown"`
	}
	err := h.db.Read().GetContext(ctx, &row, `SELECT
		(SELECT count(*) FROM runs) AS runs,
		(SELECT max(created_at) FROM runs) AS newest,
		(SELECT count(*) FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL AND parent_exec < 0) AS unfinished,
		(SELECT min(created_at) FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL AND parent_exec < 0) AS oldest,
		(SELECT count(*) FROM queued_runs) AS queued,
		(SELECT count(*) FROM held_runs) AS held,
		(SELECT count(*) FROM open_waits) AS waiting,
		(SELECT count(*) FROM untold_ends) AS untold,
		(SELECT count(*) FROM runs r JOIN tasks t ON t.run = r.id
			WHERE r.created_at > ? AND r.finished_at IS NOT NULL AND r.status IN ('failed', 'cancelled', 'timed_out') AND t.status = 'unknown') AS unknown`,
		since.UnixNano())
	if err != nil {
		return nil, readFault(err)
	}
	return &Survey{Runs: row.Runs, Newest: nullTime(row.Newest), Unfinished: row.Unfinished, Oldest: nullTime(row.Oldest), Queued: row.Queued,
		Held: row.Held, Waiting: row.Waiting, Untold: row.Untold, Unknown: row.Unknown}, nil
}
