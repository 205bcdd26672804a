package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/failpoint"
)

// programVariable names a program built with -tags failpoints that is tried instead of one that is built first.
const programVariable = "GANTRY_CRASH_BINARY"

// program is Gantry with its fail-points, built once.
var program = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(programVariable); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "gantry-crash-binary-")
	if err != nil {
		return "", err
	}
	return build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil && path != os.Getenv(programVariable) {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func needBinary(t *testing.T) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// everyPoint deals each fail-point at its first time, one house's share of them, and some random moments.
func everyPoint(part, parts int) *deck {
	d := &deck{rng: rand.New(rand.NewPCG(uint64(part), 3)), first: true}
	for i, name := range served() {
		if i%parts == part {
			d.left = append(d.left, name)
		}
	}
	return d
}

// TestEveryFailPointOnce is the short form of this command: a death at every fail-point and some at random moments, in
// houses side by side. No promise may be broken, and each fail-point must be one at which the program does die.
func TestEveryFailPointOnce(t *testing.T) {
	const houses, moments, tries = 3, 2, 6
	path, target, all := needBinary(t), newTarget(), newSummary()
	defer target.Close()
	began := time.Now()
	var lanes sync.WaitGroup
	for part := range houses {
		lanes.Go(func() {
			h, err := newHouse(t.TempDir(), path, uint64(part+1), target)
			if err == nil {
				err = h.rehearse(t.Context())
			}
			d := everyPoint(part, houses)
			for i := 0; err == nil && i < moments; i++ {
				err = h.killAndTell(t.Context(), d.moment(), all)
			}
			for err == nil && len(d.left) > 0 {
				k := d.deal()
				for try := 0; err == nil && try < tries && !all.died(k.point); try++ {
					k.tried = try
					err = h.killAndTell(t.Context(), k, all)
				}
			}
			var v *verdict
			if err == nil {
				v, err = h.settle(t.Context())
			}
			if err != nil {
				t.Errorf("house %d: %v", part+1, err)
				return
			}
			all.add(h, v, testLog{t})
		})
	}
	lanes.Wait()
	var table strings.Builder
	if err := all.print(&table, time.Since(began)); err != nil {
		t.Error(err)
	}
	t.Log("\n" + table.String())
	if len(all.violations) > 0 {
		t.Errorf("%d violations", len(all.violations))
	}
	if names := all.unreached(); len(names) > 0 && !t.Failed() {
		t.Errorf("the program never came by %s: the suite does not reach these any more", names)
	}
}

func (h *house) killAndTell(ctx context.Context, k kill, all *summary) error {
	err := h.kill(ctx, k)
	if err == nil {
		all.killed(h.kills[len(h.kills)-1])
	}
	return err
}

// testLog writes to a test's log.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(string(b))
	return len(b), nil
}

// TestWrongFailPointIsTold: a name that there is not, or a count that is none, ends the program with what there is.
func TestWrongFailPointIsTold(t *testing.T) {
	for _, text := range []string{"store.nowhere", "store.before-commit:0", "store.before-commit:x"} {
		cmd := exec.Command(needBinary(t), "version")
		cmd.Env = append(os.Environ(), failpoint.Variable+"="+text)
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "store.after-commit") {
			t.Errorf("%s: %v %.200s", text, err, out)
		}
	}
}

// TestDamagedDirectoryIsTold: a server that cannot use what is in its directory ends with what to do, each time, and
// changes nothing.
func TestDamagedDirectoryIsTold(t *testing.T) {
	target := newTarget()
	defer target.Close()
	h, err := newHouse(t.TempDir(), needBinary(t), 9, target)
	if err == nil {
		err = h.rehearse(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(h.data, "gantry.db")
	log, err := os.ReadFile(database + "-wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("the killed server has left no log: %v", err)
	}
	if err := os.Remove(database + "-wal"); err != nil {
		t.Fatal(err)
	}
	h.wantRefusal(t, "gantry.db-wal is missing", "put gantry.db-wal back")
	if err := os.WriteFile(database+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := h.settle(t.Context()); err != nil || len(v.violations) > 0 {
		t.Fatalf("with its log it does not go on: %v %v", v, err)
	}
	if err := os.WriteFile(database, []byte(fmt.Sprintf("%8192s", "a foreign file")), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(database + "-wal"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(h.data, "gantry.lock")); err != nil {
		t.Fatal(err)
	}
	h.wantRefusal(t, "not a database", "restore a backup")
}

func (h *house) wantRefusal(t *testing.T, parts ...string) {
	t.Helper()
	for range 2 {
		p, err := h.spawn("")
		if err != nil {
			t.Fatal(err)
		}
		<-p.serves
		if p.url != "" {
			p.kill()
			t.Fatal("it serves")
		}
		<-p.gone
		if code := p.cmd.ProcessState.ExitCode(); code != 1 {
			t.Errorf("exit code %d", code)
		}
		for _, part := range parts {
			if !strings.Contains(string(p.said.bytes()), part) {
				t.Errorf("%q is not in what it says:\n%s", part, p.said.bytes())
			}
		}
	}
}
