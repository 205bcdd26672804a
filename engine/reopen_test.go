package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
)

// moody is a server that counts what it is asked, and refuses or drops what it is told to.
type moody struct {
	*httptest.Server
	mu     sync.Mutex
	hits   map[string]int
	came   chan string
	status map[string]int // by path: what it answers; 0: 200, -1: it drops the connection, the answer is lost
}

func newMoody(t *testing.T) *moody {
	m := &moody{hits: map[string]int{}, came: make(chan string, 10_000), status: map[string]int{}}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.hits[r.URL.Path]++
		status := m.status[r.URL.Path]
		m.mu.Unlock()
		m.came <- r.URL.Path
		if status < 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		if status > 0 {
			w.WriteHeader(status)
		}
		_, _ = fmt.Fprintf(w, `{"path": %q}`, r.URL.Path)
	}))
	t.Cleanup(m.Close)
	return m
}

// answers has paths answered with a status.
func (m *moody) answers(status int, paths ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, path := range paths {
		m.status[path] = status
	}
}

// counted tells how often each path was asked for.
func (m *moody) counted() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	for path, n := range m.hits {
		out[path] = n
	}
	return out
}

func (m *moody) expect(t *testing.T, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, m.counted()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// post is a task that writes to a path.
func (m *moody) post(path string) string {
	return "action: core.http_request, with: {method: POST, url: '" + m.URL + path + "'}"
}

func (b *bench) resume(req engine.ResumeRequest) error {
	return b.engine.Resume(context.Background(), req)
}

// again resumes a run and waits for its end.
func (b *bench) again(req engine.ResumeRequest) *history.Detail {
	b.t.Helper()
	faulttest.Must(b.t, b.resume(req))
	return b.wait(req.Run)
}

func (b *bench) plan(req engine.ResumeRequest) *engine.ResumePlan {
	b.t.Helper()
	plan, err := b.engine.PlanResume(context.Background(), req)
	faulttest.Must(b.t, err)
	return plan
}

// stepsOf writes what a plan does, one word for each step.
func stepsOf(p *engine.ResumePlan) (all []string) {
	for _, s := range p.Steps {
		text := s.What + " " + s.Task
		if s.Of > 0 {
			text += fmt.Sprintf(" %d/%d", s.Items, s.Of)
		}
		all = append(all, strings.TrimSpace(text))
	}
	for i := range p.Parts {
		for _, s := range stepsOf(&p.Parts[i]) {
			all = append(all, p.Parts[i].Workflow+": "+s)
		}
	}
	return all
}

// mended closes the data directory and opens it with other workflows.
func (b *bench) mended(texts map[string]string) {
	b.t.Helper()
	b.close()
	b.open(texts)
}

func expectCode(t *testing.T, err error, code fault.Code, words string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Code != code || !strings.Contains(f.Error(), words) {
		t.Errorf("%v, want %s with %q", err, code, words)
	}
}

func TestAFailedRunGoesOnFromWhatFailed(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/second")
	b := setup(t, map[string]string{"w": `
tasks:
  first: {` + s.post("/first") + `, next: second}
  second: {` + s.post("/second") + `, next: third}
  third: {` + s.post("/third") + `}
outputs: {all: "${{ tasks.first.result.body.path + tasks.second.result.body.path }}"}
`})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	if got := stepsOf(b.plan(engine.ResumeRequest{Run: id})); !cmp.Equal(got, []string{"repeat second"}) {
		t.Error(got)
	}
	before := b.show(id)
	if b.plan(engine.ResumeRequest{Run: id}).Done != 1 || b.show(id).Status != before.Status {
		t.Error("the plan changed something")
	}

	b.expect(b.again(engine.ResumeRequest{Run: id, By: "Ann"}), flow.Failed) // nothing has been mended
	s.answers(0, "/second")
	d := b.again(engine.ResumeRequest{Run: id, By: "Bob"})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/first": 1, "/second": 3, "/third": 1})
	if d.Outputs["all"] != "/first/second" || d.Error != nil || d.FinishedAt == nil || len(d.Tasks) != 3 || taskOf(d, "second").Attempts != 3 {
		t.Errorf("%+v", d)
	}
	var by []string
	for _, r := range d.Resumptions {
		by = append(by, r.By)
	}
	if !cmp.Equal(by, []string{"Ann", "Bob"}) {
		t.Error(by)
	}
	expectCode(t, b.resume(engine.ResumeRequest{Run: id}), fault.Conflict, "runs rerun")
}

func TestOnlyItemsThatFailedAreRepeated(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/3", "/7")
	b := setup(t, map[string]string{"w": `
tasks:
  each:
    for_each: {items: "${{ lists.range(10) }}", as: n, concurrency: 10}
    action: core.http_request
    with: {method: POST, url: "` + s.URL + `/${{ n }}"}
outputs: {ended: "${{ tasks.each.result.map(r, r.status) }}"}
`})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	s.answers(0, "/3", "/7")
	want := map[string]int{}
	failed := 0
	for path, n := range s.counted() {
		want[path] = n
	}
	for i := range 10 { // those that were not begun when one failed are begun now
		path := fmt.Sprintf("/%d", i)
		if want[path] == 0 || path == "/3" || path == "/7" {
			want[path]++
			failed++
		}
	}
	if got := stepsOf(b.plan(engine.ResumeRequest{Run: id})); !cmp.Equal(got, []string{fmt.Sprintf("items each %d/10", failed)}) {
		t.Error(got)
	}
	d := b.again(engine.ResumeRequest{Run: id})
	b.expect(d, flow.Succeeded)
	s.expect(t, want)
	if list, _ := taskOf(d, "each").Result.([]any); len(list) != 10 || strings.Contains(fmt.Sprint(list), "failed") {
		t.Error(taskOf(d, "each").Result)
	}
}

func TestACancelledRunGoesOn(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": `
tasks:
  done: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/done}, next: read}
  read: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold}, next: last}
  last: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/last}}
