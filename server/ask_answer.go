package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Bounds of what a form may send.
const (
	maxAnswer = 512 << 10 // bytes
	maxName   = 80        // characters
)

// filled is a form as somebody filled it in.
type filled struct {
	values map[string][]string // by field; nil: nothing was filled in yet
	by     string
	wrong  map[string]string // what is the matter, by field
}

// fieldPrefix keeps the names of fields apart from those of the page itself.
const fieldPrefix = "f."

// Who answered, as the run keeps it, where that was by the link.
const (
	byLink   = "link"
	byLinkAs = "link: " // and a name, which nobody has checked
)

// answer takes the form.
func (a *asking) answer() {
	if a.r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		askPage{Title: "Not so", Heading: "Nothing was answered", Lines: []string{"Another site made this browser send the answer. Open the link itself and answer there."}}.write(a.w, http.StatusForbidden)
		return
	}
	if kind, _, err := mime.ParseMediaType(a.r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		p := a.open(filled{})
		p.Problem = "What was sent is not the form of this page."
		p.write(a.w, http.StatusUnsupportedMediaType)
		return
	}
	a.r.Body = http.MaxBytesReader(a.w, a.r.Body, maxAnswer)
	if err := a.r.ParseForm(); err != nil {
		status, text := http.StatusBadRequest, "What was sent cannot be read."
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			status, text = http.StatusRequestEntityTooLarge, "What was filled in is too long."
		}
		p := a.open(filled{})
		p.Problem = text
		p.write(a.w, status)
		return
	}
	given := a.readForm()
	if asked := a.asked(); asked == "" || subtle.ConstantTimeCompare([]byte(a.r.PostForm.Get("asked")), []byte(asked)) != 1 {
		a.anew(given)
		return
	}
	result, ok := a.check(&given)
	if !ok {
		p := a.open(given)
		p.Problem = "Something is not filled in right. Nothing was answered yet."
		p.write(a.w, http.StatusUnprocessableEntity)
		return
	}
	a.give(result, given)
}

// anew shows the question again to whoever answered one that was asked before.
func (a *asking) anew(given filled) {
	p := a.open(given)
	p.Problem = "This is asked anew. Look at it once more, and answer again."
	p.write(a.w, http.StatusConflict)
}

// give hands the answer to the run, and shows what became of it.
func (a *asking) give(result map[string]any, given filled) {
	by := byLink
	if given.by != "" {
		by = byLinkAs + given.by
	}
	err := a.server.engine.Answer(context.WithoutCancel(a.r.Context()), engine.Answer{Wait: *a.wait, Result: result, By: by})
	switch {
	case err == nil: // a page that is loaded again asks nothing of the browser
		a.w.Header().Set("Location", path.Base(a.r.URL.EscapedPath())) // relative: a proxy may have a path of its own before it
		a.w.WriteHeader(http.StatusSeeOther)
	case fault.From(err).Code == fault.Conflict:
		if err := a.find(a.r.Context()); err != nil {
			a.fail(err)
		} else if a.question != nil && a.question.Who.Link && a.asked() != a.r.PostForm.Get("asked") {
			a.anew(given)
		} else {
			a.closed("Your answer came too late and does not count.")
		}
	default:
		a.fail(err)
	}
}

func (a *asking) readForm() filled {
	given := filled{values: map[string][]string{}, by: source.OneLine(strings.TrimSpace(strings.ToValidUTF8(a.r.PostForm.Get("by"), "")))}
	if name := []rune(given.by); len(name) > maxName {
		given.by = string(name[:maxName])
	}
	for name, values := range a.r.PostForm {
		if field, ok := strings.CutPrefix(name, fieldPrefix); ok {
			given.values[field] = values
		}
	}
	return given
}

