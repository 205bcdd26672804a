package doctor

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"gantry/backup"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

func (x *examination) writable(info fs.FileInfo) {
	switch {
	case unix.Faccessat(unix.AT_FDCWD, x.o.Dir, unix.W_OK|unix.X_OK, unix.AT_EACCESS) != nil:
		x.add("directory", Fail, "This user may not write into %s.", x.o.Dir).hint("run Gantry as the user whose the folder is, and look whether its disk is mounted read-only")
	case info.Mode().Perm()&0o022 != 0:
		x.add("directory", Fail, "Others may write into %s (%v).", x.o.Dir, info.Mode().Perm()).hint("close it: chmod 700 %s", x.o.Dir)
	default:
		x.add("directory", OK, "%s is there and can be written.", x.o.Dir)
	}
}

// files looks whether others may read what is nobody else's.
func (x *examination) files() {
	var open []string
	key := false
	for _, name := range []string{orgs.KeyFile, store.DatabaseFile, store.DatabaseFile + "-wal"} {
		info, err := os.Stat(filepath.Join(x.o.Dir, name))
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			open, key = append(open, filepath.Join(x.o.Dir, name)), key || name == orgs.KeyFile
		}
	}
	switch {
	case key:
		x.add("rights", Fail, "Others may read the master key.").hint("chmod 600 %s; if others had access, `gantry keys rotate` makes a new key", filepath.Join(x.o.Dir, orgs.KeyFile)).Details = open
	case len(open) > 0:
		x.add("rights", Warn, "Others may read the database.").hint("close it: chmod 600 %s", open[0]).Details = open
	default:
		x.add("rights", OK, "The database and the key are this user's alone.")
	}
}

// owned looks who works with the directory, and asks the server there.
func (x *examination) owned(ctx context.Context) {
	var err error
	if x.owner, err = store.Owner(x.o.Dir); err != nil {
		x.failed("owner", err)
		return
	}
	if x.o.Server != nil {
		if x.server, err = x.o.Server(ctx); err != nil {
			x.add("owner", Fail, "The server that owns the data (process %d) does not answer: %s", x.owner.Process, fault.From(err).Message).hint("look at its log")
			return
		}
	}
	switch {
	case x.server != nil && x.server.Broken > 0:
		x.add("owner", Warn, "A server owns the data (process %d), with %s of the project broken.", x.owner.Process, counted(x.server.Broken, "file", "files")).hint("`gantry check` shows what to mend")
	case x.server != nil:
		x.add("owner", OK, "A server owns the data (process %d).", x.owner.Process)
	case x.owner.Owned:
		x.add("owner", OK, "Process %d owns the data.", x.owner.Process)
	case x.owner.LogGone:
		x.add("owner", Fail, "The last process was killed, and the log with what it wrote last (%s-wal) is missing.", store.DatabaseFile).hint("put it back, or restore a backup; see docs/backup.md")
	case x.owner.Unclean:
		x.add("owner", OK, "No process owns the data; the last one was killed, and the next takes up what it left.")
	default:
		x.add("owner", OK, "No process owns the data.")
	}
}

// Room on the disk, in bytes.
const (
	leastFree  = 256 << 20
	scarceFree = 1 << 30
)

func (x *examination) disk() {
	var fs unix.Statfs_t
	if err := unix.Statfs(x.o.Dir, &fs); err != nil {
		x.add("disk", Warn, "How much room the disk has cannot be told: %s.", err)
		return
	}
	free := int64(fs.Bavail) * int64(fs.Bsize) //nolint:unconvert // other systems have other types
	switch {
	case free < leastFree:
		x.add("disk", Fail, "Only %s are free on the disk of the data.", Bytes(free)).hint("make room: when it is full nothing is taken any more; `gantry runs prune --older-than 90d` removes old runs, and a running server gives their room back within the hour")
	case free < scarceFree, free < x.size+leastFree:
		x.add("disk", Warn, "%s are free on the disk of the data; a backup needs %s of them for a while.", Bytes(free), Bytes(x.size)).hint("make room, or remove old runs with `gantry runs prune --older-than 90d`")
	default:
		x.add("disk", OK, "%s are free on the disk of the data.", Bytes(free))
	}
}

// backupAge is after which time the last backup counts as old.
const backupAge = 7 * 24 * time.Hour

func (x *examination) backups() {
	last, err := backup.ReadLast(x.o.Dir)
	switch now := x.o.Now(); {
	case err != nil:
		x.failed("backup", err)
	case last == nil:
		x.add("backup", Warn, "No backup has been made with gantry backup.").hint("`gantry backup` makes one, docs/backup.md has a timer for it")
	case now.Sub(last.At) > backupAge:
		x.add("backup", Warn, "The last backup is of %s.", when(&last.At)).hint("`gantry backup` makes one, docs/backup.md has a timer for it")
	default:
		x.add("backup", OK, "The last backup is of %s, %s.", when(&last.At), Bytes(last.Size))
	}
}

// remains tells what backups and restores have left whose processes were killed: each as large as a database.
func (x *examination) remains() {
	left := backup.RemainsIn(x.o.Dir)
	if x.owner.Owned && x.server == nil { // it may be restoring
		left.Unpacked = ""
	}
	for _, of := range [][2]string{{"backup", left.Copy}, {"restore", left.Unpacked}} {
		if what, path := of[0], of[1]; path != "" {
			x.add("remains", Warn, "A %s was cut off, and has left %s.", what, path).hint("remove that folder; the next `gantry %s` does so, too", what)
		}
	}
}
