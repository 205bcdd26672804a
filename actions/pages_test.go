package actions

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gantry/fault"
)

func pageServer(t *testing.T, total int, calls *int) http.HandlerFunc {
	items := make([]any, total)
	for i := range items {
		items[i] = map[string]any{"n": i}
	}
	part := func(from, n int) []any { return items[min(from, total):min(from+n, total)] }
	return func(w http.ResponseWriter, r *http.Request) {
		*calls++
		q := r.URL.Query()
		number := func(name string, def int) int {
			if n := def; q.Has(name) {
				fmt.Sscan(q.Get(name), &n)
				return n
			}
			return def
		}
		var out any
		switch r.URL.Path {
		case "/pages":
			size := min(number("size", 50), 7) // a cap that the client does not know
			out = map[string]any{"items": part((number("page", 1)-1)*size, size), "total": total}
		case "/blind":
			out = map[string]any{"items": items}
		case "/offset":
			out = part(number("skip", 0), number("top", 50))
		case "/cursor", "/link":
			from := number("after", 0)
			m := map[string]any{"items": part(from, 10)}
			if from+10 < total {
				m["next"] = fmt.Sprint(from + 10)
				if r.URL.Path == "/link" {
					m["next"] = fmt.Sprintf("/link?after=%d", from+10)
				}
			} else {
				m["next"] = nil
			}
			out = m
		}
		json.NewEncoder(w).Encode(out)
	}
}

func TestPages(t *testing.T) {
	for _, c := range []struct {
		id    string
		total int
		with  map[string]any
		want  int
		calls int
	}{
		{"shop.pages", 0, nil, 0, 1}, {"shop.pages", 7, nil, 7, 1}, {"shop.pages", 20, nil, 20, 3},
		{"shop.pages", 20, map[string]any{"limit": int64(3)}, 3, 1}, {"shop.pages", 20, map[string]any{"limit": int64(9)}, 9, 2},
		{"shop.blind", 25, nil, 25, 2}, {"shop.blind", 5, nil, 5, 1},
		{"shop.offset", 25, nil, 25, 3}, {"shop.offset", 20, nil, 20, 3},
		{"shop.cursor", 25, nil, 25, 3}, {"shop.link", 25, nil, 25, 3}, {"shop.link", 3, nil, 3, 1},
	} {
		calls := 0
		out := newKit(t, pageServer(t, c.total, &calls)).run(t.Context(), t, c.id, c.with)
		if out.Err != nil {
			t.Errorf("%s of %d: %v", c.id, c.total, out.Err)
			continue
		}
		got := out.Result.([]any)
		for i := range got {
			if got[i].(map[string]any)["n"] != int64(i) {
				t.Errorf("%s: item %d is %v", c.id, i, got[i])
				break
			}
		}
		if len(got) != c.want || calls != c.calls {
			t.Errorf("%s of %d %v: %d items in %d calls, want %d in %d", c.id, c.total, c.with, len(got), calls, c.want, c.calls)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	n := 0
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		fmt.Fprintf(w, `{"items":[{"n":%d,"x":%q}],"next":"%d"}`, n, strings.Repeat("x", 1<<20), n)
	})
	k.maxResult = 5 << 20
	if out := k.run(t.Context(), t, "shop.cursor", nil); out.Err == nil || out.Err.Code != fault.TooLarge || n > 6 {
		t.Errorf("%v after %d pages", out.Err, n)
	}
	k = newKit(t, answer(200, "", `{"items":[1],"next":"https://elsewhere.example/x"}`))
	if out := k.run(t.Context(), t, "shop.link", nil); out.Err == nil || out.Err.Code != fault.InvalidResult {
		t.Errorf("a link to another host: %v", out.Err)
	}
	k = newKit(t, answer(200, "", `{"items":[1],"next":"same"}`))
	if out := k.run(t.Context(), t, "shop.cursor", nil); out.Err == nil || out.Err.Code != fault.InvalidResult {
		t.Errorf("the same cursor again: %v", out.Err)
	}
}

// A list that grows while it is read moves entries on to the next page: they come once, and none is lost.
func TestListsThatGrowWhileTheyAreRead(t *testing.T) {
	ids := []int{9, 8, 7, 6, 5, 4, 3, 2, 1}
	calls := 0
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 2 {
			ids = append([]int{10}, ids...) // a new one, on top
		}
		var page int
		fmt.Sscan(r.URL.Query().Get("page"), &page)
		rows := []any{}
		for _, id := range ids[min((page-1)*4, len(ids)):min(page*4, len(ids))] {
			rows = append(rows, map[string]any{"id": id})
		}
		json.NewEncoder(w).Encode(map[string]any{"items": rows, "total": len(ids)})
	})
	out := k.run(t.Context(), t, "shop.pages", nil)
	if got, want := fmt.Sprint(out.Result), "[map[id:9] map[id:8] map[id:7] map[id:6] map[id:5] map[id:4] map[id:3] map[id:2] map[id:1]]"; got != want || calls != 3 {
		t.Errorf("%s in %d calls (%v), want %s", got, calls, out.Err, want)
	}
}

// Entries that only share an id (numbers within something else) are all there.
func TestEqualIDsAreNotEqualEntries(t *testing.T) {
	k := newKit(t, answer(200, "", `{"items":[{"id":1,"of":1},{"id":1,"of":2},{"id":null},{"id":null},5,5],"total":6}`))
	if out := k.run(t.Context(), t, "shop.pages", nil); out.Err != nil || len(out.Result.([]any)) != 6 {
		t.Errorf("%v %v", out.Result, out.Err)
	}
}

func TestCirclesOfCursorsEnd(t *testing.T) {
	calls := 0
	k := newKit(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		fmt.Fprintf(w, `{"items":[%d],"next":"%d"}`, calls, calls%3)
	})
	for _, id := range []string{"shop.cursor", "shop.link"} {
		calls = 0
		if out := k.run(t.Context(), t, id, nil); out.Err == nil || out.Err.Code != fault.InvalidResult || calls > 4 {
			t.Errorf("%s: %v after %d calls", id, out.Err, calls)
		}
	}
}
