package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxSignatures bounds the signatures of one header that are looked at.
const maxSignatures = 16

// Refused says why a proof does not hold, in words for the admin. It never shows a secret or a signature,
// and is not for the sender.
type Refused struct{ Why string }

// Error gives the reason.
func (r *Refused) Error() string { return r.Why }

func refused(format string, args ...any) error { return &Refused{fmt.Sprintf(format, args...)} }

// Verify checks a request: nil when the sender knows the secret, else a *Refused. Secrets and signatures
// are compared in constant time. user is of Basic alone.
func (s *Scheme) Verify(r Request, user, secret string, now time.Time) error {
	if secret == "" {
		return refused("the secret is empty")
	}
	switch s.Way {
	case SecretHeader:
		given, err := one(r.Header, s.Header)
		if err != nil {
			return err
		}
		if !same(given, secret) {
			return refused("the header %s carries another secret", s.Header)
		}
		return nil
	case Basic:
		return verifyBasic(r.Header, user, secret)
	case HMAC:
		return s.verifyHMAC(r, secret, now)
	}
	return refused("no verification is set up")
}

func verifyBasic(header http.Header, user, secret string) error {
	given, pass, ok := (&http.Request{Header: header}).BasicAuth()
	if !ok {
		return refused("the request has no Basic authorisation")
	}
	// both are compared whatever the first gives
	if userOK, passOK := same(given, user), same(pass, secret); !userOK || !passOK {
		return refused("user or password of the Basic authorisation are wrong")
	}
	return nil
}

func (s *Scheme) verifyHMAC(r Request, secret string, now time.Time) error {
	key, err := s.key(secret)
	if err != nil {
		return err
	}
	header, err := one(r.Header, s.Header)
	if err != nil {
		return err
	}
	id, stamp := "", ""
	if s.IDHeader != "" {
		if id, err = one(r.Header, s.IDHeader); err != nil {
			return err
		}
	}
	if s.TimestampHeader != "" {
		if stamp, err = s.timestamp(r.Header, now); err != nil {
			return err
		}
	}
	newHash := s.hash()
	if newHash == nil {
		return refused("the algorithm %q is not known", s.Algorithm)
	}
	mac := hmac.New(newHash, key)
	for _, piece := range s.pieces(r, id, stamp) {
		mac.Write(piece)
	}
	return s.compare(header, mac.Sum(nil))
}

// compare holds all signatures of the header against the one that is right.
func (s *Scheme) compare(header string, want []byte) error {
	seen, found := 0, 0
	for _, entry := range entries(header, s.Separator) {
		text, ok := strings.CutPrefix(entry, s.Prefix)
		if !ok {
			continue
		}
		if seen++; seen > maxSignatures {
			return refused("the header %s carries more than %d signatures", s.Header, maxSignatures)
		}
		if given, err := s.decode(text); err == nil {
			found |= subtle.ConstantTimeCompare(given, want)
		}
	}
	switch {
	case found == 1:
		return nil
	case seen == 0:
		return refused("the header %s carries no signature that begins with %q", s.Header, s.Prefix)
	}
	return refused("the signature in %s is wrong: another secret, or the body was changed on the way", s.Header)
}

func (s *Scheme) decode(text string) ([]byte, error) {
	if s.Encoding == "base64" {
		return base64.StdEncoding.DecodeString(text)
	}
	return hex.DecodeString(text)
}

func (s *Scheme) key(secret string) ([]byte, error) {
	if s.SecretEncoding != "whsec" {
		return []byte(secret), nil
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return nil, refused("the secret is not of the form whsec_ and base64")
	}
	return key, nil
}

// timestamp gives the text of the time, as it was signed, when it is near enough to now.
func (s *Scheme) timestamp(header http.Header, now time.Time) (string, error) {
	text, err := one(header, s.TimestampHeader)
	if err != nil {
		return "", err
	}
	if s.TimestampPrefix != "" {
		if text, err = s.prefixed(text); err != nil {
			return "", err
		}
	}
	at, err := s.parseTime(text)
	if err != nil {
		return "", refused("the time in %s cannot be read", s.TimestampHeader)
	}
	if off := now.Sub(at); off > s.Tolerance || off < -s.Tolerance {
		return "", refused("the time in %s is off by %s, more than %s: an old delivery, or a clock that is wrong",
			s.TimestampHeader, off.Abs().Round(time.Second), s.Tolerance)
	}
	return text, nil
}

// prefixed finds the one entry of a header that is the time.
func (s *Scheme) prefixed(header string) (string, error) {
	found, n := "", 0
	for _, entry := range entries(header, s.Separator) {
		if text, ok := strings.CutPrefix(entry, s.TimestampPrefix); ok {
			found, n = text, n+1
		}
	}
	if n != 1 {
		return "", refused("the header %s does not carry one time", s.TimestampHeader)
	}
	return found, nil
}

func (s *Scheme) parseTime(text string) (time.Time, error) {
	if s.TimestampFormat == "rfc3339" {
		return time.Parse(time.RFC3339, text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 1<<52 {
		return time.Time{}, fmt.Errorf("%q is no time", text)
	}
	if s.TimestampFormat == "milliseconds" {
		return time.UnixMilli(n), nil
	}
	if n > 1<<40 { // beyond what time.Duration can hold the distance of
		return time.Time{}, fmt.Errorf("%q is no time", text)
	}
	return time.Unix(n, 0), nil
}

// pieces are what is signed, in order; the body is not copied.
func (s *Scheme) pieces(r Request, id, stamp string) [][]byte {
	var out [][]byte
	for rest := s.Content; rest != ""; {
		at := strings.IndexByte(rest, '{')
		if at < 0 {
			return append(out, []byte(rest))
		}
		out = append(out, []byte(rest[:at]))
		end := at + strings.IndexByte(rest[at:], '}') + 1
		if end <= at {
			return append(out, []byte(rest[at:]))
		}
		switch rest[at:end] {
		case "{body}":
			out = append(out, r.Body)
		case "{timestamp}":
			out = append(out, []byte(stamp))
		case "{id}":
			out = append(out, []byte(id))
		case "{url}":
			out = append(out, []byte(r.URL))
		case "{method}":
			out = append(out, []byte(r.Method))
		}
		rest = rest[end:]
	}
	return out
}

// entries takes a header apart; without a separator it is one.
func entries(header, separator string) []string {
	if separator == "" {
		return []string{header}
	}
	list := strings.Split(header, separator)
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// one gives a header that has to be there once: of two, nobody knows which the sender meant.
func one(header http.Header, name string) (string, error) {
	values := header.Values(name)
	switch {
	case len(values) == 0 || values[0] == "":
		return "", refused("the header %s is missing", name)
	case len(values) > 1:
		return "", refused("the header %s came more than once", name)
	}
	return values[0], nil
}

// same compares in a time that tells neither content nor length.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
