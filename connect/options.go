package connect

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// Target is the instance whose entities organisations are mapped to, and whose it is.
type Target struct {
	Integration *actions.Integration
	Owner       orgs.Organisation
	Instance    orgs.Instance
}

// Target finds an instance of the owner by name, or its default one where the name is empty. The errors:
// fault.Missing for an unknown integration or instance, fault.Conflict where the integration knows no
// entities to map, fault.NotInstalled without a default.
func (s *Service) Target(ctx context.Context, integration string, owner orgs.Organisation, instance string) (Target, error) {
	of, ok := s.catalogue.Integration(integration)
	if !ok {
		return Target{}, fault.New(fault.Missing, "there is no integration %q", integration).
			WithHint("%s", source.DidYouMean(integration, s.catalogue.IntegrationIDs()))
	}
	if of.Mapping == nil {
		return Target{}, fault.New(fault.Conflict, "%s has nothing that organisations are mapped to", of.Title).
			WithHint("its integration.yaml would need a mapping")
	}
	var in orgs.Instance
	var err error
	if instance != "" {
		in, err = s.orgs.Instance(ctx, owner.ID, of.ID, instance)
	} else {
		in, err = s.orgs.Resolve(ctx, owner, of.ID, of.Title, orgs.Lent{})
	}
	return Target{of, owner, in}, err
}

// Options are the entities that organisations can be mapped to, as they were when last read.
type Options struct {
	Integration string        `json:"integration"`
	Instance    string        `json:"instance"` // its name
	ReadAt      time.Time     `json:"read_at"`
	Entities    []orgs.Entity `json:"entities"`
}

// longestName is how many characters of an entity's name are kept.
const longestName = 255

// RefreshOptions reads the entities from the other system, all pages, and keeps them with the time. What
// the other system answers wrongly is a *ReadError.
func (s *Service) RefreshOptions(ctx context.Context, t Target) (Options, error) {
	rows, err := s.readEntities(ctx, t, t.Integration.Mapping.With)
	if err != nil {
		return Options{}, err
	}
	return s.keepOptions(ctx, t, rows)
}

func (s *Service) keepOptions(ctx context.Context, t Target, rows []readEntity) (Options, error) {
	entities := make([]orgs.Entity, len(rows))
	for i, row := range rows {
		entities[i] = row.Entity
	}
	at, err := s.orgs.SaveOptions(ctx, t.Owner.ID, t.Instance.ID, entities)
	return Options{t.Integration.ID, t.Instance.Name, at, entities}, err
}

// readAgain reads the entities once more for a change, and keeps them unless the change is only tried.
func (s *Service) readAgain(ctx context.Context, t Target, dry bool) ([]readEntity, error) {
	rows, err := s.readEntities(ctx, t, t.Integration.Mapping.With)
	if err == nil && !dry {
		_, err = s.keepOptions(ctx, t, rows)
	}
	return rows, err
}

// Options gives the entities as they were last read, without asking the other system; fault.Missing where
// they never were.
func (s *Service) Options(ctx context.Context, t Target) (Options, error) {
	entities, at, known, err := s.orgs.Options(ctx, t.Owner.ID, t.Instance.ID)
	if err == nil && !known {
		err = fault.New(fault.Missing, "it is not known yet what %s has", t.named()).
			WithHint("read it with `%s`", t.command("refresh"))
	}
	return Options{t.Integration.ID, t.Instance.Name, at, entities}, err
}

func (t Target) named() string { return fmt.Sprintf("%s (%s)", t.Integration.Title, t.Instance.Name) }

// command is how a mapping command is called for the target.
func (t Target) command(word string) string {
	text := "gantry mappings " + word + " " + t.Integration.ID
	if t.Owner.ParentID != "" {
		text += " --owner " + t.Owner.Slug
	}
	if !t.Instance.Default {
		text += " --instance " + source.ShellWord(t.Instance.Name)
	}
	return text
}

// ReadError is that the other system could not be read: the work failed, not the call.
type ReadError struct{ Fault *fault.Error }

func (e *ReadError) Error() string { return e.Fault.Error() }

// Unwrap gives the fault.
func (e *ReadError) Unwrap() error { return e.Fault }

// readEntity is an entity with all that the other system says of it.
type readEntity struct {
	orgs.Entity
	data map[string]any
}

// readEntities reads entities in the order in which they come. A list that changes while its pages are read
// may give one twice, so each id counts once.
func (s *Service) readEntities(ctx context.Context, t Target, with map[string]any) ([]readEntity, error) {
	rule := t.Integration.Mapping
	out, err := s.Call(ctx, rule.Action, with, t.Owner, t.Instance)
	if err != nil {
		return nil, err
	}
	if out.Err != nil {
		return nil, &ReadError{fault.Wrap(out.Err, out.Err.Code, "%s could not be read: %s", t.named(), out.Err.Message).
			WithHint("%s", out.Err.Hint).WithDetail(out.Err.Detail)}
	}
	list, _ := out.Result.([]any)
	seen := make(map[string]bool, len(list))
	rows := make([]readEntity, 0, len(list))
	for _, item := range list {
		data, _ := item.(map[string]any)
		id := text(data[rule.ID])
		if id == "" || len(id) > longestName || source.OneLine(id) != id || seen[id] { // an id that could not be kept, nor shown
			continue
		}
		seen[id] = true
		rows = append(rows, readEntity{orgs.Entity{ID: id, Name: nameOf(text(data[rule.Name]))}, data})
	}
	return rows, nil
}

// nameOf makes a name as it came fit to be kept and shown.
func nameOf(raw string) string {
	name := []rune(strings.TrimSpace(source.OneLine(strings.ToValidUTF8(raw, "�"))))
	return strings.TrimSpace(string(name[:min(len(name), longestName)]))
}

// text writes an id or a name; ids come as numbers.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
