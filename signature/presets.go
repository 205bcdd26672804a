package signature

import (
	_ "embed"
	"maps"
	"slices"
	"sync"

	"gantry/source"
)

//go:embed presets.yaml
var presetsFile []byte

// Preset is a sender that is known by name.
type Preset struct {
	Name, Title, Docs string
	Scheme            Scheme
	Dedupe            Dedupe
}

// Dedupe says what tells deliveries apart: By is header, body or field, and Name the header or the body's field.
type Dedupe struct{ By, Name string }

var presets = sync.OnceValue(func() map[string]Preset {
	all, ds := parsePresets("presets.yaml", presetsFile)
	if ds.HasErrors() {
		panic(ds.Error()) // the file is part of the program, and a test reads it
	}
	return all
})

// Presets lists the known senders by name.
func Presets() []Preset {
	var all []Preset
	for _, name := range slices.Sorted(maps.Keys(presets())) {
		all = append(all, presets()[name])
	}
	return all
}

// PresetOf finds a known sender.
func PresetOf(name string) (Preset, bool) {
	p, ok := presets()[name]
	return p, ok
}

func parsePresets(file string, text []byte) (map[string]Preset, source.Diagnostics) {
	root, ds := source.Parse(file, text)
	all := map[string]Preset{}
	if root == nil {
		return all, ds
	}
	for _, e := range root.Entries {
		f := source.ReadFields(e.Value, e.Key, &ds)
		p := Preset{Name: e.Key, Title: f.Text("title"), Docs: f.Text("docs")}
		for _, way := range []Way{SecretHeader, Basic, HMAC} {
			if n := f.Node(string(way)); n != nil {
				p.Scheme = readScheme(way, n, &ds)
			}
		}
		p.Dedupe = readDedupe(f.Node("dedupe"), &ds)
		f.Close()
		if key, problem := p.Scheme.Problem(); problem != "" || p.Scheme.Way == "" || p.Title == "" || p.Docs == "" {
			ds.Errorf(e.KeyPos, "bad-preset", "%s is not complete: %s %s", e.Key, key, problem)
		}
		all[e.Key] = p
	}
	return all, ds
}

func readDedupe(n *source.Node, ds *source.Diagnostics) Dedupe {
	f := source.ReadFieldsOptional(n, "dedupe", ds)
	d := Dedupe{By: f.Text("by")}
	if d.By == "header" || d.By == "field" {
		d.Name = f.Text(d.By)
	}
	f.Close()
	return d
}

func readScheme(way Way, n *source.Node, ds *source.Diagnostics) Scheme {
	f := source.ReadFieldsOptional(n, string(way), ds)
	for key := range (&Scheme{Way: way}).texts() {
		f.Text(key)
	}
	f.Close()
	data, _ := n.Data().(map[string]any)
	return Of(way, data)
}

// Of makes a scheme of what stands below secret_header, basic or hmac; what else stands there (secret, user,
// tolerance) is the trigger's own business.
func Of(way Way, data map[string]any) Scheme {
	s := Scheme{Way: way}
	for key, field := range s.texts() {
		*field, _ = data[key].(string)
	}
	return s.Complete()
}

// texts are the keys of a scheme and where their values go.
func (s *Scheme) texts() map[string]*string {
	switch s.Way {
	case SecretHeader:
		return map[string]*string{"header": &s.Header}
	case HMAC:
		return map[string]*string{
			"header": &s.Header, "algorithm": &s.Algorithm, "encoding": &s.Encoding, "prefix": &s.Prefix, "separator": &s.Separator,
			"secret_encoding": &s.SecretEncoding, "content": &s.Content, "id_header": &s.IDHeader,
			"timestamp_header": &s.TimestampHeader, "timestamp_prefix": &s.TimestampPrefix, "timestamp_format": &s.TimestampFormat,
		}
	}
	return nil
}
