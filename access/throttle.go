package access

import (
	"context"
	"net/netip"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
	"gantry/store"
)

// counter counts failed sign-ins in a row under one name. The counts are on disk, so that a restart forgives nothing.
type counter struct {
	name    string        // a digest
	free    int           // that many failures cost no pause
	longest time.Duration // the pause grows to this
}

// forgivenAfter is how long after the last failure the count begins anew.
const forgivenAfter = time.Hour

// accountName counts the failures of a login, whether there is such a user or not. The pause stays short: somebody
// who fails on purpose would keep the user out. It leaves 2,880 guesses a day.
func accountName(key string) counter {
	return counter{name: digest("account\x00" + key), free: 5, longest: 30 * time.Second}
}

// addressName counts the failures from an address, of IPv6 from the /64 that a subscriber has.
func addressName(address string) counter {
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		bits := 32
		if ip.Is6() {
			bits = 64
		}
		if prefix, err := ip.Prefix(bits); err == nil {
			address = prefix.String()
		}
	}
	return counter{name: digest("address\x00" + address), free: 20, longest: 15 * time.Minute}
}

// pause gives how long after so many failures the next attempt must wait: a second, then twice as long each time.
func (c counter) pause(failures int) time.Duration {
	if failures <= c.free {
		return 0
	}
	doubled := failures - c.free - 1
	if doubled > 20 {
		return c.longest
	}
	return min(c.longest, time.Second<<doubled)
}

type failureRow struct {
	Failures int   `db:"failures"`
	LastAt   int64 `db:"last_at"`
	Until    int64 `db:"until"`
}

// pausing refuses while one of the counters has a pause.
func (s *Service) pausing(ctx context.Context, counters []counter) error {
	names := make([]string, len(counters))
	for i, c := range counters {
		names[i] = c.name
	}
	query, args, err := sqlx.In("SELECT failures, last_at, until FROM sign_in_failures WHERE name IN (?)", names)
	if err != nil {
		return fault.From(err)
	}
	var rows []failureRow
	if err := s.read(ctx, &rows, query, args...); err != nil {
		return err
	}
	var left time.Duration
	for _, row := range rows {
		if now := s.now(); !now.Before(timeOf(row.LastAt)) { // a clock set back forgives rather than locks out
			left = max(left, timeOf(row.Until).Sub(now))
		}
	}
	if left <= 0 {
		return nil
	}
	f := fault.New(fault.RateLimited, "Too many sign-ins have failed.").WithHint("try again in %s", left.Round(time.Second)+time.Second)
	f.Passing, f.RetryAfter = true, left
	return f
}

// count adds a failure.
func (c counter) count(tx *store.Tx, now time.Time) error {
	if _, err := tx.Exec("DELETE FROM sign_in_failures WHERE last_at < ?", now.Add(-forgivenAfter).UnixMicro()); err != nil {
		return err
	}
	var rows []failureRow
	if err := tx.Select(&rows, "SELECT failures, last_at, until FROM sign_in_failures WHERE name = ?", c.name); err != nil {
		return err
	}
	failures := 1
	if len(rows) > 0 {
		failures += rows[0].Failures
	}
	_, err := tx.Exec(`INSERT INTO sign_in_failures (name, failures, last_at, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, until = excluded.until`,
		c.name, failures, now.UnixMicro(), now.Add(c.pause(failures)).UnixMicro())
	return err
}

// clear forgets the failures, after a success.
func (c counter) clear(tx *store.Tx) error {
	_, err := tx.Exec("DELETE FROM sign_in_failures WHERE name = ?", c.name)
	return err
}
