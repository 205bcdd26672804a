package authoring

import (
	"context"
	"os"
	"strings"

	"gantry/fault"
	"gantry/project"
)

// Publication is a text that is to become a workflow's file.
type Publication struct {
	Workflow, Text, Comment string
	Base                    string // version of the file that the text was made from; "": there is none
	Overwrite               bool   // whatever lies there
	Revision                int64  // of the draft that it came of, which goes; 0: there was none. Another one stays, unless it says the same
	By                      string // a login
}

// Publish checks a text beside everything else in use, makes it the workflow's file, keeps it as a version, and puts it
// into use before it returns. fault.NotChecked: it does not check, or others would not any more. fault.Conflict: the
// file is not what the text was made from. A text that is the file already is no new version.
func (s *Service) Publish(ctx context.Context, p Publication) (*Version, error) {
	comment, err := s.checkChange(p.Comment)
	if err == nil {
		err = checkText(p.Text)
	}
	if err != nil {
		return nil, err
	}
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	file, _, err := s.fileOf(p.Workflow)
	if err != nil {
		return nil, err
	}
	was, err := s.look(file)
	if err != nil {
		return nil, err
	}
	text := []byte(p.Text)
	is := &lying{text: text, hash: hashOf(text)}
	if !p.Overwrite && !is.same(was) && was.version() != p.Base {
		return nil, s.notBase(ctx, p.Workflow, file, p.Base, was)
	}
	if err := s.try(project.Trial{ID: p.Workflow, File: file, Text: text}); err != nil {
		return nil, err
	}
	in := intent{Workflow: p.Workflow, Kind: Published, Hash: is.hash, File: file, Comment: comment, By: p.By, At: s.now().UnixMicro(), Revision: p.Revision}
	if is.same(was) {
		if err := s.o.Store.Write(ctx, in.dropDraft); err != nil {
			return nil, err
		}
		return s.last(ctx, p.Workflow)
	}
	ctx = context.WithoutCancel(ctx) // from here on it is done to its end
	if err := s.write(ctx, in, text, was, p.Base); err != nil {
		return nil, err
	}
	if _, err := s.o.Project.Reload(ctx); err != nil {
		return nil, notInUse(err, p.Workflow)
	}
	return s.last(ctx, p.Workflow)
}

// begin has changes made one after the other, each over what lies on disk at that moment.
func (s *Service) begin(ctx context.Context) (end func(), err error) {
	s.publishing.Lock()
	if err = s.settlePending(ctx); err == nil {
		_, err = s.o.Project.Reload(ctx)
	}
	if err != nil {
		s.publishing.Unlock()
		return nil, err
	}
	return s.publishing.Unlock, nil
}

// write makes a text the file, with what is needed to know of it after a crash.
func (s *Service) write(ctx context.Context, in intent, text []byte, was *lying, base string) error {
	root, err := s.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if err := prepare(root, in.File, text, was); err != nil {
		return err
	}
	s.o.moment("prepared")
	texts := [][]byte{text}
	if was != nil {
		in.Replaced, texts = was.hash, append(texts, was.text)
	}
	if err := s.intend(ctx, in, texts...); err != nil {
		_ = root.Remove(tempOf(in.File)) // the error is told
		return err
	}
	s.o.moment("intended")
	changed, err := place(root, in.File, was)
	s.o.moment("placed")
	done, settled := s.settle(ctx, in, false)
	switch {
	case settled != nil:
		return settled
	case err != nil:
		return err
	case changed && !done:
		return s.overtaken(ctx, root, in, base)
	}
	return nil
}

// overtaken is the error of a file that somebody saved at this very moment.
func (s *Service) overtaken(ctx context.Context, root *os.Root, in intent, base string) error {
	is, err := lookIn(root, in.File)
	if err != nil {
		return err
	}
	return s.notBase(ctx, in.Workflow, in.File, base, is)
}

// try refuses a change that would not check, or that would break others.
func (s *Service) try(t project.Trial) error {
	breaks, err := s.o.Project.Try(t)
	if err != nil || len(breaks) == 0 {
		return err
	}
	var names []string
	list := make([]any, len(breaks))
	for i, b := range breaks {
		names = append(names, b.Workflow)
		list[i] = map[string]any{"workflow": b.Workflow, "file": b.File, "why": b.Why}
	}
	f := fault.New(fault.NotChecked, "with this text of %s, others would not check any more: %s: %s", t.ID, strings.Join(names, ", "), breaks[0].Why).
		WithHint("keep the inputs and outputs that they use, or change them first so that they do without")
	f.Detail = map[string]any{"breaks": list}
	return f
}

// notBase is the error of a file that is not what somebody's text was made from.
func (s *Service) notBase(ctx context.Context, id, file, base string, is *lying) error {
	f := fault.New(fault.Conflict, "%s has changed meanwhile: it is version %s now, and this is made from %s", file, is.version(), base).
		WithHint("look at what changed, and publish with that version as base; or overwrite it: what lies there is kept among the versions")
	switch {
	case is == nil:
		f.Message = file + " is gone: it was moved or removed meanwhile"
		f.Hint = "publish without a base to make it anew"
	case base == "":
		f.Message = "there is a workflow " + id + " already"
		f.Hint = "choose another name, or look at it and publish with its version as base"
	}
	detail := map[string]any{"version": is.version()}
	if last, err := s.last(ctx, id); err == nil && last.Version == is.version() {
		detail["by"], detail["at"], detail["comment"] = last.By, last.At, last.Comment
	}
	f.Detail = detail
	return f
}

func notInUse(err error, id string) error {
	return fault.Wrap(err, fault.From(err).Code, "%s is changed on disk, and is not in use yet: %s", id, fault.From(err).Message)
}

// last gives the newest version of a workflow.
func (s *Service) last(ctx context.Context, id string) (*Version, error) {
	all, err := s.Versions(ctx, id, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Missing, "the workflow %s has no versions yet", id)
	}
	return &all[0], nil
}
