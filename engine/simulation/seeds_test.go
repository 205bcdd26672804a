package simulation_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"gantry/engine/history"
	"gantry/orgs"
	"gantry/store"
)

var (
	oneSeed   = flag.Uint64("seed", 0, "the one world to play; with -v it is told in words")
	someSeeds = flag.Int("seeds", 0, "how many worlds to play")
	toldTo    = flag.String("told", "", "the file into which the one world is told, whole")
	firstSeed = flag.Uint64("first", 1, "the first of them")
)

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400) // worlds are small, and gone soon
	code := m.Run()
	if made := templates(); made.dir != "" {
		_ = os.RemoveAll(made.dir)
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// template is what every world begins with.
type template struct {
	dir  string // where worlds live; in memory where the machine has that
	data string // a data directory with organisations
	orgs []orgs.Organisation
	err  error
}

var templates = sync.OnceValue(func() template {
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	var made template
	if made.dir, made.err = os.MkdirTemp(base, "gantry-simulation"); made.err != nil {
		return made
	}
	made.data = filepath.Join(made.dir, "template")
	made.err = made.fill()
	return made
})

func (made *template) fill() error {
	ctx := context.Background()
	s, err := store.Open(ctx, made.data, store.Options{}, orgs.Migrations(), history.Migrations())
	if err != nil {
		return err
	}
	ring, err := orgs.OpenKeyring(made.data, func(string) string { return "" })
	if err != nil {
		return err
	}
	n := 0
	service := orgs.New(s, ring, func() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) },
		orgs.WithIDs(func() string { n++; return fmt.Sprintf("00000000-0000-7000-9000-%012d", n) }))
	for i, slug := range []string{"acme-msp", "northwind", "contoso", "fabrikam"} {
		parent := ""
		if i > 0 {
			parent = "acme-msp"
		}
		org, err := service.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: slug, Parent: parent})
		if err != nil {
			return err
		}
		made.orgs = append(made.orgs, org)
		if _, err := service.AddInstance(ctx, org.ID, "sim", "Simulated", map[string]any{"server": "http://target"}, nil, true); err != nil {
			return err
		}
	}
	if _, err := history.New(s, ring).WaitKey(ctx, func() ([]byte, error) { return bytes.Repeat([]byte{7}, 32), nil }); err != nil { // made once, under a lock that time does not pass behind
		return err
	}
	err = s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE heard (run TEXT, status TEXT, finished_at INTEGER, PRIMARY KEY (run, finished_at))")
		return err
	})
	if err != nil {
		return err
	}
	return s.Close()
}

// playSeed plays a world in a bubble of its own. A world that hangs, or that leaves something behind, is named.
func playSeed(t *testing.T, seed uint64, tells bool) (told string) {
	made := templates()
	if made.err != nil {
		t.Fatal(made.err)
	}
	lib := libraryOf(seed)
	if lib == nil {
		t.Fatal("no workflows that check were drawn")
	}
	again := fmt.Sprintf("go test ./engine/simulation -seed %d -v", seed)
	alarm := time.AfterFunc(time.Minute, func() { panic("this world does not end: " + again) })
	defer alarm.Stop()
	defer func() {
		if p := recover(); p != nil {
			panic(fmt.Sprintf("%v\nplay it again: %s", p, again))
		}
		if t.Failed() {
			t.Logf("play it again: %s", again)
		}
	}()
	synctest.Test(t, func(t *testing.T) { told = play(t, seed, made, lib, tells) })
	return told
}

// TestSeeds plays worlds on all cores: as many as -seeds says, or those that fit into a CI run.
func TestSeeds(t *testing.T) {
	if *oneSeed != 0 {
		told := playSeed(t, *oneSeed, true)
		if *toldTo != "" {
			if err := os.WriteFile(*toldTo, []byte(told), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	n, least := *someSeeds, *someSeeds
	if n == 0 {
		n, least = defaultSeeds, leastSeeds
	}
	began := time.Now()
	var next, played atomic.Int64
	t.Run("on all cores", func(t *testing.T) {
		for lane := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
				t.Parallel()
				for i := next.Add(1); i <= int64(n) && !t.Failed(); i = next.Add(1) {
					if i > int64(least) && time.Since(began) > budget {
						return
					}
					playSeed(t, *firstSeed+uint64(i)-1, false)
					played.Add(1)
				}
			})
		}
	})
	took, count := time.Since(began), int(played.Load())
	fmt.Printf("%d worlds from seed %d on, %.0f a second\n", count, *firstSeed, float64(count)/took.Seconds())
	if !t.Failed() && count < n {
		fmt.Printf("These are fewer than the %d that are to be played: this machine needed %s.\n", n, took.Round(time.Second))
	}
}

// TestSameSeedSameWorld: every failure can be played again.
func TestSameSeedSameWorld(t *testing.T) {
	for _, seed := range seedsTwice(twiceSeeds) {
		sameWorld(t, seed, playSeed(t, seed, true), playSeed(t, seed, true))
	}
}

// TestSameSeedInAnotherProcess: also by somebody else, with another number of cores.
func TestSameSeedInAnotherProcess(t *testing.T) {
	for _, seed := range seedsTwice(3) {
		file := filepath.Join(t.TempDir(), "told")
		other := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSeeds$", fmt.Sprint("-seed=", seed), "-told="+file)
		other.Env = append(os.Environ(), "GOMAXPROCS=1")
		if out, err := other.CombinedOutput(); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, out)
		}
		told, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sameWorld(t, seed, playSeed(t, seed, true), string(told))
	}
}

// seedsTwice gives the seeds that are played twice.
func seedsTwice(n int) (seeds []uint64) {
	if *oneSeed != 0 {
		return []uint64{*oneSeed}
	}
	for i := range n {
		seeds = append(seeds, *firstSeed+uint64(i))
	}
	return seeds
}

func sameWorld(t *testing.T, seed uint64, one, two string) {
	t.Helper()
	if one != two {
		a, b := firstDifference(one, two)
		t.Fatalf("seed %d gives two worlds; they differ first at\n%s\n%s", seed, a, b)
	}
}
