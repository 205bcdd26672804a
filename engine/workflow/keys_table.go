package workflow

var workflowKeys = Place{
	Name: "workflow",
	Doc:  "A workflow file. Its id is its path below workflows/ without .yaml.",
	Keys: []Key{
		{Name: "title", Shape: ShapeText, Doc: "What the workflow does, in a few words."},
		{Name: "description", Shape: ShapeText, Doc: "What it is for and what to know before running it."},
		{Name: "tags", Shape: ShapeTexts, Doc: "Words to find it by."},
		{Name: "time_saved", Shape: ShapeDuration, Doc: "How much work of people a succeeded run saves; credited to each."},
		{Name: "timeout", Shape: ShapeDuration, Default: "8h", Doc: "A run that takes longer ends timed_out. At most 30d."},
		{Name: "timeout_excludes_waiting", Shape: ShapeFlag, Default: "false", Doc: "Time spent waiting for people or timers does not count towards timeout."},
		{Name: "max_tasks", Shape: ShapeWhole, Default: "10000", Doc: "How many task executions a run may have before it is stopped; a guard against endless loops."},
		{Name: "concurrency", Shape: ShapeConcurrency, Doc: "How many runs of the workflow may go side by side. Without it as many as come."},
		{Name: "inputs", Shape: ShapeDeclarations, Doc: "What a run is given: name to type, required, default, description. Read as inputs.<name>."},
		{Name: "vars", Shape: ShapeValues, Doc: "Values evaluated once when a run starts, from inputs, org, run and trigger. Read as vars.<name>."},
		{Name: "triggers", Shape: ShapeTriggers, Doc: "What starts the workflow, and for which organisations."},
		{Name: "tasks", Shape: ShapeTasks, Required: true, Doc: "The steps: name to task. Those into which no transition leads start the run."},
		{Name: "outputs", Shape: ShapeValues, Doc: "What the run gives back: name to value, evaluated when it ends."},
		{Name: "on_failure", Shape: ShapeCall, Doc: "The workflow to run when a run of this one has failed or timed out."},
	},
}

var taskKeys = Place{
	Name: "task",
	Doc:  "One step: it calls an action or another workflow.",
	Keys: []Key{
		{Name: "title", Shape: ShapeText, Doc: "What the task does, for people who watch the run."},
		{Name: "action", Shape: ShapeAction, Doc: "The action to call, such as halo.get_ticket."},
		{Name: "workflow", Shape: ShapeWorkflow, Doc: "The workflow to call instead of an action; `with` is its inputs, `result` its outputs."},
		{Name: "with", Shape: ShapeValues, Doc: "The inputs of the action or workflow."},
		{Name: "next", Shape: ShapeTransitions, Doc: "What follows. A name, or a list of names: when the task succeeded, do these. Or a list of transitions with conditions."},
		{Name: "join", Shape: ShapeJoin, Default: "all where several transitions come in, else each", Doc: "How the task starts where several ways meet: all waits for everything that can still arrive, each runs once per arrival, any runs at the first arrival, a number at that many distinct tasks."},
		{Name: "follow", Shape: ShapeText, Words: []string{"all", "first"}, Default: "all", Doc: "Which of the transitions that hold are taken: all, or only the first."},
		{Name: "for_each", Shape: ShapeForEach, Doc: "Repeats the task for each item of a list or map; the result is the list of {status, result, error}."},
		{Name: "retry", Shape: ShapeRetry, Doc: "Repeats a failed attempt. A write is repeated only where the action says that this is safe."},
		{Name: "timeout", Shape: ShapeDuration, Default: "10m", Doc: "How long one attempt may take."},
		{Name: "org", Shape: ShapeText, Doc: "The organisation below the run's own for which the task runs: its slug, or an expression that gives it."},
		{Name: "integration", Shape: ShapeOverride, Doc: "Which instance of the integration the task uses, instead of the organisation's default."},
		{Name: "mock", Shape: ShapeMock, Doc: "A made-up result or error; the action is not called."},
		{Name: "redact", Shape: ShapeTexts, Doc: "Dotted paths that are masked where they are stored or shown: with.password, result.token, or token (of the result)."},
	},
}

