package project

import (
	"bytes"
	"maps"
	"reflect"
	"slices"

	"gantry/source"
)

// changedKeys gives the keys of gantry.yaml that have other values than before, such as server.listen, in
// alphabetical order. A file that cannot be read as YAML gives its name: nobody knows which.
func changedKeys(was, is []byte) []string {
	if bytes.Equal(was, is) {
		return nil
	}
	before, beforeOK := settingValues(was)
	after, afterOK := settingValues(is)
	if !beforeOK || !afterOK {
		return []string{SettingsFile}
	}
	changed := map[string]bool{}
	for key, value := range before {
		if !reflect.DeepEqual(value, after[key]) {
			changed[key] = true
		}
	}
	for key := range after {
		if _, had := before[key]; !had {
			changed[key] = true
		}
	}
	return slices.Sorted(maps.Keys(changed))
}

// settingValues gives the values by their keys, of maps one level deeper.
func settingValues(text []byte) (map[string]any, bool) {
	values := map[string]any{}
	if len(bytes.TrimSpace(text)) == 0 {
		return values, true
	}
	root, ds := source.Parse(SettingsFile, text)
	if ds.Errors() > 0 {
		return nil, false
	}
	if root == nil {
		return values, true
	}
	all, ok := root.Data().(map[string]any)
	if !ok {
		return values, root.Data() == nil
	}
	for key, value := range all {
		if below, isMap := value.(map[string]any); isMap {
			for inner, value := range below {
				values[key+"."+inner] = value
			}
			continue
		}
		values[key] = value
	}
	return values, true
}
