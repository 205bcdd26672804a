package halo

import (
	"net/http"
	"strconv"
)

// answer is what a handler gives back; write sends it.
type answer struct {
	status int
	header http.Header
	body   []byte // nil: no body
	kind   string // content type; JSON when empty
}

// modelState is ASP.NET's account of values that could not be read: path to messages.
type modelState map[string][]string

const htmlError = `<!DOCTYPE html>
<html><head><title>Error</title></head>
<body><h1>Error.</h1><h2>An error occurred while processing your request.</h2></body></html>
`

func empty(status int) answer { return answer{status: status} }

func jsonAnswer(status int, v any) answer { return answer{status: status, body: encode(v)} }

func htmlAnswer() answer {
	return answer{status: http.StatusInternalServerError, body: []byte(htmlError), kind: "text/html; charset=utf-8"}
}

func (m modelState) answer() answer {
	body := make(map[string]any, len(m))
	for path, messages := range m {
		list := make([]any, len(messages))
		for i, text := range messages {
			list[i] = text
		}
		body[path] = list
	}
	return jsonAnswer(http.StatusBadRequest, body)
}

// notValid is the model state of a query or path value of the wrong type.
func notValid(name, value string) modelState {
	return modelState{name: {"The value '" + clip(value) + "' is not valid."}}
}

// broken is the serialised .NET exception that Halo answers when a business rule is broken.
func broken(message string) answer {
	return jsonAnswer(http.StatusBadRequest, object{
		{"ClassName", "System.Exception"}, {"Message", message}, {"Data", nil}, {"InnerException", nil}, {"HelpURL", nil},
		{"StackTraceString", nil}, {"RemoteStackTraceString", nil}, {"RemoteStackIndex", 0}, {"ExceptionMethod", nil},
		{"HResult", -2146233088}, {"Source", nil}, {"WatsonBuckets", nil},
	})
}

// oauthError is the token endpoint's refusal, as OpenIddict words it.
func oauthError(code, description string) answer {
	return jsonAnswer(http.StatusBadRequest, object{{"error", code}, {"error_description", description}})
}

func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if a.body != nil {
		kind := a.kind
		if kind == "" {
			kind = "application/json; charset=utf-8"
		}
		h.Set("Content-Type", kind)
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the other side may have gone
}
