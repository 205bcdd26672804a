package crates

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/schema"
	"gantry/source"
)

// semver is the grammar of https://semver.org, version 2.0.0.
var semver = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)` +
	`(-((0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?` +
	`(\+([0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*))?$`)

func (l *loader) read(c *Crate) {
	fields := source.ReadFields(c.root, File, l.ds)
	c.Title = l.text(fields, "title")
	c.Description = l.text(fields, "description")
	c.Icon, c.Docs = fields.Text("icon"), fields.Text("docs")
	if n := fields.Required("version"); n != nil {
		version, isText := n.Value.(string)
		switch {
		case !isText || !semver.MatchString(version):
			l.ds.Errorf(n.Pos, "bad-value", "version must be text such as 1.0.0").Hint = "three numbers, as on https://semver.org; raise the last one for a mended mistake"
		default:
			c.Version = version
		}
	}
	needs := source.ReadFieldsOptional(fields.Node("needs"), "needs", l.ds)
	c.Needs = l.needs(needs.Node("integrations"))
	needs.Close()
	if n := fields.Node("settings"); n != nil && n.Kind != source.Map {
		source.WrongKind(l.ds, n, "settings", "a map of names and their types")
	} else if n != nil {
		c.Settings = schema.ParseFields(n, l.catalogue.Type, l.ds)
		l.checkSettings(c.Settings, n)
	}
	fields.Close()
}

// text reads a key that must be there and say something.
func (l *loader) text(fields *source.Fields, key string) string {
	if fields.Required(key) == nil {
		return ""
	}
	n := fields.TextNode(key)
	if n == nil {
		return ""
	}
	text := strings.TrimSpace(n.Value.(string))
	if text == "" {
		l.ds.Errorf(n.Pos, "bad-value", "%s is empty", key)
	}
	return text
}

// needs reads integrations: a map of their ids and why the crate needs them.
func (l *loader) needs(n *source.Node) (needs []Need) {
	if n == nil {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(l.ds, n, "integrations", "a map of integrations and what they are needed for, such as {halo: reads the tickets}")
		return nil
	}
	for _, entry := range n.Entries {
		why, isText := entry.Value.Value.(string)
		if !isText || strings.TrimSpace(why) == "" {
			l.ds.Errorf(entry.Value.Pos, "bad-value", "say in words what the crate needs %s for", entry.Key)
			continue
		}
		if _, known := l.catalogue.Integration(entry.Key); !known {
			l.ds.Errorf(entry.KeyPos, "unknown-integration", "there is no integration %q", entry.Key).Hint = source.DidYouMean(entry.Key, integrationIDs(l.catalogue))
			continue
		}
		needs = append(needs, Need{Integration: entry.Key, Why: strings.TrimSpace(why), Pos: entry.KeyPos})
	}
	return needs
}

func integrationIDs(c *actions.Catalogue) []string {
	ids := map[string]bool{}
	for _, i := range c.Integrations() {
		ids[i.ID] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// checkSettings wants of each setting what its form will show.
func (l *loader) checkSettings(settings []schema.Field, n *source.Node) {
	for _, s := range settings {
		pos := keyPos(n, s.Name)
		if s.Type.Description == "" {
			l.ds.Warnf(pos, "no-description", "the setting %s has no description", s.Name).Hint = "say what it does and how to choose it"
		}
		if s.Type.Kind == schema.KindSecret && s.Type.HasDefault {
			l.ds.Errorf(pos, "secret-default", "the setting %s is a secret and has a default, which everybody could read", s.Name).Hint = "leave the default out"
		}
	}
}

func keyPos(n *source.Node, key string) source.Pos {
	for _, entry := range n.Entries {
		if entry.Key == key {
			return entry.KeyPos
		}
	}
	return n.Pos
}

// SettingPos is where crate.yaml declares a setting.
func (c *Crate) SettingPos(name string) source.Pos {
	if c.root == nil || c.root.Lookup("settings") == nil {
		return source.Pos{File: c.File}
	}
	return keyPos(c.root.Lookup("settings"), name)
}
