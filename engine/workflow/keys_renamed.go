package workflow

// renamed are those of the foreign words that only have another name here.
var renamed = map[string]string{
	"workflow.input": "inputs", "workflow.output": "outputs", "workflow.name": "title", "workflow.variables": "vars",
	"workflow.steps": "tasks", "workflow.on_error": "on_failure",
	"task.do": "next", "task.then": "next", "task.name": "title", "task.input": "with", "task.inputs": "with",
	"transition.if": "when", "transition.then": "do", "transition.next": "do",
	"retry.count": "attempts", "retry.times": "attempts",
	"args": "with", "params": "with", "parameters": "with", "with_items": "for_each", "loop": "for_each", "retries": "retry", "run_as": "org",
}
