package halo

import (
	"errors"
	"time"
)

// Settings are switches that can be turned while the simulator runs. They start as the Options say.
type Settings struct {
	RateLimit            int         `json:"rate_limit"`             // API requests per window and application; no limit when negative
	RateWindowSeconds    float64     `json:"rate_window_seconds"`    //
	RetryAfter           string      `json:"retry_after"`            // with a 429: seconds, date or none
	TokenLifetimeSeconds float64     `json:"token_lifetime_seconds"` // of access tokens that are given out from now on
	MoveDefaultClient    bool        `json:"move_default_client"`    // no actions on tickets of the default client
	Mandatory            []Mandatory `json:"mandatory"`
	WebhookFailures      int         `json:"webhook_failures"` // in a row, that switch a webhook off; never when negative
}

func (o Options) settings() Settings {
	s := Settings{
		RateLimit: o.RateLimit, RateWindowSeconds: o.RateWindow.Seconds(), RetryAfter: retryAfterSeconds,
		TokenLifetimeSeconds: o.TokenLifetime.Seconds(), MoveDefaultClient: o.MoveDefaultClient,
		Mandatory: append([]Mandatory{}, o.Mandatory...), WebhookFailures: o.WebhookFailures,
	}
	switch {
	case o.OmitRetryAfter:
		s.RetryAfter = retryAfterNone
	case o.RetryAfterDate:
		s.RetryAfter = retryAfterDate
	}
	return s
}

// The forms of Retry-After.
const (
	retryAfterSeconds = "seconds"
	retryAfterDate    = "date"
	retryAfterNone    = "none"
)

func (s Settings) lifetime() time.Duration { return seconds(s.TokenLifetimeSeconds) }

func (s Settings) window() time.Duration { return seconds(s.RateWindowSeconds) }

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func (s Settings) check() error {
	switch {
	case s.RateLimit == 0:
		return errors.New("rate_limit must be a number of requests, or -1 for no limit")
	case !(s.RateWindowSeconds > 0 && s.RateWindowSeconds < 1e6):
		return errors.New("rate_window_seconds must be more than 0")
	case !(s.TokenLifetimeSeconds > 0 && s.TokenLifetimeSeconds < 1e9):
		return errors.New("token_lifetime_seconds must be more than 0")
	case s.RetryAfter != retryAfterSeconds && s.RetryAfter != retryAfterDate && s.RetryAfter != retryAfterNone:
		return errors.New("retry_after must be seconds, date or none")
	}
	for _, m := range s.Mandatory {
		if err := m.check(); err != nil {
			return err
		}
	}
	return nil
}

// settings gives the switches as they stand. Whoever calls does not hold Server.mu.
func (s *Server) settings() Settings {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.data.settings
}

// Set turns the switches, from the next request on.
func (s *Server) Set(to Settings) error {
	if err := to.check(); err != nil {
		return err
	}
	s.mu.Lock()
	s.data.settings = to
	s.mu.Unlock()
	s.limiter.configure(to.RateLimit, to.window())
	return nil
}
