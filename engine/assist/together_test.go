package assist

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sides is a workflow with an item, a loop, a join and names that are set on some ways only. The number makes another
// text of it.
func sides(i int) string {
	return fmt.Sprintf(`title: Sides %d
inputs: {numbers: {type: list, items: {type: integer}, required: true}}
tasks:
  get:
    action: core.set
    with: {values: {found: true}}
    next:
      - {when: succeeded && result.found, publish: {team: "a"}, do: [each_one, other]}
      - {when: failed, do: noop}
  each_one:
    action: core.set
    for_each: {items: "${{ inputs.numbers }}", as: number}
    with: {values: {n: "${{ number }}"}}
    next: {do: last}
  other:
    action: core.set
    with: {values: {team: "${{ ctx.team }}"}}
    next: [{when: succeeded, publish: {late: 1}, do: last}]
  last:
    action: core.set
    with: {values: {at: "${{ tasks.other.status }}"}}
outputs: {x: "${{ ctx.?late.orValue(0) }}"}
`, i)
}

// Many ask one Assistant side by side, about the same texts and about others, and more of them than it keeps: each gets
// what somebody alone gets.
func TestManyAskAtOnce(t *testing.T) {
	const texts, askers = 2 * mostKept, 24
	places := [][2]string{ // a place, and what is written there instead
		{"${{ number }}", "${{ num"}, {"tasks.other.status", "tasks."}, {"ctx.team", "ctx."}, {"result.found", "result."},
		{"ctx.?late.orValue(0)", "ctx."}, {"do: last}\n  other", "do: "}, {"action: core.set\n    for", "action: core."},
	}
	ask := func(a *Assistant, i int) (told []any) {
		text := sides(i % texts)
		r := a.Check("w", text)
		told = append(told, r.Found(), r.Outline, r.Workflow != nil)
		for _, p := range places {
			before, after, found := strings.Cut(text, p[0])
			if !found {
				t.Errorf("%q is not in the text", p[0])
				return nil
			}
			line, column := strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n')
			told = append(told, a.Hover("w", text, line, column+1),
				a.Complete("w", before+p[1]+after, line, column+len(p[1])))
		}
		return told
	}
	alone := make([][]any, texts)
	for i := range alone {
		alone[i] = ask(newAssistant(t), i)
	}
	if c, ok := alone[0][4].(Completion); !ok || !slices.ContainsFunc(c.Items, func(i Item) bool { return i.Label == "number" }) {
		t.Error("the item is not offered:", alone[0][4])
	}
	shared := newAssistant(t)
	var all sync.WaitGroup
	for asker := range askers {
		all.Go(func() {
			for i := range 4 {
				n := asker/3 + i*5 // some the same at once, some not
				if diff := cmp.Diff(alone[n%texts], ask(shared, n)); diff != "" {
					t.Errorf("text %d: %s", n%texts, diff)
				}
			}
		})
	}
	all.Wait()
}