`})
	id := b.start(engine.Request{Workflow: "w"})
	for key := range target.arrived {
		if key == "GET /hold" {
			break
		}
	}
	faulttest.Must(t, b.engine.Cancel(id, "not now"))
	b.expect(b.wait(id), flow.Cancelled)
	target.let()
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
	for key, want := range map[string]int{"POST /done": 1, "GET /hold": 2, "POST /last": 1} {
		if n := target.count(key); n != want {
			t.Errorf("%s was asked for %d times, want %d", key, n, want)
		}
	}
}

func TestATimedOutRunGoesOnWithItsTimeAnew(t *testing.T) {
	target := newTarget(t)
	b := setup(t, map[string]string{"w": `
timeout: 300ms
tasks:
  read: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold}, next: last}
  last: {action: core.noop}
`})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.TimedOut)
	target.let()
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Succeeded)
}

func TestInputsOfWhatIsRepeatedAreReplaced(t *testing.T) {
	s := newMoody(t)
	s.answers(404, "/wrong")
	b := setup(t, map[string]string{"w": `
tasks:
  first: {` + s.post("/first") + `, next: second}
  second: {action: core.http_request, with: {method: POST, url: '` + s.URL + `/wrong', body: {n: 1}}}
`})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	edit := func(task, input, text string) engine.ResumeRequest {
		return engine.ResumeRequest{Run: id, Texts: map[string]map[string]string{task: {input: text}}}
	}
	expectCode(t, b.resume(edit("secnd", "url", "x")), fault.Usage, `did you mean "second"`)
	expectCode(t, b.resume(edit("second", "ulr", "x")), fault.Usage, `did you mean "url"`)
	expectCode(t, b.resume(edit("first", "url", s.URL)), fault.Usage, "first is not repeated")
	expectCode(t, b.resume(edit("second", "method", "FETCH")), fault.InvalidInput, "method")
	b.expect(b.show(id), flow.Failed)
	d := b.again(edit("second", "url", s.URL+"/right"))
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/first": 1, "/wrong": 1, "/right": 1})
	if !cmp.Equal(d.Resumptions[0].Edited, []string{"second"}) {
		t.Errorf("%+v", d.Resumptions)
	}
}

func TestARunGoesOnWithTheNewestVersion(t *testing.T) {
	s := newMoody(t)
	text := func(published, after string) string {
		return `
