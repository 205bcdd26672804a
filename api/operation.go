package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Base is the path below which all operations lie.
const Base = "/api/v1"

// Operation is one thing that the API does. I is its input and O its output, as huma reads them: fields with the
// tags path, query and header, and Body (JSON) or RawBody (bytes, with a contentType tag).
type Operation[I, O any] struct {
	ID          string // unique, such as list-runs: the operationId of the OpenAPI document
	Method      string // GET changes nothing, and is not in the audit log
	Path        string // below Base, such as /organisations/{org}
	Tag         string // the group it is shown in
	Summary     string
	Description string
	Policy      Policy
	MaxBody     int64 // bytes of the request's body at most; 1 MiB unless said
	// Asks marks a POST that only looks something up, so that the audit log leaves it out.
	Asks bool
}

const (
	defaultBody = 1 << 20
	largeBody   = 64 << 20 // of files
)

// Described is an operation without its types, for tests and documents.
type Described struct {
	ID, Method, Path, Tag, Summary, Description string
	Policy                                      Policy
	MaxBody                                     int64
	Asks, Streams                               bool
	Input, Output                               reflect.Type

	media    string // type of the request's body, "" for none
	required bool   // the body may not be left out
	call     operationCall
	extend   func(huma.Registry, *huma.Operation) // what a stream has besides; nil: nothing
}

func (o Operation[I, O]) describe() *Described {
	d := &Described{ID: o.ID, Method: o.Method, Path: o.Path, Tag: o.Tag, Summary: o.Summary, Description: o.Description, Policy: o.Policy,
		MaxBody: o.MaxBody, Asks: o.Asks, Input: reflect.TypeFor[I](), Output: reflect.TypeFor[O]()}
	if d.MaxBody == 0 {
		d.MaxBody = defaultBody
	}
	d.media, d.required = bodyOf(d.Input)
	return d
}

// serve makes the operation part of an API. A handler's errors are faults, or become fault.Internal.
func (o Operation[I, O]) serve(a *API, handle func(ctx context.Context, in *I) (*O, error)) {
	d := o.describe()
	call := func(ctx context.Context, in any) (any, error) { return handle(ctx, in.(*I)) }
	if o.Method == http.MethodGet {
		call = a.timed(o.ID, bounded(longestRead, call))
	}
	d.call = a.concluded(call)
	a.add(d)
}

// concluded ends what is done for every operation: its answer must have been asked for by somebody who may have it, and
// what was done stands in the audit log.
func (a *API) concluded(handle operationCall) operationCall {
	return func(ctx context.Context, in any) (any, error) {
		out, err := handle(ctx, in)
		if err == nil {
			err = proven(ctx)
		}
		if err = recorded(ctx, err); err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	}
}

// huma gives the operation as huma wants it.
func (d *Described) huma() huma.Operation {
	op := huma.Operation{OperationID: d.ID, Method: d.Method, Path: d.Path, Summary: d.Summary, Description: d.Description,
		MaxBodyBytes: d.MaxBody + 1, BodyReadTimeout: bodyTimeout(d.MaxBody), Extensions: map[string]any{"x-policy": d.Policy.document()}}
	if d.Tag != "" {
		op.Tags = []string{d.Tag}
	}
	if d.Policy.Where == Public {
		op.Security = []map[string][]string{}
	}
	return op
}

// bodyTimeout is how long a client may take to send a body.
func bodyTimeout(size int64) time.Duration {
	if size > defaultBody {
		return time.Minute
	}
	return 10 * time.Second
}

// bodyOf gives the media type of an input's body, and whether it has to be there.
func bodyOf(input reflect.Type) (media string, required bool) {
	if f, ok := input.FieldByName("Body"); ok {
		return "application/json", f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Interface
	}
	if f, ok := input.FieldByName("RawBody"); ok {
		return f.Tag.Get("contentType"), true
	}
	return "", false
}

// given is the body of a request that may come without one.
func given[B any](body *B) (b B) {
	if body != nil {
		b = *body
	}
	return b
}
