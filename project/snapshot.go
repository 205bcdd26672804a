package project

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// snapshot is a folder as it was when each of its files was first looked at, so that reading it several
// times gives the same, whatever editors do meanwhile. It is safe for concurrent use.
type snapshot struct {
	base fs.FS
	mu   sync.Mutex
	seen map[string]*seen
}

// seen is a file or folder as it was.
type seen struct {
	info    fs.FileInfo
	entries []fs.DirEntry
	text    []byte
	err     error // of looking at it, or of reading it
}

// maxSeen bounds one file, in bytes. The loaders refuse much smaller ones with better words.
const maxSeen = 64 << 20

func newSnapshot(base fs.FS) *snapshot { return &snapshot{base: base, seen: map[string]*seen{}} }

func (s *snapshot) look(name string) *seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.seen[name]
	if !ok {
		it = s.read(name)
		s.seen[name] = it
	}
	return it
}

// read never opens what is neither folder nor ordinary file: a pipe would keep us waiting.
func (s *snapshot) read(name string) *seen {
	it := &seen{}
	if it.info, it.err = fs.Stat(s.base, name); it.err != nil {
		return it
	}
	switch mode := it.info.Mode(); {
	case mode.IsDir():
		it.entries, it.err = fs.ReadDir(s.base, name)
	case !mode.IsRegular():
	case it.info.Size() > maxSeen:
		it.err = errors.New("it is too large")
	default:
		it.text, it.err = fs.ReadFile(s.base, name)
	}
	return it
}

// gone tells a file that is not there, or no longer a file, from one that cannot be looked at.
func (s *snapshot) gone(name string) bool {
	it := s.look(name)
	if it.err != nil {
		return errors.Is(it.err, fs.ErrNotExist) || errors.Is(it.err, syscall.ENOTDIR)
	}
	return !it.info.Mode().IsRegular()
}

// texts are the contents of all YAML files that somebody has read so far.
func (s *snapshot) texts() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]byte{}
	for name, it := range s.seen {
		if it.err == nil && it.info.Mode().IsRegular() && isYAML(name) {
			all[name] = it.text
		}
	}
	return all
}

// unread are the files and folders that are there and could not be read by who looked at them so far, with the reason.
func (s *snapshot) unread() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for name, it := range s.seen {
		switch {
		case it.err != nil && !errors.Is(it.err, fs.ErrNotExist) && !errors.Is(it.err, syscall.ENOTDIR):
			all[name] = it.err.Error()
		case it.err == nil && !it.info.IsDir() && !it.info.Mode().IsRegular():
			all[name] = it.info.Mode().Type().String()
		}
	}
	return all
}

func isYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// view is a snapshot in which some files have another content, or are there although they are not.
type view struct {
	*snapshot
	instead memory
}

func (s *snapshot) with(texts map[string][]byte) view { return view{s, texts} }

// Open implements fs.FS.
func (v view) Open(name string) (fs.File, error) {
	if v.replaces(name) {
		return v.instead.open(name)
	}
	it := v.look(name)
	if it.err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: it.err}
	}
	return &seenFile{info: it.info, Reader: bytes.NewReader(it.text)}, nil
}

// Stat implements fs.StatFS.
func (v view) Stat(name string) (fs.FileInfo, error) {
	if v.replaces(name) {
		return v.instead.stat(name)
	}
	it := v.look(name)
	if it.info == nil {
		if info, err := v.instead.stat(name); err == nil {
			return info, nil
		}
		return nil, &fs.PathError{Op: "stat", Path: name, Err: it.err}
	}
	return it.info, nil
}

// ReadDir implements fs.ReadDirFS.
func (v view) ReadDir(name string) ([]fs.DirEntry, error) {
	it := v.look(name)
	added := v.instead.list(name)
	if len(added) == 0 {
		if it.err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: it.err}
		}
		return it.entries, nil
	}
	all := map[string]fs.DirEntry{}
	for _, entry := range added {
		all[entry.Name()] = entry
	}
	for _, entry := range it.entries {
		if _, also := all[entry.Name()]; !also || v.look(path.Join(name, entry.Name())).err == nil {
			all[entry.Name()] = entry
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }), nil
}

func (v view) replaces(name string) bool {
	_, ok := v.instead[name]
	return ok
}

// seenFile is an open file of a snapshot.
type seenFile struct {
	info fs.FileInfo
	io.Reader
}

// Stat implements fs.File.
func (f *seenFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements fs.File.
func (f *seenFile) Close() error { return nil }
