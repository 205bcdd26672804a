package api

import (
	"context"
	"errors"
	"time"

	"gantry/fault"
)

// longestRead is how long a GET may take but for streams, which read little at a time. While somebody reads from the
// database its write-ahead log cannot be emptied, and goes on growing. Those that ask other systems have connectionTime.
const longestRead = connectionTime + 5*time.Second

// bounded ends a call that takes longer than most, with an error that tells so.
func bounded(most time.Duration, handle operationCall) operationCall {
	return func(ctx context.Context, in any) (any, error) {
		within, cancel := context.WithTimeoutCause(ctx, most, errTooLong)
		defer cancel()
		out, err := handle(within, in)
		if err != nil && errors.Is(context.Cause(within), errTooLong) {
			return nil, fault.Wrap(err, fault.Timeout, "the answer took longer than %s to read", most).
				WithHint("ask for less: a smaller page, a filter, or results=none and then single results")
		}
		return out, err
	}
}

// longRead is from when on the log tells of a read.
const longRead = 10 * time.Second

// timed tells the log who has read what for long: until they had it, the write-ahead log may have grown.
func (a *API) timed(operation string, handle operationCall) operationCall {
	return func(ctx context.Context, in any) (any, error) {
		began := time.Now()
		out, err := handle(ctx, in)
		if took := time.Since(began); took >= longRead {
			by := ""
			if c := CallerOf(ctx); c != nil {
				by = c.Name
			}
			a.house.Log.WarnContext(ctx, "a long read of the API", "operation", operation, "by", by, "took", took.Round(time.Millisecond), "answered", err == nil)
		}
		return out, err
	}
}

var errTooLong = errors.New("it took too long")
