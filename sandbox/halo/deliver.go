package halo

import (
	"net/http"
	"strconv"
	"time"
)

// deliver answers a request, with the fault that waits for it if there is one.
func (s *Server) deliver(x *exchange, work func() answer) {
	f, err := faultOfHeader(x.r.Header)
	if err != nil {
		x.send(plainJSON(http.StatusBadRequest, map[string]string{"error": FaultHeader + ": " + err.Error()}))
		return
	}
	if f == nil {
		f = s.faults.take(x.r.Method, x.r.URL.Path)
	}
	if f == nil {
		x.send(work())
		return
	}
	x.entry.Fault = f.Kind
	switch f.Kind {
	case FaultSlow:
		if !s.wait(x, time.Duration(f.DelayMS)*time.Millisecond) {
			panic(http.ErrAbortHandler)
		}
		x.send(work())
		return
	case FaultHalf:
		x.half(work())
		return
	case FaultMandatory:
		s.demand(f, x.path)
		x.send(work())
		return
	case FaultTruncated, FaultNulls, FaultDoubles, FaultUnknown:
		x.send(f.twist(work()))
		return
	}
	if f.After {
		work()
	}
	switch f.Kind {
	case FaultHang:
		s.wait(x, 0)
		panic(http.ErrAbortHandler)
	case FaultDrop:
		panic(http.ErrAbortHandler)
	default:
		x.send(f.answer(s))
	}
}

// wait passes time, for ever when it is zero; false when the client or the server has gone meanwhile.
func (s *Server) wait(x *exchange, d time.Duration) bool {
	var alarm <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-alarm:
		return true
	case <-x.r.Context().Done():
	case <-s.life.Done():
	}
	return false
}

func (x *exchange) send(a answer) {
	x.entry.Status, x.entry.Size = a.status, len(a.body)
	a.write(x.w)
}

// half promises the whole answer, sends half of it and breaks off.
func (x *exchange) half(a answer) {
	x.entry.Status = a.status
	x.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	x.w.Header().Set("Content-Length", strconv.Itoa(len(a.body)+1))
	x.w.WriteHeader(a.status)
	_, _ = x.w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(x.w).Flush()
	panic(http.ErrAbortHandler)
}