var transitionKeys = Place{
	Name: "transition",
	Doc:  "One way on from a task, taken when its condition holds.",
	Keys: []Key{
		{Name: "when", Shape: ShapeExpression, Default: "always", Doc: "The condition, over result, error, succeeded, failed, timed_out and everything a task sees. Without it the transition always holds, also after failure."},
		{Name: "publish", Shape: ShapeValues, Doc: "Values for what comes after, read as ctx.<name>; each sees the ones before."},
		{Name: "do", Shape: ShapeTargets, Doc: "The tasks that follow, or the words noop (the failure is handled) and fail (fail the run). Without it the branch ends."},
		{Name: "label", Shape: ShapeText, Doc: "A word for the drawn graph."},
	},
}

var forEachKeys = Place{
	Name: "for_each",
	Doc:  "Repeats a task for each item. In `with`, the item is read by its name and its position as index.",
	Keys: []Key{
		{Name: "items", Shape: ShapeValue, Required: true, Doc: "A list, or a map (its items are {key, value}, by key)."},
		{Name: "as", Shape: ShapeText, Default: "item", Doc: "The name of the item in expressions."},
		{Name: "concurrency", Shape: ShapeValue, Default: "10", Doc: "How many items run at a time: a whole number or an expression."},
		{Name: "on_error", Shape: ShapeText, Words: []string{"fail", "continue"}, Default: "fail", Doc: "fail: start no more items and fail; continue: the task succeeds, failed items are in the result."},
	},
}

var retryKeys = Place{
	Name: "retry",
	Doc:  "Repeats failed attempts. Without `when`: errors that may pass (network, 408, 429, 5xx, time-out).",
	Keys: []Key{
		{Name: "attempts", Shape: ShapeWhole, Default: "3", Doc: "How many attempts there may be, the first one counted."},
		{Name: "delay", Shape: ShapeDuration, Default: "1s", Doc: "The wait before the second attempt."},
		{Name: "backoff", Shape: ShapeNumber, Default: "2", Doc: "What each further wait is multiplied by."},
		{Name: "max_delay", Shape: ShapeDuration, Default: "1m", Doc: "The longest wait."},
		{Name: "jitter", Shape: ShapeFlag, Default: "true", Doc: "Waits vary a little, so that many runs do not repeat at the same moment."},
		{Name: "when", Shape: ShapeExpression, Doc: "Replaces the choice of what is repeated; sees error, result and attempt. A write whose outcome is unknown is never repeated unless that is safe."},
	},
}

var mockKeys = Place{
	Name: "mock",
	Doc:  "What the task gives instead of calling its action: one of the two.",
	Keys: []Key{
		{Name: "result", Shape: ShapeValue, Doc: "The task succeeds with this result."},
		{Name: "error", Shape: ShapeValue, Doc: "The task fails with this {code, message}."},
	},
}

var mockErrorKeys = Place{
	Name: "mock error",
	Doc:  "The failure of a mocked task.",
	Keys: []Key{
		{Name: "code", Shape: ShapeText, Required: true, Doc: "The error's code, such as not_found."},
		{Name: "message", Shape: ShapeText, Default: "mocked failure", Doc: "The error's message."},
	},
}

var overrideKeys = Place{
	Name: "integration override",
	Doc:  "Which instance of an integration is used: chosen among those of the MSP, which lends it.",
	Keys: []Key{
		{Name: "use", Shape: ShapeText, Words: []string{"default", "instance", "search", "mapping"}, Doc: "default: the default instance; instance: the one called `name`; search: the one whose name contains `name`; mapping: the one under which the organisation is mapped."},
		{Name: "name", Shape: ShapeText, Doc: "The instance's name, or the text to search for."},
		{Name: "instance", Shape: ShapeText, Doc: "Short for use: instance with this name."},
		{Name: "search", Shape: ShapeText, Doc: "Short for use: search with this text."},
		{Name: "fallback", Shape: ShapeText, Words: []string{"default", "fail_run", "fail_task"}, Default: "fail_task", Doc: "When there is no such instance: take the default one, fail the run, or fail the task."},
	},
}

var concurrencyKeys = Place{
	Name: "concurrency",
	Doc:  "A limit to the runs of a workflow that go side by side: of each organisation, or of each value of key.",
	Keys: []Key{
		{Name: "limit", Shape: ShapeWhole, Default: "1", Doc: "How many may go at a time."},
		{Name: "key", Shape: ShapeValue, Default: "the organisation", Doc: "What runs have in common that count together: a text with ${{ }} over inputs, org and trigger, such as ${{ inputs.ticket_id }}. It alone decides, whatever the organisation."},
		{Name: "when_full", Shape: ShapeText, Words: []string{"queue", "skip", "cancel_running"}, Default: "queue", Doc: "What happens to a run for which there is no room: it waits for its turn, it does not start at all, or the oldest of those that go is cancelled for it."},
	},
}

