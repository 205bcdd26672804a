// Package project reads a project folder: gantry.yaml, the workflows, crates and integrations of one MSP,
// checked together and ready to run.
package project

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"strings"

	"gantry/crates"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// SettingsFile is the project's own file, in its folder.
const SettingsFile = "gantry.yaml"

// AllowVariable names the environment variable that adds to network.allow, separated by commas.
const AllowVariable = "GANTRY_ALLOW_NETWORKS"

// Settings are what gantry.yaml says. Everything in it may be left out.
type Settings struct {
	MSP     MSP
	Network Network
	// Data is the data folder, in the project's folder unless it is absolute.
	Data   string
	Server Server
	Queue  Queue
	Runs   Runs
	// Limits bound what a run keeps.
	Limits Limits
	// History says how long ended runs are kept.
	History History
	// Publishing says how workflows are published.
	Publishing Publishing
}

// MSP is the root organisation that is made in a new data directory.
type MSP struct{ Slug, Name string }

// Network says which private addresses workflows may reach.
type Network struct{ Allow []netip.Prefix }

// Defaults are the settings of a project without gantry.yaml.
func Defaults() Settings {
	return Settings{MSP: MSP{Slug: "msp", Name: "My MSP"}, Data: ".gantry"}
}

// ReadSettings reads dir's gantry.yaml and what the environment adds. What is wrong has its default.
func ReadSettings(dir string, getenv func(string) string) (Settings, source.Diagnostics, source.Texts) {
	settings, texts := Defaults(), source.Texts{}
	var ds source.Diagnostics
	text, err := readSettingsFile(dir)
	switch {
	case err == nil:
		texts[SettingsFile] = text
		settings.read(text, &ds)
	case !errors.Is(err, fs.ErrNotExist):
		ds.Errorf(source.Pos{File: SettingsFile}, "unreadable", "the file cannot be read: %s", crates.Reason(err))
	}
	for part := range strings.SplitSeq(getenv(AllowVariable), ",") {
		if part = strings.TrimSpace(part); part != "" {
			settings.Network.allow(part, source.Pos{File: AllowVariable}, &ds)
		}
	}
	return settings, ds, texts
}

func readSettingsFile(dir string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.ReadFile(SettingsFile)
}

func (s *Settings) read(text []byte, ds *source.Diagnostics) {
	root, found := source.Parse(SettingsFile, text)
	if len(found) == 1 && found[0].Code == "empty-file" {
		return // nothing, or comments alone: the defaults
	}
	ds.Add(found...)
	if root == nil {
		return
	}
	top := source.ReadFieldsOptional(root, SettingsFile, ds)
	s.MSP.read(top.Node("msp"), ds)
	network := source.ReadFieldsOptional(top.Node("network"), "network", ds)
	for _, block := range network.TextNodes("allow") {
		s.Network.allow(block.Value.(string), block.Pos, ds)
	}
	network.Close()
	if n := top.TextNode("data"); n != nil {
		if s.Data = n.Value.(string); strings.TrimSpace(s.Data) == "" {
			ds.Errorf(n.Pos, "bad-value", "data is empty").Hint = "name a folder, or leave the key out for .gantry"
		}
	}
	s.Server.read(top.Node("server"), ds)
	s.Queue.read(top.Node("queue"), ds)
	s.Runs.read(top.Node("runs"), ds)
	s.Limits.read(top.Node("limits"), ds)
	s.History.read(top.Node("history"), ds)
	s.Publishing.read(top.Node("publishing"), ds)
	top.Close()
}

func (m *MSP) read(n *source.Node, ds *source.Diagnostics) {
	fields := source.ReadFieldsOptional(n, "msp", ds)
	defer fields.Close()
	if slug := fields.TextNode("slug"); slug != nil {
		if _, err := orgs.ParseSlug(slug.Value.(string)); err != nil {
			f := fault.From(err)
			ds.Errorf(slug.Pos, "bad-value", "%s", f.Message).Hint = f.Hint
		} else {
			m.Slug = slug.Value.(string)
		}
	}
	if name := fields.TextNode("name"); name != nil {
		if strings.TrimSpace(name.Value.(string)) == "" {
			ds.Errorf(name.Pos, "bad-value", "the MSP's name is empty")
		} else {
			m.Name = name.Value.(string)
		}
	}
}

// allow adds a block such as 10.0.0.0/8, or a single address.
func (n *Network) allow(text string, pos source.Pos, ds *source.Diagnostics) {
	if block, ok := readNetwork(text, pos, ds); ok {
		n.Allow = append(n.Allow, block)
	}
}

func readNetwork(text string, pos source.Pos, ds *source.Diagnostics) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	block, err := netip.ParsePrefix(text)
	if err != nil {
		ds.Errorf(pos, "bad-value", "%q is not a network", text).Hint = "write it as address and length, such as 10.20.0.0/16 or 127.0.0.0/8"
		return block, false
	}
	if block != block.Masked() {
		ds.Errorf(pos, "bad-value", "%s has digits behind its first %d bits", text, block.Bits()).Hint = "did you mean " + block.Masked().String() + "?"
		return block, false
	}
	return block, true
}
