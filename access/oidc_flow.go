package access

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Flow is a sign-in through a provider that is under way. It lives in a cookie of the browser that began it, and so
// binds the answer to that browser; the server keeps nothing.
type Flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // of PKCE
	Return   string `json:"r"` // the path to go to afterwards
	Began    int64  `json:"t"` // seconds since 1970 UTC
}

// FlowHolds is how long somebody may take to sign in at the provider.
const FlowHolds = 10 * time.Minute

// Encode writes the flow as the value of a cookie.
func (f Flow) Encode() string {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // it is made of texts and a number
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// maxFlow bounds the cookie, in bytes.
const maxFlow = 4096

// ParseFlow reads the cookie; ok is false for what cannot be one.
func ParseFlow(cookie string) (f Flow, ok bool) {
	if len(cookie) > maxFlow {
		return Flow{}, false
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cookie)
	if err != nil || json.Unmarshal(text, &f) != nil {
		return Flow{}, false
	}
	if len(f.State) < 20 || len(f.Nonce) < 20 || len(f.Verifier) < 43 || f.Return != LocalPath(f.Return) {
		return Flow{}, false
	}
	return f, true
}

// LocalPath gives a path of this server as it is, and / for anything that could lead elsewhere.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > 1000 {
		return "/"
	}
	for _, r := range path {
		if r <= ' ' || r == '\\' || r > '~' {
			return "/"
		}
	}
	return path
}
