package assist

import (
	"fmt"
	"strings"
	"testing"
)

// large writes a workflow of so many tasks, each of which reads what the one before gave.
func large(tasks int) string {
	var b strings.Builder
	b.WriteString("title: Large\ninputs: {ticket_id: {type: integer, required: true}}\ntasks:\n")
	for i := range tasks {
		fmt.Fprintf(&b, "  t%d:\n    action: halo.get_ticket\n    with:\n      ticket_id: \"${{ inputs.ticket_id }}\"\n", i)
		if i+1 < tasks {
			fmt.Fprintf(&b, "    next:\n      - when: succeeded && result.priority_id == %d\n        publish: {n%d: \"${{ result.summary }}\"}\n        do: t%d\n      - {when: failed, do: noop}\n", i, i%40, i+1)
		}
	}
	return b.String()
}

// BenchmarkCheck is a check of 500 tasks with their outline: at most 100 ms.
func BenchmarkCheck(b *testing.B) {
	a, text := newAssistant(b), large(500)
	for i := 0; b.Loop(); i++ {
		if r := a.Check("w", text+fmt.Sprintf("# %d\n", i)); r.Workflow == nil || len(r.Outline.Tasks) != 500 {
			b.Fatal(r.Diagnostics)
		}
	}
}

// completeAt completes an expression in the middle of 500 tasks.
func completeAt(b *testing.B, note func(i int) string) {
	a := newAssistant(b)
	before, after, _ := strings.Cut(large(500), "result.priority_id == 250")
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndexByte(before, '\n') + len("tasks.t249.result.su")
	for i := 0; b.Loop(); i++ {
		c := a.Complete("w", before+"tasks.t249.result.su"+after+note(i), line, column)
		if len(c.Items) == 0 || c.Items[0].Label != "summary" {
			b.Fatal(c)
		}
	}
}

// BenchmarkComplete is one in a text that nothing is known of: at most 100 ms.
func BenchmarkComplete(b *testing.B) {
	completeAt(b, func(i int) string { return fmt.Sprintf("outputs: {x: %d}\n", i) })
}

// BenchmarkCompleteAgain is the next letter of the same word.
func BenchmarkCompleteAgain(b *testing.B) {
	completeAt(b, func(int) string { return "" })
}
