package triggers

import (
	"errors"
	"strings"
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
		l.beginReading(first)
		l.endReading(first, nil, false, errors.New("damaged"))
		_, second, _, ok := l.next()
		if !ok || second == first {
			t.Fatalf("after %q comes %q", first, second)
		}
		l.beginReading(second)
		l.endReading(second, []eventRow{{ID: "1", OrganisationID: second}}, false, nil)
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

// TestALaneHoldsNoMoreThanItMay: events with much data wait on disk.
func TestALaneHoldsNoMoreThanItMay(t *testing.T) {
	l := newLine()
	l.begin(nil)
	rows := make([]eventRow, 10)
	for i := range rows {
		rows[i] = eventRow{ID: string(rune('a' + i)), OrganisationID: "o", Data: strings.Repeat("x", nearbyBytes/4)}
	}
	l.expect(rows)
	for _, row := range rows {
		l.add(row)
	}
	a := l.lanes["o"]
	if len(a.events) != 4 || !a.onDisk || a.bytes != nearbyBytes {
		t.Errorf("%d events, %d bytes", len(a.events), a.bytes)
	}
	for range 4 {
		l.next()
	}
	if a.bytes != 0 {
		t.Errorf("%d bytes of nothing", a.bytes)
	}
	known := l.beginReading("o")
	if len(known) != 4 {
		t.Errorf("%d are known", len(known))
	}
	l.endReading("o", rows, false, nil)
	if len(a.events) != 4 || a.events[0].ID != "e" || !a.onDisk {
		t.Errorf("%d events after reading", len(a.events))
	}
}
