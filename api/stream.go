package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gantry/fault"
)

// Stream is an operation whose answer is a stream of server-sent events. Each has an id, and who reads again with
// the header Last-Event-ID gets what comes after it. The last one has the name `end`; one called `error` has a
// fault and ends the stream, too. Comments between them say that the stream is alive.
type Stream[I, E any] struct {
	ID          string
	Path        string
	Tag         string
	Summary     string
	Description string
	Policy      Policy
}

// Sent is one event and its number.
type Sent[E any] struct {
	Seq  int
	Data E
}

type streamed struct{ Body writesItself }

func (s Stream[I, E]) operation() Operation[I, streamed] {
	return Operation[I, streamed]{ID: s.ID, Method: http.MethodGet, Path: s.Path, Tag: s.Tag, Summary: s.Summary, Description: s.Description, Policy: s.Policy}
}

// serve makes the stream part of an API. open gives the events after a number; it ends when the events do, and with
// its context.
func (s Stream[I, E]) serve(a *API, open func(ctx context.Context, in *I, after int) (iter.Seq2[Sent[E], error], error)) {
	d := s.operation().describe()
	d.Streams = true
	d.extend = func(schemas huma.Registry, op *huma.Operation) {
		op.Responses["200"] = &huma.Response{Description: "Server-sent events, the last of which is called end", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: schemas.Schema(reflect.TypeFor[E](), true, s.ID)}}}
		op.Parameters = append(op.Parameters, &huma.Param{Name: lastEventID, In: "header", Description: "The id of the last event that was read; later ones follow",
			Schema: &huma.Schema{Type: huma.TypeInteger}})
	}
	d.call = a.concluded(func(ctx context.Context, in any) (any, error) {
		after, err := requestOf(ctx).after()
		if err != nil {
			return nil, err
		}
		events, err := open(ctx, in.(*I), after)
		if err != nil {
			return nil, err
		}
		return &streamed{Body: func(w http.ResponseWriter, r *http.Request) { writeEvents(w, r, a, events) }}, nil
	})
	a.add(d)
}

const lastEventID = "Last-Event-ID"

// after gives the number of the last event that the client has read.
func (q *request) after() (int, error) {
	if q.lastEvent == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(q.lastEvent)
	if err != nil || n < 0 {
		return 0, fault.New(fault.InvalidInput, "%s is the id of an event, not %q", lastEventID, q.lastEvent)
	}
	return n, nil
}

// writeEvents sends events as they come, and a sign of life whenever none came for a while.
func writeEvents[E any](w http.ResponseWriter, r *http.Request, a *API, events iter.Seq2[Sent[E], error]) {
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // for nginx, which would keep events back
	w.WriteHeader(http.StatusOK)
	holds := &standing{request: requestOf(ctx), checked: time.Now()}
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	if !out.write(": here\n\n") {
		return
	}
	texts := make(chan string)
	go func() {
		defer close(texts)
		eventTexts(ctx, a, events, texts)
	}()
	beat := time.NewTicker(a.house.Heartbeat)
	defer beat.Stop()
	for {
		text, more := ": still here\n\n", true
		select {
		case text, more = <-texts:
		case <-beat.C:
		case <-ctx.Done():
			return
		}
		if err := holds.check(ctx); err != nil {
			out.write(errorEvent(a.problem(ctx, err)))
			return
		}
		if !more || !out.write(text) {
			return
		}
		beat.Reset(a.house.Heartbeat)
	}
}

// standing tells whether the caller of a stream may still read it: whoever is kept out, or loses the role, meanwhile
// reads no more.
type standing struct {
	request *request
	checked time.Time
}

// checkEvery bounds how often a stream that has much to tell asks whether it may.
const checkEvery = time.Second

// check refuses what the caller may not read any more. It looks at the caller, the role and the place in the tree as
// they are by now.
func (s *standing) check(ctx context.Context) error {
	q := s.request
	if q.api.house.Access == nil || time.Since(s.checked) < checkEvery {
		return nil
	}
	caller, err := q.api.house.Access().Refresh(ctx, q.caller)
	if err != nil {
		return err
	}
	now := &request{api: q.api, op: q.op, vars: q.vars, caller: caller}
	s.checked = time.Now()
	return now.admit(ctx, q.op.Policy)
}

func eventTexts[E any](ctx context.Context, a *API, events iter.Seq2[Sent[E], error], texts chan<- string) {
	put := func(text string) bool {
		select {
		case texts <- text:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for e, err := range events {
		text := ""
		var data []byte
		if err == nil {
			if data, err = json.Marshal(e.Data); err != nil {
				err = fault.Wrap(err, fault.Internal, "an event cannot be written: %s", err)
			}
			text = "id: " + strconv.Itoa(e.Seq) + "\ndata: " + string(data) + "\n\n"
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			put(errorEvent(a.problem(ctx, err)))
			return
		}
		if !put(text) {
			return
		}
	}
	put("event: end\ndata: {}\n\n")
}

// errorEvent is the last event of a stream that fails.
func errorEvent(e *Error) string {
	data, _ := json.Marshal(e) // strings, and detail that was JSON
	return "event: error\ndata: " + string(data) + "\n\n"
}

// eventWriter writes to a client that may have gone, or have stopped reading.
type eventWriter struct {
	w       io.Writer
	control *http.ResponseController
}

// patience is how long a client may take to read an event.
const patience = 10 * time.Second

func (e *eventWriter) write(text string) bool {
	_ = e.control.SetWriteDeadline(time.Now().Add(patience)) // in memory there is none
	if _, err := fmt.Fprint(e.w, text); err != nil {
		return false
	}
	return e.control.Flush() == nil
}
