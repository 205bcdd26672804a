package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gantry/actions"
	"gantry/api"
	"gantry/engine"
	"gantry/fault"
	"gantry/source"
)

// askTries is how often it is looked for a question that a run is about to wait for: it may not be on disk yet.
const (
	askTries = 20
	askPause = 100 * time.Millisecond
)

// lookForAsks finds out which runs of the updates begin to wait for an answer, and says how it is given.
func (w *watching) lookForAsks(ctx context.Context, updates []engine.Update) {
	for _, u := range updates {
		for _, s := range u.Changed {
			key := fmt.Sprintf("%s/%d", u.Run, s.ID)
			switch {
			case s.Awaits != actions.ForAnswer:
				delete(w.asksSaid, key)
			case !w.asksSaid[key]:
				w.asksSaid[key] = true
				w.beAnswerable(ctx)
				go w.sayAsk(ctx, u.Run, s.Name)
			}
		}
	}
}

// sayAsk says what a task asks.
func (w *watching) sayAsk(ctx context.Context, run, task string) {
	for range askTries {
		ask, err := api.ShowAsk.Call(ctx, w.app.client, &api.ShowAskIn{OfAsk: api.OfAsk{OfRunIn: api.OfRunIn{Run: run}, Task: task}})
		if err == nil {
			w.note(ctx, w.app.askText(&ask.Body))
			return
		}
		if fault.From(err).Code == fault.Usage {
			w.note(ctx, fmt.Sprintf("%s asks several things: `%s` shows them.", task, w.app.command("asks list --run "+shortID(run))))
			return
		}
		select {
		case <-time.After(askPause):
		case <-ctx.Done():
			return
		}
	}
}

func (w *watching) note(ctx context.Context, text string) {
	select {
	case w.notes <- text:
	case <-ctx.Done():
	}
}

// askText is a question as somebody is told who watches its run.
func (a *App) askText(ask *api.AskDetail) string {
	values := make([]string, len(ask.Buttons))
	for i, b := range ask.Buttons {
		values[i] = b.Value
	}
	text := fmt.Sprintf("%s asks: %s (%s). Answer from elsewhere: `%s`", source.OneLine(ask.Task), source.OneLine(ask.Question), source.OneLine(strings.Join(values, ", ")),
		a.command(answerWords(ask, ask.Buttons[0])))
	if strings.Contains(ask.Link, "://") {
		text += ", or " + ask.Link
	}
	return text
}

// beAnswerable lets other commands look at this process's runs and answer what they ask, over the socket of the data
// directory, which is this process's as long as it runs. Nothing else can be done there: what it began would end with
// this process.
func (w *watching) beAnswerable(ctx context.Context) {
	if w.app.served() || w.app.data == nil || w.answering != nil {
		return
	}
	house := w.app.house(Writing)
	house.RotateAddress = nil
	if _, err := w.app.triggers(ctx); err != nil { // what opens when it is first asked for is open before several ask
		return
	}
	listener, err := api.Listen(w.app.data.Dir)
	if err != nil {
		w.view.say("Other commands cannot answer: " + fault.From(err).Message)
		return
	}
	serve := api.New(house).Handler()
	w.answering = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/asks/") {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(http.StatusConflict)
			_, _ = rw.Write([]byte(`{"code":"locked","message":"another gantry runs a workflow with this data and waits for an answer","hint":"answer it (gantry asks list), or end it there with Ctrl-C"}`))
			return
		}
		serve.ServeHTTP(rw, r.WithContext(api.WithCaller(r.Context(), localCaller())))
	})}
	go func(server *http.Server) { _ = server.Serve(listener) }(w.answering)
}

// stopAnswering ends what beAnswerable began. An answer that is under way is given first.
func (w *watching) stopAnswering() {
	if w.answering == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if w.answering.Shutdown(ctx) != nil {
		_ = w.answering.Close()
	}
}

// openAsks writes the questions that a run waits for, with the commands that answer them.
func (s *runShow) openAsks(ctx context.Context, run string) {
	out, err := api.ListAsks.Call(ctx, s.app.client, &api.ListAsksIn{Run: run, Limit: 10})
	if err != nil || len(out.Body.Asks) == 0 {
		return // a server of before cannot tell
	}
	fmt.Fprintf(s.out, "\n%s\n", s.style.bold("Waits for an answer"))
	for _, ask := range out.Body.Asks {
		fmt.Fprintf(s.out, "  %s  %s\n", source.OneLine(askName(ask)), source.OneLine(ask.Question))
		detail := &api.AskDetail{Ask: ask}
		fmt.Fprintf(s.out, "    %s\n", s.app.command(answerWords(detail, api.AskButton{Value: "BUTTON"})))
	}
}
