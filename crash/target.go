package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// unit is who sent a request: one attempt's task, or one item of it. An item that is not one is "".
type unit struct{ run, task, item string }

// call is one request that the target has read whole.
type call struct {
	at     time.Time
	method string
	status int // answered; 0: the connection was broken, or the sender was gone
}

// target is the outside system. It remembers every request by who sent it, and does what the address asks for:
//
//	how=ok     answers 200; also what a task's first `fail` requests are not
//	how=500    answers 500
//	how=cut    breaks the connection once the request is read
//	how=hang   answers never
//	fail=N     the first N requests of a unit are answered 503 (or broken, with fail_how=cut), the others as above
//	slow=MS    waits so long before it answers
//	size=N     answers with so many bytes
type target struct {
	*httptest.Server
	mu    sync.Mutex
	calls map[unit][]call
	boxes map[string]time.Time // when each house first asked for what is new

	things    map[string][]thing           // that were put, by key
	addresses map[string]map[string]string // at which runs wait: paths by house and run
}

func newTarget() *target {
	t := &target{calls: map[unit][]call{}, boxes: map[string]time.Time{}, things: map[string][]thing{}, addresses: map[string]map[string]string{}}
	routes := http.NewServeMux()
	routes.HandleFunc("/do", t.serve)
	routes.HandleFunc("/box/{house}/new", t.entities)
	routes.HandleFunc("POST /box/{house}/things", t.put)
	routes.HandleFunc("GET /box/{house}/things", t.find)
	t.Server = httptest.NewServer(routes)
	return t
}

func (t *target) serve(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // a body that breaks off is a request all the same
	u := unit{r.Header.Get("X-Run"), r.Header.Get("X-Task"), r.Header.Get("X-Item")}
	q := r.URL.Query()
	if at, err := url.Parse(r.Header.Get("X-Link")); err == nil && at.Path != "" {
		t.told(q.Get("house"), u.run, at.Path)
	}
	how := q.Get("how")
	if t.begin(u, r.Method) <= number(q.Get("fail")) {
		if how = "503"; q.Get("fail_how") == "cut" {
			how = "cut"
		}
	}
	if slow := number(q.Get("slow")); slow > 0 {
		select {
		case <-time.After(time.Duration(slow) * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	switch how {
	case "cut":
		panic(http.ErrAbortHandler)
	case "hang":
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	status := http.StatusOK
	if how != "ok" {
		status = number(how)
	}
	t.answered(u, status)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"v": valueOf(u), "more": filler(number(q.Get("size")))})
}

// entityEvery is how often there is something new for a house's polls.
const entityEvery = 2 * time.Second

// entities answers a poll: a list of numbers, the oldest first, that grows with time.
func (t *target) entities(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	began, known := t.boxes[r.PathValue("house")]
	if !known {
		began = time.Now()
		t.boxes[r.PathValue("house")] = began
	}
	t.mu.Unlock()
	list := []map[string]any{}
	for id := 1 + number(r.URL.Query().Get("after")); id <= 1+int(time.Since(began)/entityEvery); id++ {
		list = append(list, map[string]any{"id": id})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"list": list})
}

// begin notes a request and gives how many the unit has sent with it.
func (t *target) begin(u unit, method string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls[u] = append(t.calls[u], call{at: time.Now(), method: method})
	return len(t.calls[u])
}

// answered notes what the unit's last request is about to be answered with.
func (t *target) answered(u unit, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls[u][len(t.calls[u])-1].status = status
}

// asked counts the requests that some runs have sent.
func (t *target) asked(by []openEnd) (n int) {
	runs := map[string]bool{}
	for _, o := range by {
		runs[o.ID] = true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for u, calls := range t.calls {
		if runs[u.run] {
			n += len(calls)
		}
	}
	return n
}

// take gives what the target has of some runs, and forgets it.
func (t *target) take(runs map[string]bool) map[unit][]call {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := map[unit][]call{}
	for u, calls := range t.calls {
		if runs[u.run] {
			found[u] = calls
			delete(t.calls, u)
		}
	}
	return found
}

// valueOf is what a unit is answered: the same in every run, so that outputs can be compared.
func valueOf(u unit) int {
	sum := sha256.Sum256([]byte(u.task + "\x00" + u.item))
	return int(binary.BigEndian.Uint16(sum[:]))
}

// filler is text of a size that does not compress away.
func filler(size int) string {
	if size == 0 {
		return ""
	}
	b := make([]byte, size*3/4)
	for i, sum := 0, sha256.Sum256(nil); i < len(b); i += len(sum) {
		sum = sha256.Sum256(sum[:])
		copy(b[i:], sum[:])
	}
	return base64.StdEncoding.EncodeToString(b)
}

func number(text string) int {
	n, _ := strconv.Atoi(text) // "" is 0, and so is what nobody wrote
	return n
}
