package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"gantry/fault"
)

// binding is an operation made ready for requests: how its input is read and its output written, by the tags of their
// fields. huma makes the schemas, checks values against them and writes the document. Its own Register does the
// same, but is compiled anew for every pair of types, which would be the largest part of the program.
type binding struct {
	op         *huma.Operation
	schemas    huma.Registry
	input      reflect.Type
	parameters []*parameter
	query      map[string]bool // names that may be given
	body       *body           // nil: none
	answer     answering
	call       operationCall
	unchecked  bool // values are taken as they are: tests hold what clients write against it
}

// operationCall is an operation's handler without its types: it takes a pointer to the input and gives one to the output.
type operationCall func(ctx context.Context, in any) (out any, err error)

// requestReader is an input, or an embedded part of one, that takes from the request what no tag tells.
type requestReader interface{ readRequest(*http.Request) }

// bind makes an operation ready, and its part of the document complete.
func (d *Described) bind(schemas huma.Registry) *binding {
	op := d.huma()
	b := &binding{op: &op, schemas: schemas, input: d.Input, query: map[string]bool{}, call: d.call}
	b.findParameters(d.Input, nil)
	b.findBody()
	b.describeAnswer(d.Output)
	if d.extend != nil {
		d.extend(schemas, b.op)
	}
	return b
}

// ServeHTTP answers a request that the gate has let through.
func (b *binding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	in, err := b.read(w, r)
	var out any
	if err == nil {
		out, err = b.call(ctx, in.Interface())
	}
	if err != nil {
		answerProblem(w, problemOf(ctx, err))
		return
	}
	b.write(w, r, reflect.ValueOf(out))
}

// read makes the input of a request. What is wrong with its parts is told all at once.
func (b *binding) read(w http.ResponseWriter, r *http.Request) (in reflect.Value, err error) {
	in = reflect.New(b.input)
	seen := &reading{binding: b, request: r, path: huma.NewPathBuffer(make([]byte, 0, 128), 0)}
	seen.parameters(in.Elem())
	if b.body != nil {
		text, err := b.readBody(w, r)
		if err != nil {
			return in, err
		}
		if err := seen.body(in.Elem(), text); err != nil {
			return in, err
		}
	}
	readRequest(in.Elem(), r)
	return in, seen.problem()
}

func readRequest(in reflect.Value, r *http.Request) {
	if reader, ok := in.Addr().Interface().(requestReader); ok {
		reader.readRequest(r)
	}
}

// reading is one request being read.
type reading struct {
	*binding
	request *http.Request
	path    *huma.PathBuffer
	found   huma.ValidateResult
	status  int // of the answer, where it is not 422
}

// check holds a value against its schema.
func (s *reading) check(schema *huma.Schema, v any) {
	if !s.unchecked {
		huma.Validate(s.schemas, schema, s.path, huma.ModeWriteToServer, v, &s.found)
	}
}

func (s *reading) problem() error {
	if len(s.found.Errors) == 0 {
		return nil
	}
	return newProblem(s.status, s.found.Errors)
}

// problemOf gives the answer of an error that a handler, or the reading of its input, has made ready.
func problemOf(ctx context.Context, err error) *Error {
	p, ok := err.(*Error) //nolint:errorlint // call makes every error one
	if !ok {
		p = &Error{Code: fault.Internal, Message: "the request could not be answered", status: http.StatusInternalServerError}
	}
	if q := requestOf(ctx); q != nil {
		q.code = p.Code
	}
	return p
}
