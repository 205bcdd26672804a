package orgs

import (
	"context"
	"slices"

	"gantry/fault"
	"gantry/source"
)

// ApplyOptions say how a file is applied.
type ApplyOptions struct {
	// Prune removes what the file does not have: organisations, and in the sections that an organisation has
	// there variables, instances, secret fields and mappings. Removed organisations can be restored.
	Prune bool
	// DryRun plans and changes nothing.
	DryRun bool
	// Expect, where given, is the plan that somebody agreed to; another one is refused with fault.Conflict.
	Expect []Change
	// Secret gives the value of env:NAME or file:PATH. Without it such secrets are refused.
	Secret func(from string) (string, error)
	// Config checks an instance's fields against what its integration asks for and gives them as they are to
	// be kept; secrets are the names of its secret fields. Without it they are kept as they are.
	Config func(integration string, config map[string]any, secrets []string) (map[string]any, error)
}

// Plan is what applying a file did, or would do. Warnings tell what is left to a person.
type Plan struct {
	Changes  []Change
	Warnings source.Diagnostics
}

// Removals counts what the plan takes away.
func (p Plan) Removals() int {
	n := 0
	for _, c := range p.Changes {
		if c.Action == ActionRemove {
			n++
		}
	}
	return n
}

// Apply makes the organisations what the file says, all or nothing, and gives what that changed. Applying
// the same file again changes nothing. What is wrong comes as source.Diagnostics, at its places in the file.
func (s *Service) Apply(ctx context.Context, file *File, options ApplyOptions) (Plan, error) {
	secrets, err := file.readSecrets(options.Secret)
	if err != nil {
		return Plan{}, err
	}
	var plan Plan
	err = s.perform(ctx, options.DryRun, func(p *planner) error {
		a := &applier{planner: p, file: file, options: options, secrets: secrets,
			declared: make(map[string]*Declared), progress: make(map[string]progress), ids: make(map[*Declared]string), declares: make(map[string]*Declared), mapped: make(map[[2]string]bool), remapped: make(map[[2]string]DeclaredMapping)}
		a.plan()
		if err := a.ds.Err(); err != nil {
			a.ds.Sort()
			return a.ds
		}
		plan = Plan{Changes: p.changes(), Warnings: a.ds}
		if options.Expect != nil && !slices.Equal(plan.Changes, options.Expect) {
			return fault.New(fault.Conflict, "The organisations have changed since the plan was made, so nothing was done.").
				WithHint("look at the plan of now and apply the file again")
		}
		return nil
	})
	if err != nil {
		return Plan{}, err
	}
	return plan, nil
}

// readSecrets reads every secret that the file refers to, each source once.
func (f *File) readSecrets(read func(from string) (string, error)) (map[string]string, error) {
	secrets := map[string]string{}
	var ds source.Diagnostics
	for _, ref := range f.secretRefs() {
		if _, known := secrets[ref.From]; known || ref.Keep {
			continue
		}
		if read == nil {
			ds.Errorf(ref.pos, "secret", "the secret %s cannot be read from %s here", ref.Name, ref.From)
			continue
		}
		clear, err := read(ref.From)
		if err == nil {
			err = checkSecret("secret "+ref.Name, clear)
		}
		if err != nil {
			noteFault(&ds, ref.pos, err)
			continue
		}
		secrets[ref.From] = clear
	}
	ds.Sort()
	return secrets, ds.Err()
}

// SecretSources gives each env:NAME and file:PATH that the file takes a secret from, once, in the file's order.
func (f *File) SecretSources() []string {
	var sources []string
	known := map[string]bool{}
	for _, ref := range f.secretRefs() {
		if !ref.Keep && !known[ref.From] {
			known[ref.From] = true
			sources = append(sources, ref.From)
		}
	}
	return sources
}

func (f *File) secretRefs() []SecretRef {
	var refs []SecretRef
	for _, d := range f.Organisations {
		for _, v := range valueOr(d.Variables) {
			if v.Secret != nil {
				refs = append(refs, *v.Secret)
			}
		}
		for _, in := range valueOr(d.Instances) {
			refs = append(refs, valueOr(in.Secrets)...)
		}
	}
	return refs
}

// valueOr gives the list that a section has, none where the section is missing.
func valueOr[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}
