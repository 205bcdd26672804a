package api

import (
	"io"
	"net/http"
	"net/url"
	"sync"

	"gantry/access"
)

// InMemory gives a client of an API in this process, whose every request is the caller's. Streams work, too.
func InMemory(handler http.Handler, caller *access.Caller) *Client {
	c := newClient(&url.URL{Scheme: "http", Host: "gantry"}, "", "this process", memory{handler, caller})
	c.inProcess = true
	return c
}

type memory struct {
	handler http.Handler
	caller  *access.Caller
}

// RoundTrip answers a request by calling the handler, which goes on writing while the answer is read.
func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	reader, writer := io.Pipe()
	w := &memoryWriter{header: http.Header{}, body: writer, begun: make(chan struct{})}
	in := r.Clone(WithCaller(r.Context(), m.caller))
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	go func() {
		defer func() {
			if p := recover(); p != nil { // the gate has logged it; as with a server, the answer breaks off
				w.WriteHeader(http.StatusInternalServerError)
				writer.CloseWithError(io.ErrUnexpectedEOF)
				return
			}
			w.WriteHeader(http.StatusOK)
			writer.Close()
		}()
		m.handler.ServeHTTP(w, in)
	}()
	select {
	case <-w.begun:
	case <-r.Context().Done():
		reader.CloseWithError(r.Context().Err())
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: w.status, Status: http.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: reader, ContentLength: -1, Request: r}, nil
}

// memoryWriter is a response that is read while it is written.
type memoryWriter struct {
	header, sent http.Header
	body         *io.PipeWriter
	status       int
	once         sync.Once
	begun        chan struct{}
}

func (w *memoryWriter) Header() http.Header { return w.header }

func (w *memoryWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	})
}

func (w *memoryWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush begins the answer: what is written is read at once.
func (w *memoryWriter) Flush() { w.WriteHeader(http.StatusOK) }
