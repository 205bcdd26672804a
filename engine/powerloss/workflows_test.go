package powerloss_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
)

// library holds a world's workflows; none of them changes.
type library struct{ *workflow.Library }

func (l library) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := l.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (l library) Compile(id string, _ []byte) (*workflow.Workflow, error) { return l.Workflow(id) }

const (
	sub = "sub" // called by others
	big = "big" // with large results
)

// invent draws a world's workflows. mains are those that are asked for.
func invent(rng *rand.Rand, url string) (texts map[string]string, mains []string) {
	texts = map[string]string{
		sub: chain(rng, url, 3, false, ""),
		// Two of it fill the log, so that it is copied into the database.
		big: "inputs: {n: {type: integer, required: true}}\ntasks:\n  fetch:\n    for_each: {items: '${{ [0,1,2,3,4,5] }}', concurrency: 3}\n    " +
			request(url, "GET", "size=250000", "fetch", "${{ string(index) }}") + "\n    next: huge\n  huge: {" + strings.ReplaceAll(request(url, "GET", "size=600000", "huge", ""), "\n    ", ", ") + "}\noutputs: {n: '${{ inputs.n }}'}\n",
	}
	for i := range 3 {
		id, head := fmt.Sprint("main", i), ""
		if i == 0 {
			head = "concurrency: {limit: 1, when_full: queue}\n"
		}
		texts[id] = chain(rng, url, 3+rng.IntN(5), true, head)
		mains = append(mains, id)
	}
	return texts, mains
}

// chain is a workflow of n tasks, each behind one or two of those before it. What it publishes and gives does not hang on
// who is faster.
func chain(rng *rand.Rand, url string, n int, calls bool, head string) string {
	next := make([][]string, n)
	for i := 1; i < n; i++ {
		for _, of := range rng.Perm(i)[:min(i, 1+rng.IntN(2))] {
			next[of] = append(next[of], name(i))
		}
	}
	var text, outputs strings.Builder
	fmt.Fprintf(&text, "inputs: {n: {type: integer, required: true}}\n%stasks:\n", head)
	for i := range n {
		lines, value := work(rng, url, name(i), calls)
		fmt.Fprintf(&text, "  %s:\n    %s\n    join: all\n    next:\n", name(i), lines)
		fmt.Fprintf(&text, "      - {when: succeeded, publish: {p_%s: '${{ %s }}'}, do: [%s]}\n", name(i), value, strings.Join(next[i], ", "))
		if rng.IntN(2) == 0 {
			fmt.Fprintf(&text, "      - {when: failed, publish: {p_%s: not done}, do: noop}\n", name(i))
		}
		fmt.Fprintf(&outputs, ", p_%s: '${{ ctx.?p_%s.orValue(\"none\") }}'", name(i), name(i))
	}
	return strings.NewReplacer(", do: []", "", "    join: all\n    next:\n      - {when: succeeded, publish: {p_a", "    next:\n      - {when: succeeded, publish: {p_a").Replace(text.String()) +
		"outputs: {n: '${{ inputs.n }}'" + outputs.String() + "}\n"
}

func name(i int) string { return string(rune('a' + i)) }

const (
	ofBody  = "string(result.?body.?v.orValue(0))"
	ofItems = `result.map(r, string(r.status)).join(",")`
)

// work draws what a task does, and what it publishes.
func work(rng *rand.Rand, url, task string, calls bool) (lines, value string) {
	retry := "\n    retry: {attempts: 4, delay: 2ms, backoff: 1, jitter: false}"
	slow := fmt.Sprint("slow=", rng.IntN(4))
	switch rng.IntN(14) {
	case 0, 1: // a read that fails for a while
		return request(url, "GET", fmt.Sprint(slow, "&fail=", rng.IntN(3)), task, "") + retry, ofBody
	case 2, 3: // a write that may be sent again
		return request(url, "PUT", fmt.Sprint(slow, "&fail=", rng.IntN(3)), task, "") + retry, ofBody
	case 4, 5, 6: // one that may not
		return request(url, "POST", slow, task, "") + retry, ofBody
	case 7: // one of which nobody knows the outcome
		return request(url, "POST", "cut=1", task, ""), ofBody
	case 8:
		return fmt.Sprintf("action: core.delay\n    with: {duration: %dms}", 1+rng.IntN(15)), `"1"`
	case 9, 10:
		return fmt.Sprintf("for_each: {items: '${{ [10, 20, 30, 40] }}', concurrency: %d}\n    ", 1+rng.IntN(4)) +
			request(url, []string{"GET", "PUT", "POST"}[rng.IntN(3)], slow, task, "${{ string(index) }}"), ofItems
	case 11, 12:
		return "action: core.ask\n    with: {question: 'And on?', buttons: [{value: 'yes', label: Go on}]}", "result.button"
	}
	if !calls {
		return "action: core.set\n    with: {values: {n: '${{ inputs.n }}'}}", "string(result.n >= 0)"
	}
	return "workflow: " + sub + "\n    with: {n: '${{ inputs.n }}'}", `"3"`
}

// request is the keys of a task that asks the target.
func request(url, method, how, task, item string) string {
	return fmt.Sprintf("action: core.http_request\n    with: {method: %s, url: '%s/?%s', headers: {X-Run: '${{ run.id }}', X-Task: %s, X-Item: '%s'}}", method, url, how, task, item)
}
