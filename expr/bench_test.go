package expr

import (
	"fmt"
	"testing"

	"gantry/schema"
	"gantry/source"
)

func ticketType() *schema.Type {
	fields := []schema.Field{
		{Name: "id", Type: schema.Integer(), Required: true},
		{Name: "summary", Type: schema.String()},
		{Name: "hours", Type: schema.Number()},
		{Name: "agent_name", Type: schema.String().AsNullable()},
		{Name: "tags", Type: schema.ListOf(schema.String())},
		{Name: "client", Type: schema.Object("halo.Client", schema.Field{Name: "name", Type: schema.String(), Required: true})},
	}
	for i := range 60 {
		fields = append(fields, schema.Field{Name: fmt.Sprintf("field_%d", i), Type: schema.String().AsNullable()})
	}
	return schema.Object("halo.Ticket", fields...)
}

// The bar: 1,000 workflows of 10 tasks with 3 expressions each are compiled in well under a second on one
// core. One iteration here is one workflow.
func BenchmarkCompileWorkflow(b *testing.B) {
	ticket := ticketType()
	texts := []string{"${{ inputs.ticket_id }}", "Ticket ${{ inputs.ticket_id }} of ${{ result.client.name }}", "succeeded && result.id == vars.urgent"}
	var nodes []*source.Node
	for _, t := range texts {
		nodes = append(nodes, source.FromData(t))
	}
	root := NewEnv()
	for b.Loop() {
		inputs := schema.Object("", schema.Field{Name: "ticket_id", Type: schema.Integer(), Required: true})
		workflow := root.With(Variable{"inputs", inputs}, Variable{"vars", schema.Object("", schema.Field{Name: "urgent", Type: schema.Integer()})},
			Variable{"run", schema.Any()})
		for range 10 {
			ctx := schema.Object("", schema.Field{Name: "team", Type: schema.String()})
			task := workflow.With(Variable{"ctx", ctx}, Variable{"result", ticket}, Variable{"succeeded", schema.Boolean()}, Variable{"failed", schema.Boolean()})
			for i, n := range nodes {
				var ds source.Diagnostics
				if i == 2 {
					_, ds = task.Compile(n)
				} else {
					_, ds = task.CompileTemplate(n)
				}
				if ds.HasErrors() {
					b.Fatal(ds.Error())
				}
			}
		}
	}
}

func BenchmarkEval(b *testing.B) {
	env := NewEnv(Variable{"inputs", schema.Object("", schema.Field{Name: "ticket_id", Type: schema.Integer(), Required: true})},
		Variable{"result", ticketType()}, Variable{"succeeded", schema.Boolean()}, Variable{"x", schema.Any()}, Variable{"tickets", schema.ListOf(ticketType())})
	var tickets []any
	for i := range 10000 {
		tickets = append(tickets, map[string]any{"id": int64(i), "summary": "printer", "hours": 1.5})
	}
	vars := Vars{"inputs": map[string]any{"ticket_id": int64(7)}, "result": map[string]any{"id": int64(7), "summary": "x"}, "succeeded": true,
		"x": map[string]any{"a": "b"}, "tickets": tickets}
	for _, src := range []string{"inputs.ticket_id", "succeeded && result.id == 7", "result.id + 1", "x.a + 'c'",
		"tickets.filter(t, t.id > 1 || t.hours > 2.0).map(t, t.summary)"} {
		p, ds := CompileText(env, src)
		if ds.HasErrors() {
			b.Fatal(ds)
		}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(vars, At{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
