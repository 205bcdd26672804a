package crates

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gantry/engine/workflow"
	"gantry/source"
)

// maxFile bounds a file that is read; the parser's own limit is the same.
const maxFile = 10 << 20

// WorkflowFiles finds the workflow files below dir of a project: *.yaml and *.yml in any depth, each with
// the id prefix + path without the ending. What cannot be read is reported. A missing dir holds none.
func WorkflowFiles(fsys fs.FS, dir, prefix string, ds *source.Diagnostics) []workflow.File {
	return workflowFiles(fsys, dir, dir, prefix, ds)
}

func workflowFiles(fsys fs.FS, dir, as, prefix string, ds *source.Diagnostics) []workflow.File {
	w := &walk{fsys: fsys, dir: dir, as: as, prefix: prefix, ds: ds}
	_ = fs.WalkDir(fsys, dir, w.visit) // visit reports errors and goes on
	return w.files
}

type walk struct {
	fsys            fs.FS
	dir, as, prefix string
	ds              *source.Diagnostics
	files           []workflow.File
}

// segment is what a part of a workflow's id may be: it stands in commands, addresses and file names.
var segment = regexp.MustCompile(`^[\pL\pN][\pL\pN._ -]*$`)

// IsID tells whether a file can be named so that it holds a workflow of this id.
func IsID(id string) bool {
	for part := range strings.SplitSeq(id, "/") {
		if !segment.MatchString(part) {
			return false
		}
	}
	return true
}

func (w *walk) visit(name string, entry fs.DirEntry, err error) error {
	below := strings.TrimPrefix(strings.TrimPrefix(name, w.dir), "/")
	shown := path.Join(w.as, below)
	switch {
	case err != nil:
		if below != "" || !isMissing(err) {
			w.ds.Errorf(source.Pos{File: shown}, "unreadable", "it cannot be read: %s", Reason(err))
		}
		return fs.SkipDir
	case below == "":
		return nil
	case strings.HasPrefix(entry.Name(), "."):
		return skip(entry)
	case entry.IsDir():
		return nil
	case entry.Type()&fs.ModeSymlink != 0:
		if _, isFile := idOf(below); !isFile && w.leadsToFolder(name) {
			w.ds.Warnf(source.Pos{File: shown}, "link", "this link is not followed: it leads to a folder, or out of the project").Hint = "link to the files, or copy the folder"
			return nil
		}
	}
	if id, ok := idOf(below); ok {
		w.take(name, shown, w.prefix+id)
	}
	return nil
}

// leadsToFolder tells whether a link leads to a folder, or out of the project.
func (w *walk) leadsToFolder(name string) bool {
	info, err := fs.Stat(w.fsys, name)
	return err != nil || info.IsDir()
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func idOf(below string) (string, bool) {
	for _, ending := range []string{".yaml", ".yml"} {
		if id, ok := strings.CutSuffix(below, ending); ok {
			return id, true
		}
	}
	return "", false
}

func (w *walk) take(name, shown, id string) {
	for part := range strings.SplitSeq(id, "/") {
		if !IsID(part) {
			w.ds.Errorf(source.Pos{File: shown}, "bad-name", "%q cannot be part of a workflow's id", part).Hint = "use letters, digits, hyphens, underscores and dots in the names of files and folders"
			return
		}
	}
	text, err := readFile(w.fsys, name)
	if err != nil {
		w.ds.Errorf(source.Pos{File: shown}, "unreadable", "the file cannot be read: %s", Reason(err))
		return
	}
	w.files = append(w.files, workflow.File{ID: id, Name: shown, Text: text})
}

// readFile reads an ordinary file of bounded size: never a pipe, which could keep us waiting for ever.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not an ordinary file")
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	return text, err
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// Reason gives the part of a file error that people understand: without the operation and the path,
// which the diagnostic names already.
func Reason(err error) string {
	e, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err.Error()
	case strings.Contains(e.Err.Error(), "escapes"):
		return "it is a link that leads out of the project"
	}
	return e.Err.Error()
}
