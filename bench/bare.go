package main

import (
	"io"
	"net/http"
)

// bareClient makes the requests that runs of k HTTP tasks make, so many at a time, and nothing else: what Go's client
// does on this machine, with as many idle connections as the product's. Its figures are those of runs.
func bareClient(url string, k, concurrency, runs int) (figures, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: 256, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	return sideBySide(concurrency, runs, func() error {
		for range k {
			if err := fetch(transport, url); err != nil {
				return err
			}
		}
		return nil
	})
}

func fetch(transport *http.Transport, url string) error {
	req, err := http.NewRequest(http.MethodGet, url, http.NoBody) //nolint:noctx // a process beside this one
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	return err
}

// besideBareClient measures runs against a target that takes 5 ms, and a bare client that makes the same requests.
func besideBareClient(s scenario, scale float64) (figures, error) {
	b, err := setup()
	if err != nil {
		return nil, err
	}
	defer b.close()
	f, err := b.measure(s, scale)
	if err != nil {
		return nil, err
	}
	bare, err := bareClient(b.target.url+"/after/5ms", 10, s.concurrency, s.size(scale))
	if err == nil {
		f[share] = 100 * f[rate] / bare[rate]
	}
	return f, err
}
