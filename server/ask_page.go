package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/source"
	"gantry/triggers/webhook"
)

// askPage is the page behind the link of a question.
type askPage struct {
	Title, Heading, Problem string
	Lines                   []string
	Facts                   []actions.Detail
	Asked                   string // proves that the form was made for this very question
	Inputs                  []askInput
	By                      string
	Buttons                 []actions.Button // none: nothing can be answered
	Footer                  string
}

// waits answers at the addresses of tasks that wait: a page for people, a webhook for other systems. Addresses that
// there are not all get the same answer.
func (s *Server) waits(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	linked, err := s.engine.Linked(r.Context(), r.URL.EscapedPath())
	switch {
	case err != nil && fault.From(err).Code == fault.Missing:
		nothingHere(w)
	case err != nil:
		s.o.Log.Error("the address of a task that waits cannot be looked up", "error", fault.From(err).Error())
		notYet(w)
	case linked.Task.Waits() == actions.ForWebhook:
		token := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), engine.LinkPath), "/")[2]
		s.hooks.ServeWait(w, r, webhook.Wait{Linked: linked, Token: token, Deliver: s.engine.Deliver})
	default:
		(&asking{server: s, linked: linked, w: w, r: r}).serve()
	}
}

func notYet(w http.ResponseWriter) {
	askPage{Title: "Try again later", Heading: "This cannot be shown at the moment", Lines: []string{"Try again in a few minutes."}}.write(w, http.StatusServiceUnavailable)
}

func nothingHere(w http.ResponseWriter) {
	askPage{Title: "Nothing here", Heading: "There is nothing here", Lines: []string{"The link is not complete, or it is wrong. Copy it whole from the message that you got."}}.write(w, http.StatusNotFound)
}

// asking is one request at the page of a question.
type asking struct {
	server *Server
	linked *engine.Linked
	w      http.ResponseWriter
	r      *http.Request

	wait     *history.Wait
	question *actions.Question
}

// serve shows the page. Only a POST of its form answers: whoever follows links to look at them answers nothing.
func (a *asking) serve() {
	if err := a.find(a.r.Context()); err != nil {
		a.fail(err)
		return
	}
	switch {
	case a.question == nil:
		a.closed("")
	case !a.question.Who.Link:
		nothingHere(a.w)
	case a.r.Method == http.MethodGet || a.r.Method == http.MethodHead:
		a.open(filled{}).write(a.w, http.StatusOK)
	case a.r.Method == http.MethodPost:
		a.answer()
	default:
		a.w.Header().Set("Allow", "GET, HEAD, POST")
		askPage{Title: "Not so", Heading: "This page cannot be used so"}.write(a.w, http.StatusMethodNotAllowed)
	}
}

// find finds the open question that the address leads to; of several at once the one that asked first.
func (a *asking) find(ctx context.Context) error {
	a.wait, a.question = nil, nil
	waits, err := a.server.data.History.Waits(ctx, history.WaitFilter{Kind: actions.ForAnswer, Run: a.linked.Run.ID, Task: a.linked.Task.Name, Item: &a.linked.Item, Limit: 1})
	if err != nil || len(waits) == 0 {
		return err
	}
	a.wait = &waits[0]
	a.question, err = actions.ReadQuestion(a.wait.Asks)
	return err
}

func (a *asking) fail(err error) {
	a.server.o.Log.Error("a question cannot be shown or answered", "run", a.linked.Run.ID, "task", a.linked.Task.Name, "error", fault.From(err).Error())
	askPage{Title: "Try again later", Heading: "This cannot be done at the moment", Lines: []string{"Nothing was answered. Try again in a few minutes."}}.write(a.w, http.StatusServiceUnavailable)
}

// open is the page of an open question.
func (a *asking) open(given filled) askPage {
	q := a.question
	p := askPage{Title: source.OneLine(q.Text), Heading: q.Text, Asked: a.asked(), Inputs: inputsOf(q, given), By: given.by, Buttons: q.Buttons, Footer: a.footer()}
	for _, d := range q.Details {
		if d.Name == "" {
			p.Lines = append(p.Lines, d.Text)
		} else {
			p.Facts = append(p.Facts, d)
		}
	}
	return p
}

// footer says who asks, and until when.
func (a *asking) footer() string {
	name := a.linked.Run.Organisation
	if org, err := a.server.data.Orgs.ByID(a.r.Context(), a.linked.Run.OrganisationID); err == nil {
		name = org.Name
	}
	text := "Asked by the workflow " + a.linked.Run.Workflow + " for " + name + "."
	if !a.wait.Until.IsZero() {
		text += " It can be answered until " + moment(a.wait.Until) + "."
	}
	return text
}

func moment(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006 15:04") + " UTC" }

// asked is a proof that a form was made for this question as it is asked now: one that is asked anew needs a new form.
func (a *asking) asked() string {
	return a.server.engine.AskedProof(*a.wait)
}

// closed says what became of a question that is not open.
func (a *asking) closed(problem string) {
	link, known := linkWritten(a.linked.Task)
	if known && !link {
		nothingHere(a.w)
		return
	}
	p := askPage{Title: "Not open", Heading: "This question is not open any more", Problem: problem, Lines: []string{"Nothing can be answered here."}}
	detail, err := a.server.data.History.Show(a.r.Context(), a.linked.Run.ID)
	if err != nil {
		a.fail(err)
		return
	}
	end := endOf(detail, a.linked)
	switch {
	case end.status == "" && !detail.Status.Ended():
		p.Title, p.Heading, p.Lines = "Not asked yet", "This has not been asked yet", []string{"Come back to this page later."}
		p.write(a.w, http.StatusOK)
		return
	case end.status == flow.Succeeded:
		p.Title, p.Heading = "Answered", "This has been answered"
		if known { // else the answer may be one that only those who are signed in may see
			p.Lines, p.Facts = nil, end.facts(a.linked.Task)
		}
		if problem != "" { // who presses a button twice has given the other one, too
			p.Problem = "Another answer, perhaps your own, came first and counts."
		}
	case end.status == flow.TimedOut:
		p.Lines = []string{"Its time was up before anybody answered."}
	}
	p.write(a.w, http.StatusGone)
}
