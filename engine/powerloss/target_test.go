package powerloss_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// unit is who sends a request: a task of a run, or an item of it; an item that is not one is "".
type unit struct{ run, task, item string }

// call is a request that the target has read whole.
type call struct {
	method string
	done   bool // it does what is asked
}

// target is the outside system. It remembers every request by who sent it. The address says how it answers:
//
//	fail=N    the first N requests of a unit are answered 503
//	cut=1     the connection breaks once the request is read, and done
//	slow=MS   it waits so long before it answers
//	size=N    it answers with about so many bytes
type target struct {
	*httptest.Server
	mu      sync.Mutex
	calls   map[unit][]call
	arrives func(unit, call) // told of each, before it is answered
}

func newTarget(t *testing.T) *target {
	s := &target{}
	s.forget()
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// forget takes the target to a time of which it knows so much.
func (s *target) forget(known ...arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.arrives = map[unit][]call{}, func(unit, call) {}
	for _, a := range known {
		s.calls[a.unit] = append(s.calls[a.unit], a.call)
	}
}

// heard gives the requests of a unit.
func (s *target) heard(u unit) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[u]
}

func (s *target) serve(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	u := unit{r.Header.Get("X-Run"), r.Header.Get("X-Task"), r.Header.Get("X-Item")}
	q := r.URL.Query()
	s.mu.Lock()
	fails := len(s.calls[u]) < number(q.Get("fail"))
	c := call{r.Method, !fails}
	s.calls[u] = append(s.calls[u], c)
	arrives := s.arrives
	s.mu.Unlock()
	arrives(u, c)
	time.Sleep(time.Duration(number(q.Get("slow"))) * time.Millisecond) // as another system would
	switch {
	case fails:
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	case q.Get("cut") != "":
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"v": valueOf(u), "more": filler[:number(q.Get("size"))]})
}

// valueOf is what a unit is answered: the same in every run.
func valueOf(u unit) int {
	sum := fnv.New32a()
	_, _ = fmt.Fprint(sum, u.task, " ", u.item)
	return int(sum.Sum32() % 100_000)
}

// filler is text that does not compress away.
var filler = func() string {
	rng := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	for b.Len() < 1<<20 {
		b.WriteString(strconv.FormatUint(rng.Uint64(), 36))
	}
	return b.String()
}()

func number(text string) int {
	n, _ := strconv.Atoi(text) // "" is 0
	return n
}
