package doctor

import (
	"context"
	"fmt"

	"gantry/store"
)

// A write-ahead log beyond this, in bytes, is longer than it should be.
const longLog = 256 << 20

// database looks at the file itself, and tells whether what is in it can be looked at.
func (x *examination) database(ctx context.Context) (sound bool) {
	e, err := store.Examine(ctx, x.o.Dir, x.o.Full, x.o.Sets...)
	if err != nil {
		x.failed("database", err)
		return false
	}
	x.size = e.Sizes.Database
	if len(e.Problems) > 0 {
		x.add("database", Fail, "The database is damaged.").
			hint("stop the server, keep the files as they are, and restore the last good backup with `gantry restore FILE`; check the disk and the memory of the machine").Details = e.Problems
		return false
	}
	how := "quickly"
	if x.o.Full {
		how = "whole"
	}
	x.add("database", OK, "The database is sound (looked through %s).", how)
	if len(e.Orphans) > 0 {
		x.add("references", Warn, "Rows are there whose owner is missing.").hint("another program has written into the database; a restored backup has none").Details = e.Orphans
	}
	x.sizes(e.Sizes)
	return x.versions(e.Versions)
}

func (x *examination) sizes(s store.Sizes) {
	text := fmt.Sprintf("The database has %s, %s of which are free; its log has %s.", Bytes(s.Database), Bytes(s.Free), Bytes(s.Log))
	if s.Log > longLog {
		x.add("size", Warn, "%s", text).hint("a long log means that something reads from the database without end, or that nobody writes: a restart of the server empties it")
		return
	}
	x.add("size", OK, "%s", text)
}

func (x *examination) versions(all []store.SetVersion) (current bool) {
	var older, newer []string
	for _, v := range all {
		text := fmt.Sprintf("%s at version %d of %d", v.Name, v.Current, v.Known)
		if v.Current < v.Known {
			older = append(older, text)
		}
		if v.Current > v.Known {
			newer = append(newer, text)
		}
	}
	switch {
	case len(newer) > 0:
		x.add("versions", Fail, "The database was written by a newer Gantry.").hint("use that version, or a newer one").Details = newer
	case len(older) > 0:
		x.add("versions", Warn, "The database is of an older Gantry.").hint("make a backup; then `gantry serve`, or any command that writes, brings it up to date").Details = older
	default:
		x.add("versions", OK, "Its tables are those of this version.")
		return true
	}
	return false
}

// Bytes writes a number of bytes as people read it.
func Bytes(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
