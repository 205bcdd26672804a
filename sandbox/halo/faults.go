package halo

import (
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

// The kinds of faults.
const (
	FaultStatus       = "status"       // Status with Body and Header; 500 when Status is zero
	FaultUnauthorised = "unauthorised" // 401, empty
	FaultForbidden    = "forbidden"    // 403, empty, as Halo answers missing rights
	FaultThrottled    = "throttled"    // 429, empty; Retry-After when RetryAfter is set
	FaultErrorPage    = "error_page"   // 500 with an HTML page
	FaultSlow         = "slow"         // DelayMS later, then as ever
	FaultHang         = "hang"         // no answer until the client gives up
	FaultDrop         = "drop"         // the connection is closed without an answer
	FaultHalf         = "half"         // the first half of the real answer, then the connection is closed

	FaultMissing   = "missing"    // 404, empty
	FaultErrorJSON = "error_json" // 500 with a JSON message
	FaultTruncated = "truncated"  // the whole of an answer whose JSON ends in the middle
	FaultNulls     = "nulls"      // Fields of the entities are null; all but id when there are none
	FaultDoubles   = "doubles"    // whole numbers in Fields are doubles: 18.0; all but id when there are none
	FaultUnknown   = "unknown"    // the entities have fields that no description names
	FaultMandatory = "mandatory"  // from this request on Fields are mandatory for what it writes
)

var faultKinds = []string{
	FaultStatus, FaultUnauthorised, FaultForbidden, FaultThrottled, FaultErrorPage, FaultSlow, FaultHang, FaultDrop, FaultHalf,
	FaultMissing, FaultErrorJSON, FaultTruncated, FaultNulls, FaultDoubles, FaultUnknown, FaultMandatory,
}

// FaultKinds gives the kinds of faults.
func FaultKinds() []string { return slices.Clone(faultKinds) }

// Fault makes matching requests go wrong.
type Fault struct {
	Method string `json:"method,omitempty"` // any when empty
	Path   string `json:"path,omitempty"`   // pattern of path.Match, without case: "/api/tickets", "/api/tickets/*", "/auth/token"; any when empty
	Skip   int    `json:"skip,omitempty"`   // matching requests that go well first
	Times  int    `json:"times,omitempty"`  // how often; once when zero, always when negative
	After  bool   `json:"after,omitempty"`  // do the work first, so that only the answer is lost
	Kind   string `json:"kind"`

	Status     int               `json:"status,omitempty"`
	Header     map[string]string `json:"header,omitempty"`
	Body       string            `json:"body,omitempty"`
	DelayMS    int               `json:"delay_ms,omitempty"`
	Fields     []string          `json:"fields,omitempty"`
	RetryAfter int               `json:"retry_after,omitempty"` // seconds

	RetryAfterDate bool `json:"retry_after_date,omitempty"` // tell the time as an HTTP date
}

// check refuses a fault that could never work.
func (f Fault) check() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return errors.New("kind must be one of " + strings.Join(faultKinds, ", "))
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return errors.New("status must be between 200 and 599")
	case f.Kind == FaultSlow && f.DelayMS <= 0:
		return errors.New("delay_ms must be set for slow")
	case f.Kind == FaultMandatory && len(f.Fields) == 0:
		return errors.New("fields must be set for mandatory")
	}
	if _, err := path.Match(f.Path, ""); err != nil {
		return errors.New("path is not a pattern such as /api/tickets/*")
	}
	return nil
}

func (f Fault) matches(method, urlPath string) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, method) {
		return false
	}
	urlPath = "/" + strings.Trim(strings.ToLower(urlPath), "/")
	if f.Path == "" && f.spoilsEntities() && !strings.HasPrefix(urlPath, "/api/") {
		return false // a token is no entity
	}
	ok, _ := path.Match(strings.ToLower(f.Path), urlPath)
	return f.Path == "" || ok
}

// spoilsEntities tells whether the fault changes what the entities of an answer hold.
func (f Fault) spoilsEntities() bool {
	return f.Kind == FaultNulls || f.Kind == FaultDoubles || f.Kind == FaultUnknown
}

// faultList is the faults that wait for requests.
type faultList struct {
	mu   sync.Mutex
	list []*Fault
}

func newFaultList(faults []Fault) *faultList {
	l := &faultList{}
	l.replace(faults)
	return l
}

func (l *faultList) replace(faults []Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
	for _, f := range faults {
		l.list = append(l.list, f.ready())
	}
}

func (f Fault) ready() *Fault {
	if f.Times == 0 {
		f.Times = 1
	}
	return &f
}

func (l *faultList) add(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, f.ready())
}

func (l *faultList) all() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []Fault{}
	for _, f := range l.list {
		out = append(out, *f)
	}
	return out
}

// take gives the first fault that wants this request, and counts it.
func (l *faultList) take(method, urlPath string) *Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, f := range l.list {
		if !f.matches(method, urlPath) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				l.list = slices.Delete(l.list, i, i+1)
			}
		}
		taken := *f
		return &taken
	}
	return nil
}

// FaultHeader on a request asks for a fault for this request alone: a kind, or a Fault as JSON.
const FaultHeader = "X-Sandbox-Fault"

func faultOfHeader(h http.Header) (*Fault, error) {
	text := strings.TrimSpace(h.Get(FaultHeader))
	if text == "" {
		return nil, nil
	}
	f := Fault{Kind: text}
	if strings.HasPrefix(text, "{") {
		f = Fault{}
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			return nil, errors.New("not a fault: " + err.Error())
		}
	}
	return &f, f.check()
}

// InjectFault makes matching requests go wrong from now on.
func (s *Server) InjectFault(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	s.faults.add(f)
	return nil
}
