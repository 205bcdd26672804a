package orgs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gantry/fault"
)

// How an override chooses.
const (
	UseDefault  = "default"  // the owner's default instance
	UseInstance = "instance" // by name
	UseSearch   = "search"   // the one whose name contains the text
	UseMapping  = "mapping"  // the one under which the organisation is mapped
)

// What happens when an override finds nothing.
const (
	FallbackDefault  = "default"   // the owner's default instance
	FallbackFailRun  = "fail_run"  // the run fails
	FallbackFailTask = "fail_task" // the task fails, and its transitions may handle that; also what an empty Fallback means
)

// Override is a trigger's or task's choice among the workflow owner's instances. Name is the instance's
// name or the text to search.
type Override struct {
	Use, Name, Fallback string
}

// Lent is what overrides lend to a task: instances of Owner, an organisation id (empty: the root). The
// task's override counts before the trigger's.
type Lent struct {
	Owner         string
	Task, Trigger *Override
}

// ResolveError is a resolution that an override made fail on purpose. FailRun tells that the run fails
// with it, whatever the task's transitions say.
type ResolveError struct {
	Fault   *fault.Error
	FailRun bool
}

func (e *ResolveError) Error() string { return e.Fault.Error() }

// Unwrap gives the fault.
func (e *ResolveError) Unwrap() error { return e.Fault }

// errNotThere carries why an override found nothing to its fallback, and what would mend that.
type errNotThere struct{ why, mend string }

func (e errNotThere) Error() string { return e.why }

// Resolve chooses the instance that a task works with: by the task's override, else by the trigger's, else
// the organisation's own default. title names the integration in errors (HaloPSA). The errors:
// fault.NotInstalled, alone or in a *ResolveError; fault.Tenant if the owner is not above the organisation.
func (s *Service) Resolve(ctx context.Context, org Organisation, integration, title string, lent Lent) (Instance, error) {
	in, err := s.resolve(ctx, org, integration, title, lent)
	return in.copy(), err
}

func (s *Service) resolve(ctx context.Context, org Organisation, integration, title string, lent Lent) (Instance, error) {
	t, org, err := s.live(ctx, org.ID)
	if err != nil {
		return Instance{}, err
	}
	override := lent.Task
	if override == nil {
		override = lent.Trigger
	}
	if override == nil {
		return s.ownDefault(ctx, org, integration, title)
	}
	owner := t.root
	if lent.Owner != "" {
		owner = lent.Owner
	}
	if !t.reaches(org.ID, owner) {
		return Instance{}, fault.New(fault.Tenant, "An override cannot lend %s an instance of an organisation that is not above it.", org.Name)
	}
	return s.lend(ctx, t.byID[owner], org, integration, title, *override)
}

func (s *Service) ownDefault(ctx context.Context, org Organisation, integration, title string) (Instance, error) {
	instances, err := s.ofIntegration(ctx, org.ID, integration)
	if err != nil {
		return Instance{}, err
	}
	if at := slices.IndexFunc(instances, func(in Instance) bool { return in.Default }); at >= 0 {
		return instances[at], nil
	}
	hint := addingTo(org, integration)
	if org.ParentID != "" {
		hint += fmt.Sprintf(", or let the workflow's trigger or task lend the MSP's: `integrations: {%s: {use: default}}`", integration)
	}
	return Instance{}, notInstalled(org, integration, title).WithHint("%s", hint)
}

// addingTo says how an organisation gets an instance; the MSP is whom commands mean without --org.
func addingTo(org Organisation, integration string) string {
	command := "gantry integrations add " + integration
	if org.ParentID != "" {
		command += " --org " + org.Slug
	}
	return "add it with `" + command + "`"
}

func notInstalled(org Organisation, integration, title string) *fault.Error {
	return fault.New(fault.NotInstalled, "%s integration is not installed for %s", orElse(title, integration), org.Name)
}

