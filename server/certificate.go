package server

import (
	"crypto/tls"
	"os"
	"sync"
	"time"

	"gantry/crates"
	"gantry/fault"
)

// certificate is a pair of files that is read again when they change: certificates are renewed every few weeks.
type certificate struct {
	cert, key string

	mu      sync.Mutex
	pair    *tls.Certificate
	changed [2]time.Time // of both files, when pair was read
	looked  time.Time
}

// lookEvery bounds how often the files are looked at.
const lookEvery = 5 * time.Second

func openCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	if err := c.read(); err != nil {
		return nil, fault.Wrap(err, fault.NotChecked, "the certificate %s cannot be used: %s", cert, crates.Reason(err)).
			WithHint("server: {tls: {cert, key}} in gantry.yaml name the certificate with its chain and its key, both in PEM")
	}
	return c, nil
}

func (c *certificate) read() error {
	changed := c.times()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err == nil {
		c.pair, c.changed = &pair, changed
	}
	return err
}

func (c *certificate) times() (times [2]time.Time) {
	for i, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			times[i] = info.ModTime()
		}
	}
	return times
}

// get gives the newest pair that is good: files that are being replaced may not fit for a moment.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookEvery {
		c.looked = now
		if c.times() != c.changed {
			_ = c.read() // the old one goes on; the next look tries again
		}
	}
	return c.pair, nil
}
