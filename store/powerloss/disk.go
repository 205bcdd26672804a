package powerloss

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// sector is what a disk writes whole or not at all, in bytes.
const sector = 512

// Recording is everything that was done, in order.
type Recording []Step

// Answered gives the numbers of the marks before a moment: after so many steps.
func (r Recording) Answered(moment int) (marks []int) {
	for _, s := range r[:moment] {
		if s.Kind == Mark {
			marks = append(marks, int(s.Offset))
		}
	}
	return marks
}

// disk is one file as the disk has it.
type disk struct {
	synced  []byte
	there   bool   // its name is in the folder for good
	pending []Step // since it was last synced
}

// Build writes the files into dir as the disk could have left them after so many steps; what became of writes that were
// not synced is drawn from rng.
func (r Recording) Build(moment int, rng *rand.Rand, dir string) error {
	files := map[string]*disk{}
	for _, s := range r[:moment] {
		if s.Kind == Mark {
			continue
		}
		d := files[s.File]
		if d == nil {
			d = &disk{}
			files[s.File] = d
		}
		d.take(s)
	}
	var errs []error
	for name, d := range files {
		if content, there := d.left(rng); there {
			errs = append(errs, os.WriteFile(filepath.Join(dir, name), content, 0o600))
		}
	}
	return errors.Join(errs...)
}

func (d *disk) take(s Step) {
	switch s.Kind {
	case Sync:
		for _, p := range d.pending {
			d.synced = apply(d.synced, p)
		}
		d.pending, d.there = nil, true // SQLite syncs the folder with the first sync of a file that it has made
	case Delete:
		*d = disk{}
	case Write, Truncate:
		d.pending = append(d.pending, s)
	}
}

// left draws what the disk has of a file. One that was never synced may have no name in its folder.
func (d *disk) left(rng *rand.Rand) (content []byte, there bool) {
	if !d.there && rng.IntN(2) == 0 {
		return nil, false
	}
	content = append([]byte(nil), d.synced...)
	for _, p := range d.pending {
		switch rng.IntN(3) {
		case 0:
			content = apply(content, p)
		case 1:
			if p.Kind == Write {
				content = tear(content, p, rng)
			}
		}
	}
	return content, true
}

// tear applies some sectors of a write.
func tear(content []byte, s Step, rng *rand.Rand) []byte {
	for at := 0; at < len(s.Data); {
		end := min(len(s.Data), at+sector-int((s.Offset+int64(at))%sector))
		if rng.IntN(2) == 0 {
			content = apply(content, Step{Kind: Write, Offset: s.Offset + int64(at), Data: s.Data[at:end]})
		}
		at = end
	}
	return content
}

func apply(content []byte, s Step) []byte {
	end := s.Offset
	if s.Kind == Write {
		end += int64(len(s.Data))
	}
	if grow := end - int64(len(content)); grow > 0 {
		content = append(content, make([]byte, grow)...)
	}
	if s.Kind == Truncate {
		return content[:s.Offset]
	}
	copy(content[s.Offset:], s.Data)
	return content
}