// check gives the answer, or notes what is wrong with it.
func (a *asking) check(given *filled) (result map[string]any, ok bool) {
	given.wrong = map[string]string{}
	texts, lists := map[string]string{}, map[string]any{}
	var garbled []schema.Problem
	for _, f := range a.question.Fields {
		values := given.values[f.Name]
		if slices.ContainsFunc(values, noText) {
			garbled = append(garbled, schema.Problem{Path: f.Name, Message: "has characters that are no text: write it anew"})
		}
		switch {
		case f.Type.Kind == schema.KindBoolean && len(values) == 0: // a box that is not ticked is not sent
			texts[f.Name] = "false"
		case several(f.Type):
			list := make([]any, len(values))
			for i, v := range values {
				list[i] = choiceOf(f.Type.Element(), v)
			}
			lists[f.Name] = list
		case len(values) > 0:
			texts[f.Name] = strings.ReplaceAll(values[0], "\r\n", "\n")
		}
	}
	values, problems := a.question.FromTexts(texts)
	problems = append(problems, garbled...)
	for name, list := range lists {
		values[name] = list
	}
	button := a.r.PostForm.Get("button")
	if skips := slices.ContainsFunc(a.question.Buttons, func(b actions.Button) bool { return b.Value == button && b.SkipsFields }); skips {
		problems = nil
	}
	if len(problems) == 0 {
		var err error
		if result, problems, err = a.question.Answered(button, values); err != nil {
			return nil, false
		}
	}
	for _, p := range problems {
		name, _, _ := strings.Cut(strings.SplitN(p.Path, "[", 2)[0], ".")
		given.wrong[name] = p.Message
	}
	return result, len(problems) == 0
}

// noText tells bytes that are not UTF-8, or hold the character NUL, which no text has.
func noText(value string) bool { return !utf8.ValidString(value) || strings.ContainsRune(value, 0) }

// choiceOf gives the one of a type's values that a text stands for.
func choiceOf(t *schema.Type, text string) any {
	for _, v := range t.Enum {
		if fmt.Sprint(v) == text {
			return v
		}
	}
	return text
}

// linkWritten tells whether the workflow lets whoever has the link answer, as far as it writes that out.
func linkWritten(t *workflow.Task) (link, known bool) {
	if t.With == nil || t.With.Field("who") == nil {
		return false, t.With != nil && len(t.With.Names()) > 0
	}
	who, static := t.With.Field("who").Static()
	if !static {
		return false, false
	}
	m, _ := who.(map[string]any)
	link, _ = m["link"].(bool)
	return link, true
}

// askEnd is how the question of an address ended.
type askEnd struct {
	status flow.Status // "" where it has not been asked, or not ended
	result map[string]any
}

func endOf(d *history.Detail, l *engine.Linked) (end askEnd) {
	for _, t := range d.Tasks {
		if t.Name != l.Task.Name {
			continue
		}
		end = askEnd{}
		if l.Item == flow.NoItem && t.Status.Ended() {
			end.status = t.Status
			end.result, _ = t.Result.(map[string]any)
		}
		if list, ok := t.Result.([]any); ok && l.Item != flow.NoItem && l.Item < len(list) {
			entry, _ := list[l.Item].(map[string]any)
			if status, _ := entry["status"].(string); t.Status.Ended() || status == string(flow.Succeeded) || status == string(flow.TimedOut) {
				end.status = flow.Status(status)
				end.result, _ = entry["result"].(map[string]any)
			}
		}
	}
	return end
}

// facts say what was answered, when and by whom.
func (e askEnd) facts(t *workflow.Task) []actions.Detail {
	text := func(key string) string { s, _ := e.result[key].(string); return s }
	facts := []actions.Detail{{Name: "Answer", Text: labelOf(t, text("button"))}}
	if by := text("by"); by != "" {
		if by != byLink && !strings.HasPrefix(by, byLinkAs) { // who works here by which name is nothing for whoever has the link
			by = "somebody who is signed in"
		}
		facts = append(facts, actions.Detail{Name: "By", Text: by})
	}
	if at, err := time.Parse(time.RFC3339Nano, text("at")); err == nil {
		facts = append(facts, actions.Detail{Name: "At", Text: moment(at)})
	}
	return facts
}

// labelOf gives the label of a button as far as the workflow writes it out, else its value.
func labelOf(t *workflow.Task, button string) string {
	if t.With == nil || t.With.Field("buttons") == nil {
		return button
	}
	buttons, _ := t.With.Field("buttons").Static()
	list, _ := buttons.([]any)
	for _, b := range list {
		if m, ok := b.(map[string]any); ok && m["value"] == button {
			if label, ok := m["label"].(string); ok {
				return label
			}
		}
	}
	return button
}
