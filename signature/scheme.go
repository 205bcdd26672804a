// Package signature says how senders of webhooks prove who they are: schemes as data, and the check of a
// request against one. It is pure: bytes and a time in, a verdict out.
package signature

import (
	"crypto/sha1" //nolint:gosec // some senders sign with nothing better
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// Way is how the proof is made. The zero value proves nothing: Verify refuses.
type Way string

// The ways.
const (
	SecretHeader Way = "secret_header" // the secret itself in a header
	Basic        Way = "basic"         // user and secret as HTTP Basic
	HMAC         Way = "hmac"          // a signature made with the secret
)

// DefaultTolerance is how far a signed time may lie from the clock, either way; the Standard Webhooks
// scheme and most vendors name five minutes.
const DefaultTolerance = 5 * time.Minute

// Scheme is one way to prove it, complete. The keys are those of verify in a webhook trigger.
type Scheme struct {
	Way    Way
	Header string // carries the secret or the signature

	Algorithm      string // sha256, sha1 or sha512
	Encoding       string // hex or base64
	Prefix         string // before each signature; entries of the header without it are passed over
	Separator      string // between several signatures in the header; "": there is one
	SecretEncoding string // text, or whsec: base64 behind whsec_
	Content        string // what is signed, of {body}, {timestamp}, {id}, {url} and {method}
	IDHeader       string

	TimestampHeader string
	TimestampPrefix string // where the time is one of the entries of TimestampHeader, as Stripe sends it
	TimestampFormat string // seconds, milliseconds or rfc3339
	Tolerance       time.Duration
}

// Request is what a proof is made over.
type Request struct {
	Method string
	URL    string // as the sender knows it, with the query
	Header http.Header
	Body   []byte // as it came
}

// Parts that Content may name.
var parts = []string{"{body}", "{timestamp}", "{id}", "{url}", "{method}"}

// Complete gives the scheme with what was left out.
func (s Scheme) Complete() Scheme {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	if s.Way == HMAC {
		set(&s.Algorithm, "sha256")
		set(&s.Encoding, "hex")
		set(&s.SecretEncoding, "text")
		set(&s.Content, "{body}")
		set(&s.TimestampFormat, "seconds")
		if s.Tolerance == 0 {
			s.Tolerance = DefaultTolerance
		}
	}
	return s
}

// Problem tells what is wrong with a scheme that somebody wrote, and which key has it; empty when nothing is.
func (s Scheme) Problem() (key, problem string) {
	for _, h := range []struct{ key, name string }{
		{"header", s.Header}, {"id_header", s.IDHeader}, {"timestamp_header", s.TimestampHeader},
	} {
		if h.name != "" && !validHeader(h.name) {
			return h.key, fmt.Sprintf("%q cannot be the name of a header", h.name)
		}
	}
	if s.Way != HMAC {
		return "", ""
	}
	rest := s.Content
	for _, p := range parts {
		rest = strings.ReplaceAll(rest, p, "")
	}
	switch {
	case strings.ContainsAny(rest, "{}"):
		return "content", "content knows {body}, {timestamp}, {id}, {url} and {method}"
	case !strings.Contains(s.Content, "{body}"):
		return "content", "content must hold {body}: else anybody could change it"
	case strings.Contains(s.Content, "{timestamp}") && s.TimestampHeader == "":
		return "content", "content holds {timestamp}, and timestamp_header does not say where it stands"
	case strings.Contains(s.Content, "{id}") && s.IDHeader == "":
		return "content", "content holds {id}, and id_header does not say where it stands"
	case s.TimestampHeader != "" && !strings.Contains(s.Content, "{timestamp}"):
		return "timestamp_header", "the time is not signed: content must hold {timestamp}"
	}
	return "", ""
}

// Headers are the names of the headers that carry the proof, in canonical form: they are not for keeping.
func (s *Scheme) Headers() []string {
	var names []string
	for _, name := range []string{s.Header, s.TimestampHeader} {
		if name != "" {
			names = append(names, textproto.CanonicalMIMEHeaderKey(name))
		}
	}
	if s.Way == Basic {
		names = append(names, "Authorization")
	}
	return names
}

func (s *Scheme) hash() func() hash.Hash {
	switch s.Algorithm {
	case "sha256":
		return sha256.New
	case "sha512":
		return sha512.New
	case "sha1":
		return sha1.New
	}
	return nil
}

func validHeader(name string) bool {
	for _, r := range name {
		if r > 0x7e || r <= ' ' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	return name != ""
}
