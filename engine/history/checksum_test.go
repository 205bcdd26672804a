package history

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/store"
)

// marked stands in the history of a run, and nowhere else in its file.
const marked = "the words that a bit flips in"

// keptHistory is the database of a history that was closed properly, with run 1, its log, and the first bytes of a value
// that is kept beside it.
func keptHistory(t *testing.T) (file []byte, log *Log, beside []byte) {
	t.Helper()
	h, dir := open(t)
	e := begun(1, "w", "a", flow.Running)
	e.Events = append(e.Events, flow.AttemptStarted{At: morning, Unit: flow.Unit{Item: flow.NoItem}},
		flow.AttemptEnded{At: morning, Unit: flow.Unit{Item: flow.NoItem}, Outcome: flow.Outcome{Result: map[string]any{"said": marked, "n": int64(7)}}},
		flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 1, Item: flow.NoItem}, Outcome: flow.Outcome{Result: large(400_000)}})
	h.mustAppend(t, e, begun(2, "w", "a", flow.Running))
	log, err := h.Load(t.Context(), id(1))
	must(t, err)
	must(t, h.db.Read().Get(&beside, "SELECT data FROM payloads WHERE run = ?", id(1)))
	must(t, h.db.Close())
	file, err = os.ReadFile(filepath.Join(dir, store.DatabaseFile))
	must(t, err)
	return file, log, beside
}

// reopened opens a database of these bytes.
func reopened(t *testing.T, file []byte) (*History, error) {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, store.DatabaseFile), file, 0o600))
	db, err := store.Open(context.Background(), dir, store.Options{}, Migrations())
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = db.Close() })
	return New(db, plainSeal{}), nil
}

func flipped(file []byte, at, bit int) []byte {
	file = bytes.Clone(file)
	file[at] ^= 1 << bit
	return file
}

func wantDamage(t *testing.T, err error, says string) {
	t.Helper()
	f := fault.From(err)
	if err == nil || f.Code != fault.Storage || !strings.Contains(f.Message, id(1)) || !strings.Contains(f.Message, says) || !strings.Contains(f.Hint, "gantry restore") {
		t.Errorf("%v, want damage of run %s: %s", err, id(1), says)
	}
}

// TestAFlippedBitIsFound: a bit that has flipped in an event, or in what is kept beside it, is told with the run and the
// event; SQLite does not see it. Others are read as ever.
func TestAFlippedBitIsFound(t *testing.T) {
	file, _, beside := keptHistory(t)
	for name, c := range map[string]struct {
		at   int
		says string
		look string
	}{
		"in an event":             {bytes.Index(file, []byte(marked)) + 5, "event 3 is not what was written", "run " + id(1) + ": event 3"},
		"in a large value's file": {bytes.Index(file, beside[100:160]) + 3, "compressed", "run " + id(1) + ": a large value of event 4"},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := reopened(t, flipped(file, c.at, 0))
			must(t, err)
			var verdict string
			must(t, h.db.Read().Get(&verdict, "PRAGMA integrity_check"))
			if verdict != "ok" {
				t.Fatalf("SQLite finds it: %s", verdict)
			}
			_, err = h.Load(t.Context(), id(1))
			wantDamage(t, err, c.says)
			_, err = h.Show(t.Context(), id(1))
			wantDamage(t, err, c.says)
			if _, err := h.Load(t.Context(), id(2)); err != nil {
				t.Error(err)
			}
			found, looked, err := h.Look(t.Context(), true)
			must(t, err)
			if len(found) != 1 || found[0].String() != c.look || looked != 5 {
				t.Errorf("%v of %d events", found, looked)
			}
		})
	}
}

// TestNoFlippedBitIsMisread: wherever in the file a bit flips, a run's log is read as it was, or not at all.
func TestNoFlippedBitIsMisread(t *testing.T) {
	file, log, _ := keptHistory(t)
	rng := rand.New(rand.NewPCG(1, 1))
	page := bytes.Index(file, []byte(marked)) / 4096 * 4096 // where the events stand
	told := 0
	for i := range 60 {
		at := rng.IntN(len(file))
		if i%2 == 0 {
			at = page + rng.IntN(4096)
		}
		h, err := reopened(t, flipped(file, at, rng.IntN(8)))
		if err != nil {
			told++
			continue
		}
		again, err := h.Load(t.Context(), id(1))
		if err != nil {
			told++
		} else if diff := cmp.Diff(log.Events, again.Events); diff != "" {
			t.Errorf("a bit at %d: the log is read otherwise than it was written: %s", at, diff)
		}
	}
	if told < 5 {
		t.Errorf("%d of 60 were told: too few to prove anything", told)
	}
}

// TestLogsWithoutChecksums: what was kept before there were any is read as it is; a missing event is told.
func TestLogsWithoutChecksums(t *testing.T) {
	file, log, _ := keptHistory(t)
	h, err := reopened(t, file)
	must(t, err)
	change := func(query string) {
		must(t, h.db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(query); return err }))
	}
	change("UPDATE events SET crc = NULL")
	again, err := h.Load(t.Context(), id(1))
	must(t, err)
	if diff := cmp.Diff(log.Events, again.Events); diff != "" {
		t.Error(diff)
	}
	change("DELETE FROM events WHERE seq = 2")
	_, err = h.Load(t.Context(), id(1))
	wantDamage(t, err, "event 2 is missing")
	if found, _, err := h.Look(t.Context(), false); err != nil || len(found) != 1 || found[0] != (Damage{Run: id(1), Event: 2}) {
		t.Errorf("%v %v", found, err)
	}
}

// TestDamageIsNotResealed: a change of keys gives what is sealed a new checksum, and what is damaged none that fits.
func TestDamageIsNotResealed(t *testing.T) {
	h, _ := open(t)
	h.seals = hexSeal{}
	for n := 1; n <= 2; n++ {
		e := begun(n, "w", "a", flow.Running)
		e.Redact = func(int) []string { return []string{"result.secret"} }
		e.Events = append(e.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Item: flow.NoItem}, Outcome: flow.Outcome{Result: map[string]any{"open": marked, "secret": "hunter2"}}})
		h.mustAppend(t, e)
	}
	must(t, h.db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE events SET data = replace(data, 'bit', 'cit') WHERE run = ?`, id(1))
		return err
	}))
	n, err := h.Reseal(t.Context(), func(string) bool { return true })
	if n != 1 || err != nil {
		t.Fatal(n, err)
	}
	_, err = h.Load(t.Context(), id(1))
	wantDamage(t, err, "event 2 is not what was written")
	if _, err := h.Load(t.Context(), id(2)); err != nil {
		t.Error(err)
	}
}

// hexSeal seals as a keyring's values look, each time otherwise.
type hexSeal struct{}

func (hexSeal) Seal(plain []byte, _ string) (string, error) {
	return fmt.Sprintf("%04x.%s", rand.Uint32()&0xffff, base64.StdEncoding.EncodeToString(plain)), nil
}

func (hexSeal) Open(sealed, _ string) ([]byte, error) {
	_, text, _ := strings.Cut(sealed, ".")
	return base64.StdEncoding.DecodeString(text)
}
