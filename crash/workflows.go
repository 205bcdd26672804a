package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// plot is one random workflow while it is made.
type plot struct {
	rng   *rand.Rand
	url   string
	subs  []string // that it may call
	tasks []*plotTask
}

type plotTask struct {
	name    string
	lines   []string // keys of the task
	next    []string // tasks that follow
	parents int
	value   string // what it publishes, an expression of its result
	handled bool   // its failure leads to noop
}

// invent gives the texts of a house's workflows, by id: leaves that others call, mains that are started from outside,
// and what waits for their ends.
func invent(rng *rand.Rand, url string, seed uint64) (texts map[string]string, mains []string) {
	texts = map[string]string{
		"alarm": "inputs: {failed_run: {type: any}}\ntasks:\n  tell:\n    " + request(url, "PUT", "how=ok", "tell", "") + "\n",
		"after": "inputs: {of: {type: string, required: true}}\ntriggers: [{name: ends, type: completion, workflow: main0, statuses: [succeeded, failed], run_for: {this: true}, inputs: {of: '${{ completed.id }}'}}]\n" +
			"tasks:\n  note:\n    " + request(url, "POST", "how=ok", "note", "") + "\n",
		"tick": "inputs: {due: {type: string, required: true}}\ntriggers: [{name: tick, type: interval, every: 1s, run_for: {this: true}, inputs: {due: '${{ due }}'}}]\ntasks: {look: {action: core.noop}}\n",
		"big":  "inputs: {n: {type: integer, required: true}}\ntasks:\n  fetch:\n    for_each: {items: '${{ [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30] }}', as: part, concurrency: 6}\n    " + request(url, "GET", "how=ok&size=160000", "fetch", "${{ string(index) }}") + "\noutputs: {n: '${{ inputs.n }}'}\n",
	}
	texts["narrow"] = "inputs: {n: {type: integer, required: true}}\nconcurrency: 1\ntasks:\n  write:\n    " + request(url, "POST", "how=ok&slow=10", "write", "") + "\n    next: pause\n" +
		"  pause: {action: core.delay, with: {duration: 10ms}}\noutputs: {n: '${{ inputs.n }}'}\n"
	texts["breaks"] = "inputs: {n: {type: integer, required: true}}\non_failure: alarm\ntasks:\n  write:\n    " + request(url, "POST", "how=500", "write", "") + "\n"
	texts["calls"] = "inputs: {n: {type: integer, required: true}}\ntasks: {a: {workflow: sub0, with: {n: '${{ inputs.n }}'}}, b: {workflow: sub1, with: {n: '${{ inputs.n }}'}}}\noutputs: {n: '${{ inputs.n }}'}\n"
	texts["polled"] = polled()
	maps.Copy(texts, waiting(rng, url, seed))
	var subs []string
	for i := range 2 {
		id := fmt.Sprint("sub", i)
		texts[id] = newPlot(rng, url, nil).write(2+rng.IntN(3), "")
		subs = append(subs, id)
	}
	for i := range 4 {
		id := fmt.Sprint("main", i)
		keys := "triggers: [{name: in, type: webhook, verify: none, dedupe: {by: header, header: X-Delivery-Id}, run_for: {this: true}, inputs: {n: '${{ body.n }}'}}]\n"
		if i == 1 {
			keys += "concurrency: 1\n"
		}
		if rng.IntN(2) == 0 {
			keys += "on_failure: alarm\n"
		}
		texts[id] = newPlot(rng, url, subs).write(3+rng.IntN(6), keys)
		mains = append(mains, id)
	}
	return texts, mains
}

// polls are the triggers that ask the target for what is new. Each has its own moment within five seconds.
const polls = 8

func polled() string {
	var b strings.Builder
	b.WriteString("inputs: {poll: {type: string, required: true}, entity: {type: integer, required: true}}\ntriggers:\n")
	for i := range polls {
		fmt.Fprintf(&b, "  - {name: poll %d, type: poll, poll: box.new, every: 5s, run_for: {this: true}, inputs: {poll: 'poll %d', entity: '${{ entity.id }}'}}\n", i, i)
	}
	return b.String() + "tasks: {look: {action: core.noop}}\n"
}

func newPlot(rng *rand.Rand, url string, subs []string) *plot {
	return &plot{rng: rng, url: url, subs: subs}
}

// write makes a workflow of n tasks, each behind one or several of those before it.
func (p *plot) write(n int, keys string) string {
	for i := range n {
		t := &plotTask{name: fmt.Sprint("t", i), handled: p.rng.IntN(3) > 0}
		p.fill(t)
		p.tasks = append(p.tasks, t)
		if i == 0 || p.rng.IntN(6) == 0 {
			continue // one more that starts by itself
		}
		for _, of := range p.rng.Perm(i)[:min(i, 1+p.rng.IntN(3))] {
			p.tasks[of].next = append(p.tasks[of].next, t.name)
			t.parents++
		}
		if t.parents > 1 {
			p.join(t)
		}
	}
	return p.text(keys)
}

