package authoring

import (
	"context"
	"errors"
	"os"
	"path"
	"strings"

	"gantry/fault"
	"gantry/project"
)

// Move is another id for a workflow.
type Move struct{ Workflow, To, Comment, By string }

// Move gives a workflow's file another place, and so the workflow another id. Workflows that others use, or that would
// not check there, are not moved.
func (s *Service) Move(ctx context.Context, m Move) (*Version, error) {
	comment, err := s.checkChange(m.Comment)
	if err != nil {
		return nil, err
	}
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	from, was, err := s.lies(m.Workflow)
	if err != nil {
		return nil, err
	}
	to, err := s.free(m.To)
	if err != nil {
		return nil, err
	}
	if err := s.unused(m.Workflow, "moved"); err != nil {
		return nil, err
	}
	if err := s.try(project.Trial{ID: m.To, File: to, Text: was.text, Without: from}); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	in := intent{Workflow: m.Workflow, Kind: Moved, Hash: was.hash, File: from, Other: m.To, ToFile: to, Replaced: was.hash, Comment: comment, By: m.By, At: s.now().UnixMicro()}
	if err := s.takeAway(ctx, in, was, func(root *os.Root) error { return rename(root, from, to) }); err != nil {
		return nil, err
	}
	return s.last(ctx, m.To)
}

// lies gives a workflow's file and what is in it.
func (s *Service) lies(id string) (file string, is *lying, err error) {
	file, there, err := s.fileOf(id)
	if err != nil {
		return "", nil, err
	}
	if there {
		is, err = s.look(file)
	}
	if err == nil && is == nil {
		err = fault.New(fault.Missing, "there is no workflow %q", id)
	}
	return file, is, err
}

// free gives the file of a workflow that there is not yet.
func (s *Service) free(id string) (string, error) {
	file, there, err := s.fileOf(id)
	if err != nil {
		return "", err
	}
	if !there {
		var is *lying
		is, err = s.look(file)
		there = is != nil
	}
	if err == nil && there {
		err = fault.New(fault.Exists, "there is a workflow %s already", id).WithHint("choose another name")
	}
	return file, err
}

// unused refuses to take away what others lead to.
func (s *Service) unused(id, done string) error {
	users := s.UsersOf(id)
	if len(users) == 0 {
		return nil
	}
	f := fault.New(fault.Conflict, "%s is used by %s, so it is not %s", id, strings.Join(users, ", "), done).
		WithHint("change them first so that they do without it")
	f.Detail = map[string]any{"users": users}
	return f
}

// takeAway does something after which a file is gone, with what is needed to know of it after a crash, and has the
// project do without the file.
func (s *Service) takeAway(ctx context.Context, in intent, was *lying, do func(*os.Root) error) error {
	root, err := s.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if err := s.intend(ctx, in, was.text); err != nil {
		return err
	}
	s.o.moment("intended")
	is, err := lookIn(root, in.File)
	if err == nil && is.same(was) {
		err = do(root)
	} else if err == nil {
		err = s.notBase(ctx, in.Workflow, in.File, was.version(), is)
	}
	s.o.moment("placed")
	done, settled := s.settle(ctx, in, false)
	if err = errors.Join(err, settled); err != nil || !done {
		return err
	}
	if _, err := s.o.Project.ReloadTaken(ctx, in.File); err != nil {
		return notInUse(err, in.Workflow)
	}
	return nil
}

func rename(root *os.Root, from, to string) error {
	if err := makeFolders(root, path.Dir(to)); err != nil {
		return unwritable(to, err)
	}
	if is, err := lookIn(root, to); err != nil || is != nil {
		return errors.Join(err, fault.New(fault.Exists, "%s is there already", to))
	}
	if err := root.Rename(from, to); err != nil {
		return unwritable(to, err)
	}
	if err := errors.Join(syncFolder(root, path.Dir(to)), syncFolder(root, path.Dir(from))); err != nil {
		return unwritable(to, err)
	}
	return nil
}

// Removal takes a workflow away.
type Removal struct {
	Workflow, Comment, By string
	Base                  string // version of the file that is meant
}

// Remove removes a workflow's file. Its versions stay. One that others use is not removed.
func (s *Service) Remove(ctx context.Context, r Removal) (*Version, error) {
	comment, err := s.checkChange(r.Comment)
	if err != nil {
		return nil, err
	}
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	file, was, err := s.lies(r.Workflow)
	if err != nil {
		return nil, err
	}
	if was.version() != r.Base {
		return nil, s.notBase(ctx, r.Workflow, file, r.Base, was)
	}
	if err := s.unused(r.Workflow, "removed"); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	in := intent{Workflow: r.Workflow, Kind: Removed, File: file, Replaced: was.hash, Comment: comment, By: r.By, At: s.now().UnixMicro()}
	err = s.takeAway(ctx, in, was, func(root *os.Root) error {
		if err := root.Remove(file); err != nil {
			return unwritable(file, err)
		}
		if err := syncFolder(root, path.Dir(file)); err != nil {
			return unwritable(file, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.last(ctx, r.Workflow)
}