func orElse(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// lend applies an override and, where it finds nothing, its fallback.
func (s *Service) lend(ctx context.Context, owner, org Organisation, integration, title string, o Override) (Instance, error) {
	if err := o.check(); err != nil {
		return Instance{}, err
	}
	instances, err := s.ofIntegration(ctx, owner.ID, integration)
	if err != nil {
		return Instance{}, err
	}
	chosen, err := s.choose(ctx, instances, owner, org, integration, o)
	missing, notThere := errors.AsType[errNotThere](err)
	if !notThere {
		return chosen, err
	}
	if o.Fallback == FallbackDefault {
		if chosen, err = defaultOf(instances, owner); err == nil {
			return chosen, nil
		}
	}
	hint := fmt.Sprintf("the override `use: %s` found nothing: %s", o.Use, missing.why)
	if len(instances) == 0 {
		hint += "; " + addingTo(owner, integration)
	} else if missing.mend != "" {
		hint += "; " + missing.mend
	}
	f := notInstalled(org, integration, title).WithDetail(map[string]any{"override": o.Use, "owner": owner.Slug, "reason": missing.why}).
		WithHint("%s", hint)
	return Instance{}, &ResolveError{Fault: f, FailRun: o.Fallback == FallbackFailRun}
}

func (o Override) check() error {
	uses := []string{UseDefault, UseInstance, UseSearch, UseMapping}
	if !slices.Contains(uses, o.Use) {
		return invalid("An override cannot use %q.", shortened(o.Use)).WithHint("use one of %s", strings.Join(uses, ", "))
	}
	fallbacks := []string{"", FallbackDefault, FallbackFailRun, FallbackFailTask}
	if !slices.Contains(fallbacks, o.Fallback) {
		return invalid("An override has no fallback %q.", shortened(o.Fallback)).WithHint("use one of %s", strings.Join(fallbacks[1:], ", "))
	}
	return nil
}

// choose gives the instance that the override means, or errNotThere.
func (s *Service) choose(ctx context.Context, instances []Instance, owner, org Organisation, integration string, o Override) (Instance, error) {
	switch o.Use {
	case UseInstance:
		return pick(instances, owner, "named "+fmt.Sprintf("%q", o.Name), func(in Instance) bool { return foldedName(in.Name) == foldedName(o.Name) })
	case UseSearch:
		return search(instances, owner, o.Name)
	case UseMapping:
		return s.mapped(ctx, instances, owner, org, integration)
	}
	return defaultOf(instances, owner)
}

func defaultOf(instances []Instance, owner Organisation) (Instance, error) {
	return pick(instances, owner, "as its default", func(in Instance) bool { return in.Default })
}

func pick(instances []Instance, owner Organisation, what string, holds func(Instance) bool) (Instance, error) {
	if at := slices.IndexFunc(instances, holds); at >= 0 {
		return instances[at], nil
	}
	return notThere(instances, "%s has no instance %s", owner.Name, what)
}

// notThere says that none of the instances is meant, and which there are.
func notThere(instances []Instance, why string, args ...any) (Instance, error) {
	names := make([]string, len(instances))
	for i, in := range instances {
		names[i] = fmt.Sprintf("%q", in.Name)
	}
	return Instance{}, errNotThere{fmt.Sprintf(why, args...), "it has " + someOf(names)}
}

// search takes the one instance whose name contains the text, whatever its case; the very name wins.
// Several that contain it are none: which one would be a matter of luck.
func search(instances []Instance, owner Organisation, text string) (Instance, error) {
	if strings.TrimSpace(text) == "" {
		return notThere(instances, "the text to search is empty")
	}
	wanted := foldedName(text)
	var found []Instance
	for _, in := range instances {
		name := foldedName(in.Name)
		if name == wanted {
			return in, nil
		}
		if strings.Contains(name, wanted) {
			found = append(found, in)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return notThere(instances, "%s has no instance whose name contains %q", owner.Name, shortened(text))
	}
	return notThere(found, "%s has %d instances whose names contain %q", owner.Name, len(found), shortened(text))
}

// mapped takes the owner's instance under which the organisation is mapped. A mapping without an instance
// was made under the MSP's default one.
func (s *Service) mapped(ctx context.Context, instances []Instance, owner, org Organisation, integration string) (Instance, error) {
	m, ok, err := s.mapping(ctx, org.ID, integration)
	switch {
	case err != nil:
		return Instance{}, err
	case !ok:
		return Instance{}, errNotThere{org.Name + " is not mapped for " + integration,
			fmt.Sprintf("map it with `gantry mappings set %s ID --org %s`", integration, org.Slug)}
	case m.InstanceID == "" && owner.ParentID == "":
		return defaultOf(instances, owner)
	case m.InstanceID == "":
		return notThere(instances, "%s is mapped under the MSP's default instance, not under one of %s", org.Name, owner.Name)
	}
	return pick(instances, owner, "under which "+org.Name+" is mapped", func(in Instance) bool { return in.ID == m.InstanceID })
}
