package actions

import (
	"fmt"
	"net/url"
	"strings"

	"gantry/source"
)

// addressRule says how a config field that holds a server's address is brought into one form, whatever way
// it was pasted: `https://host[:port][/path]` without a slash at the end.
type addressRule struct {
	Drop []string // endings of the path that people paste with it
	Path string   // the path where none was given
}

func (f *folder) readAddresses(n *source.Node) map[string]addressRule {
	if n == nil {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(f.ds, n, "web_addresses", "a map of config fields")
		return nil
	}
	rules := map[string]addressRule{}
	for _, e := range n.Entries {
		known := false
		var names []string
		for _, field := range f.integration.Config {
			known = known || field.Name == e.Key
			names = append(names, field.Name)
		}
		if !known {
			f.ds.Errorf(e.KeyPos, "unknown-field", "config has no field %q", e.Key).Hint = source.DidYouMean(e.Key, names)
		}
		b := source.ReadFieldsOptional(e.Value, "web address "+e.Key, f.ds)
		rules[e.Key] = addressRule{Drop: b.Texts("drop"), Path: b.Text("path")}
		b.Close()
	}
	return rules
}

// clean brings an address into its form. http is used only where it is written out.
func (r addressRule) clean(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + strings.TrimLeft(text, "/")
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Opaque != "" || strings.ContainsAny(u.Host, " \t") {
		return "", fmt.Errorf("is not a web address such as example.halopsa.com")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("begins with %s://; only https:// and http:// are spoken", u.Scheme)
	}
	if u.User != nil {
		return "", fmt.Errorf("must not have a user or password in it")
	}
	p := strings.TrimRight(u.EscapedPath(), "/")
	for _, ending := range r.Drop {
		if len(p) >= len(ending) && strings.EqualFold(p[len(p)-len(ending):], ending) {
			p = strings.TrimRight(p[:len(p)-len(ending)], "/")
		}
	}
	if p == "" {
		p = r.Path
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + p, nil
}
