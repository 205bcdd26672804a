package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"gantry/engine/flow"
	"gantry/store"
)

func opened(b *testing.B) *History {
	b.Helper()
	db, err := store.Open(context.Background(), b.TempDir(), store.Options{}, Migrations())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return New(db, plainSeal{})
}

// rowsOf are a list of tickets of about so many bytes of JSON, as other systems answer.
func rowsOf(bytes int) []any {
	random := rand.New(rand.NewPCG(1, 2))
	var rows []any
	for n := range bytes / 150 {
		rows = append(rows, map[string]any{"id": int64(n), "client_name": fmt.Sprint("Client ", random.IntN(300)), "status_id": int64(random.IntN(30)),
			"summary": fmt.Sprintf("The printer on floor %d does not print %x", random.IntN(9), random.Uint64()), "date": "2026-03-02T09:00:00Z"})
	}
	return rows
}

// BenchmarkLargeResult keeps the event of a result in its row, and compressed beside it.
func BenchmarkLargeResult(b *testing.B) {
	for _, kib := range []int{200, 1000} {
		event := flow.AttemptEnded{At: morning, Outcome: flow.Outcome{Result: rowsOf(kib << 10)}}
		for _, beside := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d KiB beside=%v", kib, beside), func(b *testing.B) {
				h, n := opened(b), 0
				for b.Loop() {
					n++
					kind, data, err := flow.EncodeEvent(event)
					if err != nil {
						b.Fatal(err)
					}
					rows := entryRows{run: id(1)}
					row := []any{id(1), int64(n), int64(0), kind, string(data), nil, int64(0)}
					if beside {
						rest, err := skeleton(data)
						if err != nil {
							b.Fatal(err)
						}
						rows.pack(n, data)
						row[4], row[5] = string(rest), int64(len(data))
					}
					rows.events = [][]any{row}
					if err := h.db.Write(b.Context(), rows.write); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkRuns keeps whole runs of one event, 500 in a transaction: what the rows and indexes of a run cost, without the disk's part
// of a commit, and how much of that some of them are.
func BenchmarkRuns(b *testing.B) {
	for name, drop := range map[string]string{
		"all": "", "without tails": "DROP INDEX runs_by_tail", "without terms": "-",
		"without lists": "DROP INDEX runs_by_origin; DROP INDEX runs_by_group; DROP INDEX runs_ended_by_group; DROP INDEX runs_ended_by_status",
	} {
		b.Run(name, func(b *testing.B) {
			h := opened(b)
			if len(drop) > 1 {
				if err := h.db.Write(b.Context(), func(tx *store.Tx) error { _, err := tx.Exec(drop); return err }); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				var entries []Entry
				for n := range 500 {
					e := begun(n, fmt.Sprint("w", n%40), fmt.Sprint("org", n%100), flow.Succeeded)
					e.Run, e.New.CreatedAt = uuid.Must(uuid.NewV7()).String(), time.Now()
					e.New.Inputs = map[string]any{"ticket": int64(n), "client": fmt.Sprint("Client ", n%100)}
					if drop == "-" {
						e.New.Inputs = map[string]any{"text": "A note that is so long that it is not taken for a name or number, but for text."}
					}
					entries = append(entries, e)
				}
				done := make(chan error, 1)
				h.Append(new(Chain), entries, func(err error) { done <- err })
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*500), "µs/run")
		})
	}
}
