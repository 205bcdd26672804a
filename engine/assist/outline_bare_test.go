package assist

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// naming is a workflow whose author names a client wherever words can be written.
const naming = `title: Look after printers
description: "@"
inputs:
  at: {type: string, default: "@", description: "@"}
triggers:
  - {name: "@", type: always_pass, when: "org.slug == '@'", run_for: {organisations: ["@"]}}
tasks:
  look:
    title: "@"
    action: core.set # @
    with: {values: {a: "@", b: "${{ org.slug == '@' }}"}}
    retry: {attempts: 3}
    timeout: 5s
    follow: first
    next:
      - {when: "succeeded && org.slug == '@'", label: "@", publish: {at: "${{ '@' }}"}, do: other}
      - {when: failed, do: fail}
      - do: [done, noop]
  other:
    org: "@"
    for_each: {items: ["@"], as: at}
    workflow: notify/customer
    with: {ticket_id: 1, text: "@"}
    mock: {result: {sent: true, mails: 1}}
    next: done
  done:
    join: any
    action: core.noop
outputs: {at: "@"}
`

// TestBare: the graph is all there, and not one word of the text but names.
func TestBare(t *testing.T) {
	whole := newAssistant(t).Outline("w", strings.ReplaceAll(naming, "@", "Kestrel"))
	bare := whole.Bare()
	told, err := json.Marshal(bare)
	if err != nil || strings.Contains(strings.ToLower(string(told)), "kestrel") {
		t.Errorf("%s %v", told, err)
	}
	for i, task := range bare.Tasks {
		of := whole.Tasks[i]
		of.Title, of.Org, of.Line, of.Column, of.EndLine = "", "", 0, 0, 0
		if of.ForEach != "" {
			of.ForEach = "item"
		}
		if diff := cmp.Diff(of, task); diff != "" {
			t.Error(diff)
		}
	}
	for i, way := range bare.Transitions {
		of := whole.Transitions[i]
		of.Label, of.When, of.Publish, of.Line, of.EndLine = "", "", []string{}, 0, 0
		if diff := cmp.Diff(of, way); diff != "" {
			t.Error(diff)
		}
	}
	if len(bare.Tasks) != 3 || len(bare.Transitions) != 4 || bare.Title != "Look after printers" || len(bare.Inputs)+len(bare.Triggers) != 0 {
		t.Errorf("%s", told)
	}
	if bare = (*Outline)(nil).Bare(); bare != nil {
		t.Error(bare)
	}
}

// TestBareKnowsAllFields: whoever adds a field to tasks or transitions decides here whether people of clients see it.
func TestBareKnowsAllFields(t *testing.T) {
	seen := func(of any) (names []string) {
		v := reflect.ValueOf(of)
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() && (f.Kind() != reflect.Slice || f.Len() > 0) {
				names = append(names, v.Type().Field(i).Name)
			}
		}
		return names
	}
	o := &Outline{Tasks: make([]Task, 1), Transitions: make([]Transition, 1)}
	fill(reflect.ValueOf(&o.Tasks[0]).Elem())
	fill(reflect.ValueOf(&o.Transitions[0]).Elem())
	bare := o.Bare()
	task := []string{"Name", "Action", "Workflow", "Join", "Inbound", "Start", "ForEach", "Retry", "Follow", "Timeout", "Mocked", "Effect"}
	if diff := cmp.Diff(task, seen(bare.Tasks[0])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"From", "Index", "Kind", "To"}, seen(bare.Transitions[0])); diff != "" {
		t.Error(diff)
	}
}

// fill sets each field of a struct to something.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int:
			f.SetInt(1)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		default:
			panic(f.Type())
		}
	}
}
