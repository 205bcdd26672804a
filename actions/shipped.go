package actions

import (
	"embed"
	"io/fs"
	"path"
	"sync"

	"gantry/schema"
	"gantry/source"
)

//go:embed core/*.yaml halo/*.yaml
var builtin embed.FS

// Builtin is the catalogue that ships. Making it reads the names alone: an integration, a type or an action
// is parsed and compiled when it is first asked for, once. A test proves that all of them are right.
func Builtin() *Catalogue { return shipped() }

var shipped = sync.OnceValue(makeShipped)

func makeShipped() *Catalogue {
	c := newCatalogue()
	folders, _ := fs.ReadDir(builtin, ".")
	for _, folder := range folders {
		s := &shelf{catalogue: c, id: folder.Name()}
		if s.id != coreID {
			s.integration = sync.OnceValue(s.readIntegration)
			c.integrations[s.id] = s.integration
		}
		files, _ := fs.ReadDir(builtin, s.id)
		for _, file := range files {
			s.take(outlineOf(s.text(file.Name())))
		}
	}
	return c
}

// shelf is a shipped folder in the catalogue: what stands there is taken down when it is asked for.
type shelf struct {
	catalogue   *Catalogue
	id          string
	integration func() *Integration // nil for core
}

// text gives a file's path and text.
func (s *shelf) text(name string) (file, text string) {
	file = path.Join(s.id, name)
	bytes, _ := builtin.ReadFile(file)
	return file, string(bytes)
}

func (s *shelf) take(o outline) {
	for name, p := range o.types {
		full := s.id + "." + name
		s.catalogue.types[full] = sync.OnceValue(func() *schema.Type { return s.readType(full, p) })
	}
	for name, p := range o.actions {
		s.catalogue.actions[s.id+"."+name] = sync.OnceValue(func() *Action { return s.readAction(p) })
	}
	for name, p := range o.polls {
		s.catalogue.polls[s.id+"."+name] = sync.OnceValue(func() *Poll {
			f := s.folder()
			return unlessWrong(f, f.readPoll(p.parse(f.ds)))
		})
	}
	for name, p := range o.webhooks {
		s.catalogue.webhooks[s.id+"."+name] = sync.OnceValue(func() *WebhookPreset {
			f := s.folder()
			return unlessWrong(f, f.readWebhook(p.parse(f.ds)))
		})
	}
}

// folder is the reader of one thing on the shelf. It looks up what that needs in the catalogue.
func (s *shelf) folder() *folder {
	f := &folder{catalogue: s.catalogue, id: s.id, dir: s.id, core: true, ds: &source.Diagnostics{}}
	f.types = newTypeTable(f)
	return f
}

func (s *shelf) readIntegration() *Integration {
	f := s.folder()
	f.integration = &Integration{ID: s.id}
	head := &file{name: path.Join(s.id, integrationFile)}
	f.ds.Add(head.parse(builtin)...)
	if head.root != nil {
		f.readIntegration(head)
	}
	return unlessWrong(f, f.integration)
}

func (s *shelf) readType(name string, p part) *schema.Type {
	f := s.folder()
	return unlessWrong(f, f.types.read(name, p.parse(f.ds)))
}

func (s *shelf) readAction(p part) *Action {
	f := s.folder()
	f.owner = s.integration
	return unlessWrong(f, f.readAction(p.parse(f.ds)))
}

// unlessWrong is what was read, nil if it has mistakes.
func unlessWrong[T any](f *folder, read *T) *T {
	if f.ds.HasErrors() {
		return nil
	}
	return read
}
