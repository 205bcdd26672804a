package api

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gantry/fault"
)

// body is an input's field Body, which is JSON, or RawBody, which is taken as it is sent.
type body struct {
	field    []int
	required bool
	schema   *huma.Schema // nil: of bytes
}

func (b *binding) findBody() {
	media, required := bodyOf(b.input)
	if media == "" {
		return
	}
	content := &huma.MediaType{}
	if f, ok := b.input.FieldByName("Body"); ok {
		hint := b.op.OperationID + "Request"
		if b.input.Name() != "" {
			hint = b.input.Name() + f.Name
		}
		content.Schema = huma.SchemaFromField(b.schemas, f, hint)
		content.Schema.PrecomputeMessages()
		b.body = &body{field: f.Index, required: required, schema: content.Schema}
	} else {
		f, _ := b.input.FieldByName("RawBody")
		content.Schema = &huma.Schema{Type: "string", Format: "binary"}
		b.body = &body{field: f.Index, required: required}
	}
	b.op.RequestBody = &huma.RequestBody{Required: required, Content: map[string]*huma.MediaType{media: content}}
}

// readBody reads at most what the operation takes, as long as it waits for it.
func (b *binding) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	// Where there is no connection, as in memory, nobody is slow.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(b.op.BodyReadTimeout))
	text, err := io.ReadAll(io.LimitReader(r.Body, b.op.MaxBodyBytes))
	var slow net.Error
	switch most := b.op.MaxBodyBytes - 1; {
	case int64(len(text)) > most:
		return nil, refusal(http.StatusRequestEntityTooLarge, fault.TooLarge, "request body is too large limit=%d bytes", most)
	case errors.As(err, &slow) && slow.Timeout(), errors.Is(err, os.ErrDeadlineExceeded):
		return nil, refusal(http.StatusRequestTimeout, fault.Timeout, "request body read timeout")
	case err != nil:
		return nil, refusal(http.StatusInternalServerError, fault.Internal, "the request could not be read")
	}
	return text, nil
}

func refusal(status int, code fault.Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), status: status}
}

// body reads the request's body into its field. JSON is checked before it is taken.
func (s *reading) body(in reflect.Value, text []byte) error {
	rule := s.binding.body
	field := in.FieldByIndex(rule.field)
	switch {
	case rule.schema == nil:
		field.SetBytes(text)
	case len(text) > 0:
		s.json(field, text)
	}
	if len(text) == 0 && rule.required {
		return refusal(http.StatusBadRequest, fault.Usage, "request body is required")
	}
	return nil
}

func (s *reading) json(field reflect.Value, text []byte) {
	s.path.Reset()
	s.path.Push("body")
	var plain any
	if err := decode(text, &plain); err != nil {
		s.unreadable(err)
		return
	}
	before := len(s.found.Errors)
	s.check(s.binding.body.schema, plain)
	if len(s.found.Errors) > before {
		return
	}
	if err := decode(text, field.Addr().Interface()); err != nil {
		s.found.Add(s.path, nil, err.Error())
	}
}

func (s *reading) unreadable(err error) {
	s.status = http.StatusBadRequest
	s.found.Add(s.path, nil, err.Error())
}