var callKeys = Place{
	Name: "on_failure",
	Doc:  "The workflow that handles a failed run. An input called failed_run is given the failed run's facts without `with`.",
	Keys: []Key{
		{Name: "workflow", Shape: ShapeWorkflow, Required: true, Doc: "The workflow to run."},
		{Name: "with", Shape: ShapeValues, Doc: "Its inputs, over failed_run {id, workflow, title, status, error, organisation, started_at, finished_at, url}, inputs, vars, org, run and trigger."},
	},
}

var triggerKeys = Place{
	Name: "trigger",
	Doc:  "What starts the workflow. Each type adds keys of its own.",
	Keys: []Key{
		{Name: "name", Shape: ShapeText, Doc: "What people call it; unlike the others of the file.", Default: "its type"},
		{Name: "type", Shape: ShapeText, Required: true, Doc: "What kind of event starts runs."},
		{Name: "enabled", Shape: ShapeFlag, Default: "true", Doc: "A trigger that is not enabled starts nothing."},
		{Name: "when", Shape: ShapeExpression, Default: "always", Doc: "Which events start a run: an expression over the event and org."},
		{Name: "inputs", Shape: ShapeValues, Doc: "The run's inputs, made from the event."},
		{Name: "vars", Shape: ShapeValues, Doc: "Values that replace those of the workflow's vars for runs of this trigger."},
		{Name: "run_for", Shape: ShapeRunFor, Default: "{this: true}", Doc: "The organisations for which runs are started."},
		{Name: "integrations", Shape: ShapeOverrides, Doc: "Which instance of each integration these runs use."},
	},
}

var runForKeys = Place{
	Name: "run_for",
	Doc:  "The organisations for which a trigger starts runs; what is written adds up.",
	Keys: []Key{
		{Name: "this", Shape: ShapeFlag, Default: "true when run_for is absent, else false", Doc: "The organisation that owns the workflow."},
		{Name: "organisations", Shape: ShapeTexts, Doc: "These organisations, by slug."},
		{Name: "all_managed", Shape: ShapeFlag, Default: "false", Doc: "All organisations below the owner, now and in future."},
		{Name: "tags", Shape: ShapeTexts, Doc: "The organisations that carry one of these tags."},
	},
}

// foreign are words of other engines and of other places, with what to write here; those of one place
// have its name before them.
var foreign = map[string]string{
	"workflow.input":     "write inputs",
	"workflow.output":    "write outputs",
	"workflow.name":      "write title; a workflow's id is its path below workflows/",
	"workflow.variables": "write vars",
	"workflow.steps":     "write tasks",
	"workflow.on_error":  "write on_failure",
	"workflow.version":   "remove it: versions are made of the file's content",
	"task.if":            "write when, in next of the task that comes before",
	"task.when":          "write it in next of the task that comes before",
	"task.publish":       "write it in next: [{publish: {…}, do: …}]",
	"task.do":            "write next",
	"task.then":          "write next",
	"task.name":          "write title; a task's name is its key",
	"task.input":         "write with",
	"task.inputs":        "write with",
	"task.on_error":      "write next: [{when: failed, do: …}]",
	"task.on_failure":    "write next: [{when: failed, do: …}]",
	"task.delay":         "use a task with the action core.delay, or retry's delay",
	"task.concurrency":   "write it in for_each",
	"transition.if":      "write when",
	"transition.then":    "write do",
	"transition.next":    "write do",
	"retry.count":        "write attempts; the first one counts",
	"retry.times":        "write attempts; the first one counts",
	"args":               "write with",
	"params":             "write with",
	"parameters":         "write with",
	"depends_on":         "write next in the task that comes before",
	"needs":              "write next in the task that comes before",
	"with_items":         "write for_each",
	"loop":               "write for_each",
	"retries":            "write retry",
	"on_success":         "write next: NAME",
	"on_complete":        "write next with an entry without when",
	"publish_result_as":  "write next: [{publish: {NAME: \"${{ result }}\"}}]",
	"run_as":             "write org",
}