tasks:
  first: {` + s.post("/first") + `, next: [{when: succeeded, publish: {name: "${{ result.body` + published + ` }}"}, do: second}]}
  second: {` + s.post("/second") + after + `}
`
	}
	b := setup(t, map[string]string{"w": text(".nothing", "")})
	id := b.start(engine.Request{Workflow: "w"})
	d := b.wait(id)
	b.expect(d, flow.Failed)
	old := d.Version

	b.mended(map[string]string{"w": text(".path", ", next: third}\n  third: {action: core.noop")})
	b.expect(b.again(engine.ResumeRequest{Run: id}), flow.Failed) // its own version is as it was
	plan := b.plan(engine.ResumeRequest{Run: id, Newest: true})
	if plan.Was != old || plan.Version == old || !cmp.Equal(stepsOf(plan), []string{"go_on first"}) {
		t.Errorf("%+v", plan)
	}
	d = b.again(engine.ResumeRequest{Run: id, Newest: true})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/first": 1, "/second": 1})
	if d.Version != plan.Version || taskOf(d, "third").Status != flow.Succeeded || d.Resumptions[1].Version != plan.Version {
		t.Errorf("%+v", d)
	}
	for u, err := range b.engine.Events(context.Background(), id, 0) { // the log of both versions can be read
		if faulttest.Must(t, err); u.Status.Ended() && u.Status != flow.Succeeded {
			t.Errorf("%+v", u)
		}
	}
}

func TestANewVersionThatDoesNotFitIsRefused(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/second")
	b := setup(t, map[string]string{"w": "tasks:\n  first: {" + s.post("/first") + ", next: second}\n  second: {" + s.post("/second") + "}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	before := b.show(id)
	b.mended(map[string]string{"w": "tasks:\n  first: {action: core.noop, next: second}\n  second: {" + s.post("/second") + "}\n"})
	plan := b.plan(engine.ResumeRequest{Run: id, Newest: true})
	if len(plan.Misfits) != 1 || plan.Misfits[0].Task != "first" || !strings.Contains(plan.Misfits[0].Was, "core.http_request") || !strings.Contains(plan.Misfits[0].Is, "core.noop") {
		t.Errorf("%+v", plan.Misfits)
	}
	expectCode(t, b.resume(engine.ResumeRequest{Run: id, Newest: true}), fault.Conflict, "first")
	if diff := cmp.Diff(before.Run.Status, b.show(id).Status); diff != "" {
		t.Error(diff)
	}
	s.expect(t, map[string]int{"/first": 1, "/second": 1})
}

func TestOfSeveralWhoResumeOneDoes(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/a")
	b := setup(t, map[string]string{"w": "tasks: {a: {" + s.post("/a") + "}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.expect(b.wait(id), flow.Failed)
	s.answers(0, "/a")
	const people = 8
	errs := make(chan error, people)
	for range people {
		go func() { errs <- b.resume(engine.ResumeRequest{Run: id}) }()
	}
	won := 0
	for range people {
		switch err := <-errs; {
		case err == nil:
			won++
		case fault.From(err).Code != fault.Conflict && fault.From(err).Code != fault.Exists:
			t.Error(err)
		}
	}
	b.expect(b.wait(id), flow.Succeeded)
	if won != 1 {
		t.Errorf("%d of them resumed it", won)
	}
	s.expect(t, map[string]int{"/a": 2})
}

// subRunTexts are workflows that call each other two levels deep; the innermost writes three times.
func subRunTexts(s *moody) map[string]string {
	return map[string]string{
		"top":    "tasks:\n  before: {" + s.post("/before") + ", next: call}\n  call: {workflow: middle, next: after}\n  after: {" + s.post("/after") + "}\noutputs: {p: '${{ tasks.call.result.p }}'}\n",
		"middle": "tasks:\n  m: {" + s.post("/m") + ", next: deep}\n  deep: {workflow: inner}\noutputs: {p: '${{ tasks.deep.result.p }}'}\n",
		"inner":  "tasks:\n  one: {" + s.post("/one") + ", next: two}\n  two: {" + s.post("/two") + "}\noutputs: {p: '${{ tasks.two.result.body.path }}'}\n",
	}
}

func TestRunsOfSubWorkflowsGoOnWithTheirCaller(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/two")
	b := setup(t, subRunTexts(s))
	id := b.start(engine.Request{Workflow: "top"})
	b.expect(b.wait(id), flow.Failed)
	child := taskOf(b.show(id), "call").Subrun
	inner := taskOf(b.show(child), "deep").Subrun
	for _, part := range []string{child, inner} {
		expectCode(t, b.resume(engine.ResumeRequest{Run: part}), fault.Conflict, "gantry runs resume "+id[len(id)-8:])
	}
	if got, want := stepsOf(b.plan(engine.ResumeRequest{Run: id})), []string{"sub_run call", "middle: sub_run deep", "middle: inner: repeat two"}; !cmp.Equal(got, want) {
		t.Error(got)
	}
	b.expect(b.again(engine.ResumeRequest{Run: id, By: "Ann"}), flow.Failed)
	s.answers(0, "/two")
	d := b.again(engine.ResumeRequest{Run: id, By: "Ann"})
	b.expect(d, flow.Succeeded)
	s.expect(t, map[string]int{"/before": 1, "/m": 1, "/one": 1, "/two": 3, "/after": 1})
	if d.Outputs["p"] != "/two" || taskOf(d, "call").Subrun != child {
		t.Errorf("%+v", d)
	}
	b.expect(b.show(child), flow.Succeeded)
	if in := b.show(inner); in.Status != flow.Succeeded || len(in.Resumptions) != 2 || in.Resumptions[0].By != "Ann" {
		t.Errorf("%+v", in)
	}
}

func TestSubRunsOfItemsGoOnEachByItself(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/two-1", "/two-3")
	b := setup(t, map[string]string{
		"inner": "inputs: {n: integer}\ntasks:\n  one: {action: core.http_request, with: {method: POST, url: '" + s.URL + "/one-${{ inputs.n }}'}, next: two}\n  two: {action: core.http_request, with: {method: POST, url: '" + s.URL + "/two-${{ inputs.n }}'}}\n",
		"fails": "tasks:\n  each: {for_each: {items: '${{ lists.range(5) }}', as: n, concurrency: 5}, workflow: inner, with: {n: '${{ n }}'}}\n",
	})
	id := b.start(engine.Request{Workflow: "fails"})
	b.expect(b.wait(id), flow.Failed)
	s.answers(0, "/two-1", "/two-3")
	d := b.again(engine.ResumeRequest{Run: id})
	b.expect(d, flow.Succeeded)
	for path, n := range s.counted() {
		if want := map[bool]int{true: 2, false: 1}[path == "/two-1" || path == "/two-3"]; n > want || strings.HasPrefix(path, "/one") && n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
}

func TestAReopenedRunIsTakenUpAfterARestart(t *testing.T) {
	s := newMoody(t)
	s.answers(500, "/two")
	texts := subRunTexts(s)
	texts["inner"] = strings.Replace(texts["inner"], ", next: two}", ", next: pause}\n  pause: {action: core.delay, with: {duration: 1h}, next: two}", 1)
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "top"})
	for path := range s.came {
		if path == "/one" {
			break
		}
	}
	faulttest.Must(t, b.engine.Cancel(id, ""))
	b.expect(b.wait(id), flow.Cancelled)
	faulttest.Must(t, b.resume(engine.ResumeRequest{Run: id, By: "Ann"}))
	b.mended(texts)
	resumed, problems := b.engine.Recover(context.Background())
	if len(problems) > 0 || !cmp.Equal(resumed, []string{id}) {
		t.Fatal(resumed, problems)
	}
	faulttest.Must(t, b.engine.Cancel(id, ""))
	d := b.wait(id)
	b.expect(d, flow.Cancelled)
	s.expect(t, map[string]int{"/before": 1, "/m": 1, "/one": 1})
	if len(d.Resumptions) != 1 {
		t.Errorf("%+v", d.Resumptions)
	}
}