func (p *plot) join(t *plotTask) {
	switch p.rng.IntN(4) {
	case 0:
		t.lines = append(t.lines, "join: any")
	case 1:
		t.lines = append(t.lines, fmt.Sprint("join: ", 1+p.rng.IntN(t.parents)))
	case 2:
		t.lines = append(t.lines, "join: all")
	}
}

const (
	ofBody  = "string(result.?body.?v.orValue(0))"
	ofItems = `result.map(r, string(r.status)).join(",")`
)

// fill gives a task something to do.
func (p *plot) fill(t *plotTask) {
	retry := "retry: {attempts: 4, delay: 5ms, backoff: 1, jitter: false}"
	slow := fmt.Sprint("&slow=", p.rng.IntN(20))
	t.value = ofBody
	add := func(lines ...string) { t.lines = append(t.lines, lines...) }
	switch kind := p.rng.IntN(17); kind {
	case 0, 1: // a read that fails for a while
		add(request(p.url, "GET", fmt.Sprintf("how=ok&fail=%d&fail_how=%s%s", p.rng.IntN(3), pick(p.rng, "503", "cut"), slow), t.name, ""), retry)
	case 2, 3: // a write that may be sent again
		add(request(p.url, "PUT", fmt.Sprintf("how=ok&fail=%d&fail_how=%s%s", p.rng.IntN(3), pick(p.rng, "503", "cut"), slow), t.name, ""), retry)
	case 4, 5, 6: // a write that may not
		add(request(p.url, "POST", "how=ok"+slow, t.name, ""), retry)
	case 7: // a write whose outcome nobody knows
		add(request(p.url, "POST", "how="+pick(p.rng, "cut", "500"), t.name, ""), retry)
	case 8:
		add(request(p.url, pick(p.rng, "GET", "POST"), "how=hang", t.name, ""), "timeout: 30ms")
	case 9:
		add(fmt.Sprintf("action: core.delay\n    with: {duration: %dms}", 1+p.rng.IntN(40)))
		t.value = `"1"`
	case 10, 11:
		add(fmt.Sprintf("for_each: {items: '${{ [10, 20, 30, 40] }}', as: it, concurrency: %d, on_error: %s}", 1+p.rng.IntN(4), pick(p.rng, "continue", "fail")),
			request(p.url, pick(p.rng, "GET", "PUT", "POST"), "how=ok"+slow, t.name, "${{ string(index) }}"))
		t.value = ofItems
	case 12:
		add("action: core.set\n    with: {values: {n: '${{ inputs.n }}'}}")
		t.value = "string(result.n >= 0)"
	case 14:
		add("action: core.ask\n    with: {question: And on?, buttons: [{value: 'yes', label: Go on}], fields: {amount: {type: integer, required: true}}}")
		t.value = "result.button"
	case 15:
		add(put(t.name, pick(p.rng, "ok", "cut", "lost", "500")), retry)
		t.value = "string(result.?id.orValue(0))"
	default:
		if len(p.subs) == 0 {
			add("action: core.noop")
			t.value = `"2"`
			return
		}
		add("workflow: "+p.subs[p.rng.IntN(len(p.subs))], "with: {n: '${{ inputs.n }}'}")
		t.value = `"3"`
	}
}

// request is the keys of a task that asks the target.
func request(url, method, how, task, item string) string {
	return fmt.Sprintf("action: core.http_request\n    with: {method: %s, url: '%s/do?%s', headers: {X-Run: '${{ run.id }}', X-Task: %s, X-Item: '%s'}}", method, url, how, task, item)
}

func pick(rng *rand.Rand, of ...string) string { return of[rng.IntN(len(of))] }

func (p *plot) text(keys string) string {
	var b strings.Builder
	b.WriteString("inputs: {n: {type: integer, required: true}}\n" + keys + "tasks:\n")
	outputs := []string{"n: '${{ inputs.n }}'"}
	for _, t := range p.tasks {
		fmt.Fprintf(&b, "  %s:\n    %s\n", t.name, strings.Join(t.lines, "\n    "))
		fmt.Fprintf(&b, "    next:\n      - {when: succeeded, publish: {p_%s: '${{ %s }}'}%s}\n", t.name, t.value, leads(t.next))
		if t.handled {
			fmt.Fprintf(&b, "      - {when: failed, publish: {p_%s: not done}, do: noop}\n", t.name)
		}
		outputs = append(outputs, fmt.Sprintf("p_%s: '${{ ctx.?p_%s.orValue(\"none\") }}'", t.name, t.name))
	}
	slices.Sort(outputs)
	b.WriteString("outputs: {" + strings.Join(outputs, ", ") + "}\n")
	return b.String()
}

func leads(next []string) string {
	if len(next) == 0 {
		return ""
	}
	return ", do: [" + strings.Join(next, ", ") + "]"
}
