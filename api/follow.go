package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gantry/fault"
)

// maxEvent bounds one event, in bytes.
const maxEvent = 16 << 20

// Follow reads the stream after the event with the number last (0: from the beginning) until it ends. Where the
// connection breaks it begins again by itself after the last event it got, for as long as ctx lasts.
func (s Stream[I, E]) Follow(ctx context.Context, c *Client, in *I, last int) iter.Seq2[Sent[E], error] {
	return func(yield func(Sent[E], error) bool) {
		f := following[E]{client: c, last: last, yield: yield}
		for fails := 0; ; fails++ {
			before := f.last
			ended, err := f.once(ctx, func() (*http.Request, error) { return newRequest(ctx, http.MethodGet, s.Path, in) })
			switch {
			case ended:
				return
			case ctx.Err() != nil:
				yield(Sent[E]{}, ctx.Err())
				return
			case err != nil && (!lost(err) || !f.begun):
				yield(Sent[E]{}, err)
				return
			}
			if f.last > before {
				fails = 0
			}
			if c.wait(ctx, min(time.Second<<min(fails, 4), 15*time.Second)) != nil {
				yield(Sent[E]{}, ctx.Err())
				return
			}
		}
	}
}

// lost tells whether the connection is to blame, or a server that starts anew, rather than the request.
func lost(err error) bool {
	switch fault.From(err).Code {
	case fault.Network, fault.BadResponse, fault.Interrupted, fault.Locked:
		return true
	}
	return false
}

type following[E any] struct {
	client *Client
	last   int
	begun  bool // the server has answered once
	yield  func(Sent[E], error) bool
}

// once reads the stream until it ends or breaks. ended tells that there is nothing more to do.
func (f *following[E]) once(ctx context.Context, request func() (*http.Request, error)) (ended bool, err error) {
	r, err := request()
	if err != nil {
		f.yield(Sent[E]{}, err)
		return true, nil
	}
	if f.last > 0 {
		r.Header.Set(lastEventID, strconv.Itoa(f.last))
	}
	r.Header.Set("Accept", "text/event-stream")
	resp, err := f.client.do(r)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	f.begun = true
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, maxEvent)
	var e event
	for lines.Scan() {
		if line := lines.Text(); line != "" {
			e.take(line)
			continue
		}
		if f.tell(e) {
			return true, nil
		}
		e = event{}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, f.client.unreachable(ctx, err)
	}
	return false, nil
}

// event is one event as it is sent.
type event struct {
	id, name string
	data     strings.Builder
	has      bool
}

func (e *event) take(line string) {
	field, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch field {
	case "id":
		e.id = value
	case "event":
		e.name = value
	case "data":
		if e.has {
			e.data.WriteByte('\n')
		}
		e.has = true
		e.data.WriteString(value)
	}
}

// tell hands an event on, and tells whether it was the last one.
func (f *following[E]) tell(e event) (ended bool) {
	switch {
	case e.name == "end":
		return true
	case e.name == "error":
		var failed Error
		if err := decode([]byte(e.data.String()), &failed); err != nil {
			f.yield(Sent[E]{}, fault.Wrap(err, fault.BadResponse, "the server's answer cannot be read: %s", err))
			return true
		}
		f.yield(Sent[E]{}, failed.asError(nil))
		return true
	case !e.has:
		return false
	}
	var sent Sent[E]
	if err := decode([]byte(e.data.String()), &sent.Data); err != nil {
		f.yield(sent, fault.Wrap(err, fault.BadResponse, "the server's answer cannot be read: %s", err))
		return true
	}
	sent.Seq, _ = strconv.Atoi(e.id)
	f.last = max(f.last, sent.Seq)
	return !f.yield(sent, nil)
}
