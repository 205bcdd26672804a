package powerloss

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// Start is the first moment: what the folder held when the recording began is there.
func (r Recording) Start() int {
	for i := len(r) - 1; i >= 0; i-- {
		if r[i].Kind == Sync && r[i].Offset == 1 {
			return i + 1
		}
	}
	return 0
}

// Syncs gives the moments at which a file had just been synced.
func (r Recording) Syncs() (moments []int) {
	for i, s := range r {
		if s.Kind == Sync {
			moments = append(moments, i+1)
		}
	}
	return moments
}

// file is one file as the disk has it.
type file struct {
	synced  []byte
	open    bool   // it was made, and not removed
	there   bool   // its name is in the folder for good
	pending []Step // since it was last synced
	former  *file  // that had its name, and whose removal is not in the folder for good; nil: none
}

// Build writes the files into dir as the disk could have left them after so many steps; what became of writes that were
// not synced is drawn from rng.
func (r Recording) Build(moment int, rng *rand.Rand, dir string) error {
	files := map[string]*file{}
	for _, s := range r[:moment] {
		if s.Kind == Mark {
			continue
		}
		if files[s.File] == nil {
			files[s.File] = &file{}
		}
		if files[s.File].take(s) {
			for _, f := range files {
				f.there, f.former = f.open, nil
			}
		}
	}
	lost := losses[rng.IntN(len(losses))]
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if content, there := files[name].left(rng, lost); there {
			errs = append(errs, os.WriteFile(filepath.Join(dir, name), content, 0o600))
		}
	}
	return errors.Join(errs...)
}

// take does a step, and tells whether the folder was synced with it: SQLite does so when it first syncs a log or journal
// that it has made, and when it removes one on purpose.
func (f *file) take(s Step) (folder bool) {
	switch s.Kind {
	case Open:
		f.open = true
	case Sync:
		folder = s.Offset == 1 || !f.there && strings.Contains(s.File, "-")
		f.synced, f.pending = f.applied(), nil
	case Delete:
		former := *f
		*f = file{former: &former}
		folder = s.Offset == 1
	case Write, Truncate:
		f.pending = append(f.pending, s)
	}
	return folder
}

// applied is the file with everything that is pending. It may be f.synced itself, changed.
func (f *file) applied() []byte {
	content := f.synced
	for _, p := range f.pending {
		content = apply(content, p)
	}
	return content
}

// left draws what the disk has of a file. One that was never synced may have no name in its folder, and one that was
// removed may still have it.
func (f *file) left(rng *rand.Rand, lost loss) (content []byte, there bool) {
	switch {
	case f.former != nil && rng.IntN(2) == 0:
		return f.former.left(rng, lost)
	case !f.open, !f.there && rng.IntN(2) == 0:
		return nil, false
	}
	content = append([]byte(nil), f.synced...)
	for i, p := range f.pending {
		content = lost(content, p, i, len(f.pending), rng)
	}
	return content, true
}

// loss puts on the disk what it has of a step that was not synced, the i-th of n of its file.
type loss func(content []byte, s Step, i, n int, rng *rand.Rand) []byte

// losses are the ways in which un-synced steps go, one of which is drawn for a power cut.
var losses = []loss{
	func(content []byte, _ Step, _, _ int, _ *rand.Rand) []byte { return content }, // nothing was written
	func(content []byte, s Step, _, _ int, _ *rand.Rand) []byte { return apply(content, s) },
	eachAsItCame,
	eachAsItCame,
	backwards,
	garbled,
}

// eachAsItCame writes some, leaves others out, and tears the rest.
func eachAsItCame(content []byte, s Step, _, _ int, rng *rand.Rand) []byte {
	switch rng.IntN(3) {
	case 0:
		return apply(content, s)
	case 1:
		if s.Kind == Write {
			return tear(content, s, rng, false)
		}
	}
	return content
}

// backwards writes the last ones first, and the power goes about in the middle.
func backwards(content []byte, s Step, i, n int, rng *rand.Rand) []byte {
	switch {
	case 2*i > n:
		return apply(content, s)
	case 2*i == n && s.Kind == Write:
		return tear(content, s, rng, false)
	}
	return content
}

// garbled leaves anything in sectors whose write was cut off.
func garbled(content []byte, s Step, _, _ int, rng *rand.Rand) []byte {
	if s.Kind == Write && rng.IntN(2) == 0 {
		return tear(content, s, rng, true)
	}
	return apply(content, s)
}

// tear applies some sectors of a write; the others stay as they were, or hold anything.
func tear(content []byte, s Step, rng *rand.Rand, anything bool) []byte {
	for at := 0; at < len(s.Data); {
		end := min(len(s.Data), at+sector-int((s.Offset+int64(at))%sector))
		part := Step{Kind: Write, Offset: s.Offset + int64(at), Data: s.Data[at:end]}
		switch rng.IntN(4) {
		case 0, 1:
			content = apply(content, part)
		case 2:
			if anything {
				part.Data = make([]byte, end-at)
				for i := range part.Data {
					part.Data[i] = byte(rng.Uint32())
				}
				content = apply(content, part)
			}
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
