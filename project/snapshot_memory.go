package project

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"time"
)

// memory are files that are only in memory, by path; the folders above them are there, too.
type memory map[string][]byte

// stat gives a file or folder.
func (m memory) stat(name string) (fs.FileInfo, error) {
	if text, ok := m[name]; ok {
		return memoryInfo{name: path.Base(name), size: int64(len(text)), mode: 0o444}, nil
	}
	for file := range m {
		if name == "." || strings.HasPrefix(file, name+"/") {
			return memoryInfo{name: path.Base(name), mode: fs.ModeDir | 0o555}, nil
		}
	}
	return nil, fs.ErrNotExist
}

// open gives a file.
func (m memory) open(name string) (fs.File, error) {
	info, err := m.stat(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &seenFile{info: info, Reader: bytes.NewReader(m[name])}, nil
}

// list gives what is in a folder, in no order.
func (m memory) list(dir string) (entries []fs.DirEntry) {
	before := dir + "/"
	if dir == "." {
		before = ""
	}
	listed := map[string]bool{}
	for file := range m {
		below, inside := strings.CutPrefix(file, before)
		name, _, _ := strings.Cut(below, "/")
		if !inside || listed[name] {
			continue
		}
		listed[name] = true
		if info, err := m.stat(before + name); err == nil {
			entries = append(entries, fs.FileInfoToDirEntry(info))
		}
	}
	return entries
}

// memoryInfo describes a file or folder that is only in memory.
type memoryInfo struct {
	name string
	size int64
	mode fs.FileMode
}

// Name implements fs.FileInfo.
func (i memoryInfo) Name() string { return i.name }

// Size implements fs.FileInfo.
func (i memoryInfo) Size() int64 { return i.size }

// Mode implements fs.FileInfo.
func (i memoryInfo) Mode() fs.FileMode { return i.mode }

// ModTime implements fs.FileInfo.
func (memoryInfo) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (i memoryInfo) IsDir() bool { return i.mode.IsDir() }

// Sys implements fs.FileInfo.
func (memoryInfo) Sys() any { return nil }

// nothing is a folder that is not there.
type nothing struct{}

// Open implements fs.FS.
func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
