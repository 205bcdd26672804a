package wire

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Record is what history keeps of one request: never a header, never a body.
type Record struct {
	Method        string        `json:"method"`
	URL           string        `json:"url"`
	Status        int           `json:"status,omitempty"` // zero when there was no answer
	Error         string        `json:"error,omitempty"`  // the fault's code when there was no answer
	StartedAt     time.Time     `json:"started_at"`
	Duration      time.Duration `json:"duration"` // nanoseconds
	RequestBytes  int           `json:"request_bytes"`
	ResponseBytes int           `json:"response_bytes"`
	// Waited is how long the request was held back before StartedAt, to keep to the rate limit; nanoseconds.
	Waited time.Duration `json:"waited,omitempty"`
	// Date is the other side's clock when it answered, to the second; zero when it did not say.
	Date time.Time `json:"-"`
}

// Recorder gathers the records of one attempt. A redirect counts as a request of its own.
type Recorder struct {
	Clock func() time.Time

	mu      sync.Mutex
	records []Record
	waited  time.Duration // before the next request
}

// Waited adds to how long the next request was held back.
func (r *Recorder) Waited(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waited += d
}

func (r *Recorder) takeWaited() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	waited := r.waited
	r.waited = 0
	return waited
}

// maxRecords bounds what one attempt keeps: a list of a thousand pages is told by its first requests.
const maxRecords = 100

// Wrap records what goes through to next.
func (r *Recorder) Wrap(next Sender) Sender {
	return SenderFunc(func(ctx context.Context, req *Request) (*Answer, error) {
		rec := Record{Method: req.Method, URL: visible(req.URL), StartedAt: r.Clock(), RequestBytes: len(req.Body), Waited: r.takeWaited()}
		a, err := next.Send(ctx, req)
		rec.Duration = r.Clock().Sub(rec.StartedAt)
		if err != nil {
			f := AsFailure(err)
			rec.Error, rec.Status = string(f.Fault.Code), f.Status
		} else {
			rec.Status, rec.ResponseBytes = a.Status, len(a.Body)
			rec.Date, _ = http.ParseTime(a.Header.Get("Date"))
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.records) < maxRecords {
			r.records = append(r.records, rec)
		}
		return a, err
	})
}

// Records gives what was recorded, passed through clean.
func (r *Recorder) Records(clean func(string) string) []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Record, len(r.records))
	for i, rec := range r.records {
		rec.URL = clean(rec.URL)
		out[i] = rec
	}
	return out
}

// visible is the address without the user and password that may stand in it.
func visible(u *url.URL) string {
	if u == nil {
		return ""
	}
	c := *u
	c.User = nil
	c.Fragment, c.RawFragment = "", ""
	return c.String()
}
