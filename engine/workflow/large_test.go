package workflow

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// largeGraph writes a workflow of n tasks; next gives the transitions of each, as YAML list entries.
func largeGraph(n int, next func(i int) []string) []byte {
	var b strings.Builder
	b.WriteString("tasks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  t%d:\n    action: core.noop\n", i)
		if list := next(i); len(list) > 0 {
			fmt.Fprintf(&b, "    next:\n      - %s\n", strings.Join(list, "\n      - "))
		}
	}
	fmt.Fprintf(&b, "outputs: {x: \"${{ ctx.?x.orValue(0) }}\", last: \"${{ tasks.?t%d.?status.orValue('') }}\"}\n", n-1)
	return []byte(b.String())
}

// The largest graphs that are allowed, in shapes that are hard on the checker, take a bounded time.
func TestLargeGraphs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	shapes := map[string]func(i int) []string{
		"a chain against the file's order, each task publishing": func(i int) []string {
			if i == 0 {
				return []string{"{do: t999}"}
			}
			if i == 1 {
				return nil
			}
			return []string{fmt.Sprintf("{publish: {x: 1, n%d: 2}, do: t%d}", i, i-1)}
		},
		"a ladder of joins": func(i int) []string {
			var list []string
			for k := 1; k <= 4 && i+k < 1000; k++ {
				list = append(list, fmt.Sprintf("{when: \"succeeded && run.id == '%d'\", publish: {x: 1, x%d: 1}, do: t%d}", k, k, i+k))
			}
			return list
		},
		"edges everywhere": func(i int) []string {
			var list []string
			for range 4 {
				to := 1 + random.IntN(998)
				list = append(list, fmt.Sprintf("{when: \"run.id == '%d'\", publish: {x: 1}, do: [t%d, t%d]}", i, to, to+1))
			}
			return append(list, fmt.Sprintf("{publish: {y%d: 1}, do: t%d}", i, min(i+1, 999)))
		},
		"one fork, one join": func(i int) []string {
			switch {
			case i == 0:
				var list []string
				for k := 1; k < 999; k++ {
					list = append(list, fmt.Sprintf("{do: t%d}", k))
				}
				return list
			case i < 999:
				return []string{fmt.Sprintf("{when: \"succeeded || run.id == '%d'\", publish: {x: 1, y%d: 1}, do: t999}", i, i%7)}
			}
			return nil
		},
		"loops within loops": func(i int) []string {
			return []string{fmt.Sprintf("{when: succeeded, publish: {x: 1}, do: t%d}", min(i+1, 999)), fmt.Sprintf("{when: failed, do: t%d}", max(1, i/2))}
		},
	}
	world := testWorld(t)
	for name, next := range shapes {
		t.Run(name, func(t *testing.T) {
			text := largeGraph(1000, next)
			start := time.Now()
			_, ds := checkText(world, "w", "w.yaml", text)
			took := time.Since(start)
			t.Logf("%s, %d diagnostics", took.Round(time.Millisecond), len(ds))
			if took > time.Minute { // generous: other tests run beside it, and the race detector slows it down
				t.Errorf("took %s", took)
			}
			for _, d := range ds {
				if d.Severity == 0 && d.Code != "unreachable" {
					t.Fatal(d.Error())
				}
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString("tasks:\n")
	for i := range maxFileTasks + 1 {
		fmt.Fprintf(&b, "  t%d: {action: core.noop}\n", i)
	}
	_, ds := checkText(testWorld(t), "w", "w.yaml", []byte(b.String()))
	if len(ds) != 1 || ds[0].Code != "too-large" {
		t.Error(ds)
	}
}
