package history

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"gantry/fault"
)

// castagnoli is the polynomial that processors have an instruction for.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// summer makes checksums; its room is used again for each.
type summer struct{ room []byte }

// nothingBeside is the size of what is kept beside a row where nothing is.
const nothingBeside = -1

// sum is what an event's row says of itself: a CRC-32C of the run's id, the event's number, its time in nanoseconds, the
// size of what is kept beside it, its kind and its data. SQLite finds damage to the structure of its pages, not a bit that
// has flipped within a value. What is kept beside a row has a checksum of its own, from zstd.
func (s *summer) sum(run string, seq, at, beside int64, kind string, data []byte) int64 {
	s.room = append(s.room[:0], run...)
	s.room = binary.LittleEndian.AppendUint64(s.room, uint64(seq))
	s.room = binary.LittleEndian.AppendUint64(s.room, uint64(at))
	s.room = binary.LittleEndian.AppendUint64(s.room, uint64(beside))
	s.room = append(s.room, kind...)
	return int64(crc32.Update(crc32.Update(0, castagnoli, s.room), castagnoli, data))
}

// of is the checksum that a row should have.
func (s *summer) of(run string, r *eventRow) int64 {
	beside := int64(nothingBeside)
	if r.large.Valid {
		beside = r.large.Int64
	}
	return s.sum(run, int64(r.seq), r.At, beside, r.Kind, r.Data)
}

// sound tells whether a row is as it was written; one that has no checksum is taken as it is.
func (s *summer) sound(run string, r *eventRow) bool {
	return !r.crc.Valid || r.crc.Int64 == s.of(run, r)
}

// checkEnd looks whether a run's log goes on behind the last event that was read of it: where a bit has flipped in the
// key of the next one, that is taken for another run's, and the log would seem to end before it.
func (h *History) checkEnd(ctx context.Context, run string, last int) error {
	var next []wholeRow
	if err := h.db.Read().SelectContext(ctx, &next, selectToLook, run, last, 1); err != nil {
		return readFault(err)
	}
	if len(next) == 0 {
		return nil
	}
	var sums summer
	follows := next[0].Seq == last+1
	if ours := next[0].Run == run; follows && !sums.sound(next[0].Run, next[0].event()) || ours && !follows {
		return damaged(run, "event %d is not what was written", last+1)
	}
	return nil
}

// damaged tells of a run's record that is not what was written.
func damaged(run, what string, args ...any) *fault.Error {
	return fault.New(fault.Storage, "the history of run %s is damaged: %s", run, fmt.Sprintf(what, args...)).
		WithHint("`gantry doctor --full` lists all that is damaged; restore a backup with `gantry restore FILE`, and check the disk and the memory of the machine")
}
