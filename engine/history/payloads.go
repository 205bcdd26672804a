package history

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"sync"

	"github.com/klauspost/compress/zstd"

	"gantry/store"
)

// What is kept in the rows themselves. Rows of runs are read by lists, a page of them at a time, so that they hold less
// than those of events.
const (
	mostInEvent = 256 << 10 // bytes of JSON of an event
	mostInRun   = 16 << 10  // of a run's inputs, or outputs
)

// Parts of a run that may stand in payloads, beside events, whose part is their number.
const (
	partInputs  = 0
	partOutputs = -1
	partTrigger = -2 // trigger data of a run that waits to begin, or has ended before
	partVars    = -3 // likewise its trigger's values for vars
)

// elsewhere stands in a row for a text that is kept in payloads: no JSON is empty.
const elsewhere = ""

// packers compress and unpack. They are made when first used: most runs hold nothing large.
var packers = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(512<<10), zstd.WithLowerEncoderMem(true), zstd.WithEncoderConcurrency(2))
	if err != nil {
		panic(err) // the options stand above
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(mostUnpacked))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// mostUnpacked bounds what a damaged payload may claim to be.
const mostUnpacked = 256 << 20

func pack(text []byte) []byte {
	encoder, _ := packers()
	return encoder.EncodeAll(text, make([]byte, 0, len(text)/4))
}

func unpack(run string, packed []byte) ([]byte, error) {
	_, decoder := packers()
	text, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, damaged(run, "a value that is kept compressed cannot be read: %s", err)
	}
	return text, nil
}

const (
	insertPayload = `INSERT INTO payloads (run, part, size, sealed, data) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (run, part) DO UPDATE SET size = excluded.size, sealed = excluded.sealed, data = excluded.data`
	selectPayload = `SELECT data FROM payloads WHERE run = ? AND part = ?`
)

// sealMark stands in JSON that holds redacted values.
var sealMark = []byte(`"` + sealKey + `":"`)

// spill keeps a text in payloads that is larger than most, and gives what stands in the row instead.
func (rows *entryRows) spill(part int, text []byte, most int) string {
	if len(text) <= most {
		return string(text)
	}
	rows.pack(part, text)
	return elsewhere
}

func (rows *entryRows) pack(part int, text []byte) {
	sealed := int64(0)
	if bytes.Contains(text, sealMark) {
		sealed = 1
	}
	rows.payloads = append(rows.payloads, []any{rows.run, int64(part), int64(len(text)), sealed, pack(text)})
}

// eventRow gives the row of an event, whose large values go beside it.
func (rows *entryRows) eventRow(seq int, at int64, kind string, data []byte) ([]any, error) {
	if len(data) <= mostInEvent {
		return []any{rows.run, int64(seq), at, kind, string(data), nil, rows.sums.sum(rows.run, int64(seq), at, nothingBeside, kind, data)}, nil
	}
	rest, err := skeleton(data)
	if err != nil {
		return nil, err
	}
	rows.pack(seq, data)
	size := int64(len(data))
	return []any{rows.run, int64(seq), at, kind, string(rest), size, rows.sums.sum(rows.run, int64(seq), at, size, kind, rest)}, nil
}

// mostOfSkeleton is how large a member of an event may be to stay in its row.
const mostOfSkeleton = 4 << 10

// skeleton leaves the large members out of an event's data: what is left tells whose it is, and how that ended.
func skeleton(data []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for name, member := range members {
		if len(member) > mostOfSkeleton {
			delete(members, name)
		}
	}
	return json.Marshal(members)
}

// payload reads what is kept of a run beside its rows; "" and no error where there is nothing.
func payload(get func(dest any, query string, args ...any) error, run string, part int) ([]byte, error) {
	var packed []byte
	if err := get(&packed, selectPayload, run, int64(part)); err != nil {
		if err == sql.ErrNoRows { //nolint:errorlint // both kinds of readers give it as it is
			return nil, damaged(run, "a large value of it is missing")
		}
		return nil, err
	}
	return unpack(run, packed)
}

// complete reads into a row what is kept beside it.
func (r *runRow) complete(get func(dest any, query string, args ...any) error) error {
	if r.Inputs == elsewhere {
		text, err := payload(get, r.ID, partInputs)
		if err != nil {
			return err
		}
		r.Inputs = string(text)
	}
	if r.Outputs.Valid && r.Outputs.String == elsewhere {
		text, err := payload(get, r.ID, partOutputs)
		if err != nil {
			return err
		}
		r.Outputs.String = string(text)
	}
	return nil
}

// getter reads outside of transactions.
func (h *History) getter(ctx context.Context) func(dest any, query string, args ...any) error {
	return func(dest any, query string, args ...any) error {
		return h.db.Read().GetContext(ctx, dest, query, args...)
	}
}

// rowIn reads a run's row within a transaction.
func rowIn(tx *store.Tx, id string) (*runRow, error) {
	var row runRow
	if err := tx.Get(&row, `SELECT `+runColumns+` FROM runs WHERE id = ?`, id); err != nil {
		return nil, store.Fault(err)
	}
	return &row, row.complete(tx.Get)
}
