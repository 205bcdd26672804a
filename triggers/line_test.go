package triggers

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestALaneThatCannotBeRead: its turn goes to the others, and it is tried again after a while.
func TestALaneThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine()
		l.begin(map[string]int{"a": 1, "b": 1})
		_, first, _, _ := l.next()
		limit := l.beginReading(first)
		l.endReading(first, nil, limit, errors.New("damaged"))
		_, second, _, ok := l.next()
		if !ok || second == first {
			t.Fatalf("after %q comes %q", first, second)
		}
		l.beginReading(second)
		l.endReading(second, []eventRow{{ID: "1", OrganisationID: second}}, limit, nil)
		if row, _, _, ok := l.next(); !ok || row.ID != "1" {
			t.Fatalf("next is %+v", row)
		}
		if _, _, wake, ok := l.next(); ok || time.Until(wake) != firstPause {
			t.Fatalf("there is something, or the pause ends in %s", time.Until(wake))
		}
		time.Sleep(firstPause)
		if _, again, _, ok := l.next(); !ok || again != first {
			t.Errorf("after the pause comes %q", again)
		}
	})
}
