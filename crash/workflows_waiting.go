package main

import (
	"fmt"
	"math/rand/v2"
)

// others are the workflows, beside the random ones, that are asked for now and then.
var others = []string{"big", "narrow", "breaks", "calls", "asks", "waits", "looks", "loses", "mends", "goes"}

// bin is the organisation whose runs are removed as soon as they have ended.
const bin = "bin"

const takesNumber = "inputs: {n: {type: integer, required: true}}\n"

// waiting gives workflows that wait for people and other systems, whose lost writes are looked for, and that end badly
// and can go on.
func waiting(rng *rand.Rand, url string, seed uint64) map[string]string {
	write := "  write:\n    " + request(url, "POST", "how=ok", "write", "") + "\n"
	return map[string]string{
		"asks": takesNumber + "tasks:\n  ask:\n    action: core.ask\n    with: {question: 'Shall ${{ string(inputs.n) }} go on?', buttons: [{value: 'yes', label: Go on}], fields: {amount: {type: integer, required: true}}}\n" +
			"    next: [{when: succeeded, publish: {button: '${{ result.button }}'}, do: write}]\n" + write + "outputs: {n: '${{ inputs.n }}', button: '${{ ctx.?button }}'}\n",
		"waits": takesNumber + "tasks:\n  ring:\n    " + fmt.Sprintf("action: core.http_request\n    with: {method: PUT, url: '%s/do?how=ok&slow=%d&house=%d', headers: {X-Run: '${{ run.id }}', X-Task: ring, X-Link: '${{ run.links.wait }}'}}\n", url, 40*rng.IntN(3), seed) +
			"    next: pause\n  pause: {action: core.delay, with: {duration: '${{ inputs.n % 2 == 0 ? \"1ms\" : \"200ms\" }}'}, next: wait}\n" +
			"  wait:\n    action: core.wait_for_webhook\n    with: {verify: none}\n    next: [{when: succeeded, publish: {got: '${{ result.body.v }}'}, do: write}]\n" + write + "outputs: {n: '${{ inputs.n }}', got: '${{ ctx.?got }}'}\n",
		"looks": takesNumber + "tasks:\n  fine:\n    " + put("fine", "ok") + "\n  done:\n    " + put("done", "cut") + "\n    next: more\n  lost:\n    " + put("lost", "lost") +
			"\n    retry: {attempts: 3, delay: 5ms, backoff: 1, jitter: false}\n  more:\n    " + put("more", "500") + "\noutputs: {n: '${{ inputs.n }}'}\n",
		"loses": takesNumber + "tasks:\n  first:\n    " + request(url, "POST", "how=ok", "first", "") + "\n    next: lose\n  lose:\n    " + request(url, "POST", "how=cut", "lose", "") + "\n    next: write\n" + write +
			"outputs: {n: '${{ inputs.n }}'}\n",
		"mends": mends(url, false),
		"goes": takesNumber + "tasks:\n  fetch:\n    for_each: {items: '${{ [1,2,3,4,5,6,7,8,9,10] }}', as: part, concurrency: 4}\n    " + request(url, "GET", "how=ok&size=280000", "fetch", "${{ string(index) }}") +
			"\noutputs: {n: '${{ inputs.n }}'}\n",
	}
}

// mends is a workflow whose runs fail where it does not work, and go on with the same when it does.
func mends(url string, works bool) string {
	how := "how=404"
	if works {
		how = "how=ok"
	}
	return takesNumber + "tasks:\n  first:\n    " + request(url, "POST", "how=ok", "first", "") + "\n    next: second\n  second:\n    " + request(url, "PUT", how, "second", "") +
		"\n    next: write\n  write:\n    " + request(url, "POST", "how=ok", "write", "") + "\noutputs: {n: '${{ inputs.n }}'}\n"
}

// put is the keys of a task whose write is looked for where its answer is lost.
func put(task, how string) string {
	return fmt.Sprintf("action: box.put\n    with: {run: '${{ run.id }}', task: %s, key: '${{ run.id }}-%s', how: '%s'}", task, task, how)
}

// integration gives the files of the integration box, by path: what is new at the target, and things to be put there.
func integration(url string, seed uint64) map[string]string {
	return map[string]string{
		"actions/box/integration.yaml": fmt.Sprintf("title: Box\ndescription: What is new at the target.\nbase_url: %s/box/%d\nauth: {type: none}\n", url, seed),
		"actions/box/things.yaml": `types:
  Thing: {type: object, fields: {id: {type: integer, required: true, description: Its number.}, key: {type: string, description: Its key.}}}
actions:
  put:
    title: Put Thing
    description: Puts a thing into the box.
    effect: write
    inputs:
      run: {type: string, required: true, description: Who sends it.}
      task: {type: string, required: true, description: Which task.}
      key: {type: string, required: true, description: What no other thing has.}
      how: {type: string, required: true, description: What the box makes of it.}
    request: {method: POST, path: /things, pass: body}
    result: box.Thing
    verify:
      after: 20ms
      action: box.find
      with: {key: "${{ inputs.key }}"}
      found: result.filter(i, i.key == inputs.key)
  find:
    title: Find Things
    description: Gives the things of a key.
    effect: read
    inputs: {key: {type: string, required: true, description: What is looked for.}}
    request: {method: GET, path: /things, pass: query}
    result: {type: list of box.Thing, from: [list]}
`,
		"actions/box/entities.yaml": `types:
  Entity: {type: object, fields: {id: {type: integer, required: true, description: Its number.}}}
actions:
  list:
    title: List Entities
    description: Gives what is new.
    effect: read
    inputs: {after: {type: integer, description: Only those behind this number.}}
    request: {method: GET, path: /new, pass: query}
    result: {type: list of box.Entity, from: [list]}
polls:
  new:
    title: New Entity
    description: An entity that is new.
    action: box.list
    with: {after: "${{ cursor }}"}
    key: id
    cursor: id
    every: 5s
`,
	}
}
