package authoring

import (
	"strings"
	"unicode/utf8"

	"gantry/crates"
	"gantry/fault"
	"gantry/project"
)

// Bounds of what people write.
const (
	MostText    = 1 << 20 // bytes of a workflow's text
	mostID      = 200     // bytes of a workflow's id
	mostComment = 2000    // characters
)

// fileOf gives the file, below the project, in which people change a workflow, and whether there is one in use.
// Workflows of crates are not changed here.
func (s *Service) fileOf(id string) (file string, there bool, err error) {
	if file, there = s.o.Project.FileOf(id); there {
		if !strings.HasPrefix(file, project.WorkflowsFolder+"/") {
			crate, _, _ := strings.Cut(id, "/")
			return "", false, fault.New(fault.Conflict, "%s belongs to the crate %s, whose workflows are not changed here", id, crate).
				WithHint("publish its text under another name, and switch the crate's own triggers off")
		}
		return file, true, nil
	}
	if !crates.IsID(id) || len(id) > mostID {
		return "", false, fault.New(fault.InvalidInput, "%q cannot be a workflow's id", id).
			WithHint("it is the file's path below workflows, such as triage/new-ticket: letters, digits, hyphens, underscores and dots, %d bytes at most", mostID)
	}
	return project.WorkflowsFolder + "/" + id + ".yaml", false, nil
}

// checkText refuses what is too large to be kept.
func checkText(text string) error {
	if len(text) > MostText {
		return fault.New(fault.TooLarge, "the text is %d KiB, and a workflow's is at most %d KiB", len(text)>>10, MostText>>10).
			WithHint("move a part of it into a workflow of its own")
	}
	if !utf8.ValidString(text) {
		return fault.New(fault.InvalidInput, "the text is not UTF-8")
	}
	return nil
}

// checkChange refuses what the project's settings do not allow, and gives the comment as it is kept.
func (s *Service) checkChange(comment string) (string, error) {
	if err := s.Allowed(); err != nil {
		return "", err
	}
	comment = strings.TrimSpace(comment)
	if comment == "" && s.o.Publishing.NeedsComment {
		return "", fault.New(fault.InvalidInput, "a comment is needed: gantry.yaml says publishing.comment: required").
			WithHint("say in a few words what the change is for")
	}
	if utf8.RuneCountInString(comment) > mostComment {
		return "", fault.New(fault.TooLarge, "the comment has more than %d characters", mostComment)
	}
	return comment, nil
}
