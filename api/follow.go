package api

import (
	"bufio"
	"cmp"
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
// connection breaks it begins again by itself after the last event it got, until the server has been away for a
// minute; Client.Lost is told of that. In memory nothing is tried again.
func (s Stream[I, E]) Follow(ctx context.Context, c *Client, in *I, last int) iter.Seq2[Sent[E], error] {
	return func(yield func(Sent[E], error) bool) {
		f := following[E]{client: c, last: last, yield: yield}
		for {
			f.connected = time.Now()
			ended, err := f.once(ctx, func(ctx context.Context) (*http.Request, error) { return newRequest(ctx, http.MethodGet, s.Path, in) })
			switch {
			case ended:
				return
			case ctx.Err() != nil:
				err = ctx.Err()
			case f.begun && !c.inProcess && lost(err):
				if err = f.again(ctx, err); err == nil {
					continue
				}
			}
			yield(Sent[E]{}, err)
			return
		}
	}
}

const (
	patienceWithServer = time.Minute      // how long a server that was lost is tried again
	steady             = 10 * time.Second // how long a connection lasts whose break is a new one, and not still the one before
	silence            = time.Minute      // after which a server counts as lost that does not even say that it is there
)

// again waits before the server is asked again. Its error is the cause, of a server that has been away for too long.
func (f *following[E]) again(ctx context.Context, cause error) error {
	if f.lostAt.IsZero() || time.Since(f.connected) >= steady {
		f.lostAt, f.fails = time.Now(), 0
	}
	if time.Since(f.lostAt) >= patienceWithServer {
		return cause
	}
	if !f.away {
		f.away = true
		f.client.tellLost(cause)
	}
	pause := min(time.Second<<min(f.fails, 3), 8*time.Second)
	f.fails++
	return f.client.wait(ctx, pause)
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

	connected time.Time // when it was asked last
	lostAt    time.Time // since when it is lost; as long as connections break at once, since the first
	fails     int       // since then
	away      bool      // and the client has been told
}

var errSilent = errors.New("it says nothing any more")

// once reads the stream until it ends, or breaks with an error. ended tells that there is nothing more to do.
func (f *following[E]) once(whole context.Context, request func(context.Context) (*http.Request, error)) (ended bool, err error) {
	ctx, cancel := context.WithCancelCause(whole)
	defer cancel(nil)
	r, err := request(ctx)
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
	quiet := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer quiet.Stop()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, maxEvent)
	var e event
	for lines.Scan() {
		quiet.Reset(silence)
		if line := lines.Text(); line != "" {
			e.take(line)
			continue
		}
		if ended, err := f.tell(e); ended || err != nil {
			return ended, err
		}
		e = event{}
	}
	return false, f.client.unreachable(whole, cmp.Or(context.Cause(ctx), lines.Err(), io.ErrUnexpectedEOF))
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

// tell hands an event on, and tells whether it was the last one. The error is of a server that ends, and may come back.
func (f *following[E]) tell(e event) (ended bool, err error) {
	switch {
	case e.name == "end":
		return true, nil
	case e.name == "error":
		var failed Error
		if err := decode([]byte(e.data.String()), &failed); err != nil {
			f.yield(Sent[E]{}, unreadable(err))
			return true, nil
		}
		if failed.Code == fault.Interrupted {
			return false, failed.asError(nil)
		}
		f.yield(Sent[E]{}, failed.asError(nil))
		return true, nil
	case !e.has:
		return false, nil
	}
	var sent Sent[E]
	if err := decode([]byte(e.data.String()), &sent.Data); err != nil {
		f.yield(sent, unreadable(err))
		return true, nil
	}
	if f.away {
		f.away = false
		f.client.tellLost(nil)
	}
	sent.Seq, _ = strconv.Atoi(e.id)
	f.last = max(f.last, sent.Seq)
	return !f.yield(sent, nil), nil
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.BadResponse, "the server's answer cannot be read: %s", err)
}
