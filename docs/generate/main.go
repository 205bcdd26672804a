// Command generate writes the handbook's reference pages, docs/reference/, from the code: the keys of the
// workflow language, the catalogue of actions, the functions of expressions, the error codes, the commands and
// the HTTP API. With -check it writes nothing and fails where a page is not what the code says.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/api"
	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/fault"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail if a page is stale")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "docs/generate:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	all, err := pages(root)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "docs", "reference")
	if !check {
		return write(dir, all)
	}
	if stale := compare(dir, all); len(stale) > 0 {
		return fmt.Errorf("stale: %s; run `go generate ./docs`", strings.Join(stale, ", "))
	}
	return nil
}

// moduleRoot is the folder of go.mod, here or above.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod here or above")
		}
		dir = filepath.Dir(dir)
	}
}

// pages makes every page, by its path below docs/reference.
func pages(root string) (map[string][]byte, error) {
	catalogue := actions.Builtin()
	all := map[string]*page{
		"keys.md":        keysPage(workflow.Keys()),
		"actions.md":     actionsPage(catalogue),
		"expressions.md": expressionsPage(expr.Functions()),
		"errors.md":      errorsPage(fault.Codes()),
	}
	for _, family := range families(catalogue) {
		all["actions/"+family.id+".md"] = family.page()
		if len(family.entities) > 0 {
			all["actions/"+family.typesFile()] = family.typesPage()
		}
	}
	proofs, err := readProofs(filepath.Join(root, "actions", "testdata", "halo"))
	if err != nil {
		return nil, err
	}
	if all["halo-actions.md"], err = rewstPage(catalogue, proofs); err != nil {
		return nil, err
	}
	commands, err := commandsPage(root)
	if err != nil {
		return nil, err
	}
	all["commands.md"] = commands
	texts := map[string][]byte{}
	for name, p := range all {
		texts[name] = p.bytes()
	}
	if texts["openapi.json"], err = api.OpenAPI(); err != nil {
		return nil, err
	}
	return texts, nil
}

// write replaces the folder: pages of what is no more go away.
func write(dir string, all map[string][]byte) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, text := range all {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compare names the pages that differ from what is on disk, are missing there, or should not be there.
func compare(dir string, all map[string][]byte) []string {
	var stale []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		there, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || !bytes.Equal(there, all[name]) {
			stale = append(stale, name)
		}
	}
	// What cannot be walked is missing, which is told above.
	_ = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if _, made := all[filepath.ToSlash(name)]; err == nil && !made {
			stale = append(stale, filepath.ToSlash(name))
		}
		return err
	})
	return stale
}
