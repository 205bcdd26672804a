package expr

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gantry/schema"
	"gantry/source"
)

// TestLanguage runs testdata/*.exprtest; testdata/README.md says how they are written.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/*.exprtest")
	if err != nil || len(files) == 0 {
		t.Fatal("no test files", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := &script{file: file, vars: Vars{}, types: map[string]*schema.Type{}}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".exprtest"), func(t *testing.T) { s.run(t, string(text)) })
	}
}

// script is one file while it runs.
type script struct {
	file string
	line int
	vars Vars
	decl []Variable

	types    map[string]*schema.Type
	program  *Program
	template *Template
	ds       source.Diagnostics
	shift    source.Pos // what stands before the text in the file that the parser saw
}

func (s *script) run(t *testing.T, text string) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		s.line = i + 1
		command := lines[i]
		i++
		var block []string
		for i < len(lines) && (strings.HasPrefix(lines[i], "  ") || lines[i] == "" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "  ")) {
			block = append(block, strings.TrimPrefix(lines[i], "  "))
			i++
		}
		if strings.TrimSpace(command) == "" || strings.HasPrefix(command, "#") {
			continue
		}
		if err := s.do(command, strings.Join(block, "\n")); err != nil {
			t.Errorf("%s:%d: %s\n\t%s", s.file, s.line, command, err)
		}
	}
}

var (
	declareLine = regexp.MustCompile(`^(?:declare|type) ([\w.]+):\s*(.*)$`)
	failLine    = regexp.MustCompile(`^(fail|warn)(?: at (\d+):(\d+))? "(.*)"$`)
	hintLine    = regexp.MustCompile(`^hint "(.*)"$`)
)

func (s *script) do(command, block string) error {
	switch {
	case declareLine.MatchString(command):
		m := declareLine.FindStringSubmatch(command)
		return s.declare(m[1], m[2]+"\n"+block)
	case command == "forget everything":
		s.vars, s.decl = Vars{}, nil
		return nil
	case strings.HasPrefix(command, "vars:"):
		return s.setVars(strings.TrimPrefix(command, "vars:") + block)
	case strings.HasPrefix(command, "eval "):
		s.compile(strings.TrimPrefix(command, "eval "))
		return nil
	case command == "eval":
		s.compile(block)
		return nil
	case command == "template":
		return s.compileTemplate(block)
	case strings.HasPrefix(command, "=> type "):
		return s.expectType(strings.TrimPrefix(command, "=> type "))
	case strings.HasPrefix(command, "=> "):
		return s.expectValue(strings.TrimPrefix(command, "=> "))
	case failLine.MatchString(command):
		return s.expectFailure(failLine.FindStringSubmatch(command))
	case hintLine.MatchString(command):
		return s.expectHint(hintLine.FindStringSubmatch(command)[1])
	case strings.HasPrefix(command, "uses "):
		return s.expectUses(strings.TrimPrefix(command, "uses "))
	case command == "implies" || strings.HasPrefix(command, "implies "):
		return s.expectImplies(strings.Fields(command)[1:])
	case strings.HasPrefix(command, "decided "):
		return s.expectDecided(strings.TrimPrefix(command, "decided "))
	}
	return fmt.Errorf("this is no line of the test language")
}

func (s *script) declare(name, text string) error {
	n, ds := source.Parse("type", []byte(text))
	if ds.HasErrors() {
		return ds.Err()
	}
	lookup := func(name string) (*schema.Type, bool) {
		known, ok := s.types[name]
		return known, ok
	}
	typ := schema.ParseType(n, lookup, &ds)
	if ds.HasErrors() {
		return ds.Err()
	}
	if strings.Contains(name, ".") {
		typ.Name = name
		s.types[name] = typ
		return nil
	}
	s.decl = append(s.decl, Variable{name, typ})
	return nil
}

func (s *script) setVars(text string) error {
	data, err := schema.DecodeBytes([]byte(text))
	if err != nil {
		return err
	}
	for name, v := range data.(map[string]any) {
		s.vars[name] = withSecrets(v)
	}
	return nil
}

// withSecrets turns {"$secret": "name"} into a secret and {"$object": {…}} into an Object.
func withSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if name, ok := v["$secret"].(string); ok {
			return Secret{"org", name}
		}
		out := map[string]any{}
		for k, item := range v {
			out[k] = withSecrets(item)
		}
		if inner, ok := out["$object"].(map[string]any); ok {
			return lazy(inner)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withSecrets(v[i])
		}
		return out
	}
	return v
}

// lazy is a map that only shows itself as an Object.
type lazy map[string]any

func (l lazy) Get(name string) (any, bool) { v, ok := l[name]; return v, ok }
func (l lazy) Names() []string             { return sortedKeys(l) }

func (s *script) compile(text string) {
	s.template = nil
	lines := "|-\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
	n, ds := source.Parse("x", []byte(lines))
	if n == nil {
		s.program, s.ds = nil, ds
		return
	}
	s.shift = source.Pos{Line: 1, Column: 2}
	s.program, s.ds = NewEnv(s.decl...).Compile(n)
}

func (s *script) compileTemplate(text string) error {
	s.program = nil
	n, ds := source.Parse("x", []byte(text))
	if n == nil {
		return ds.Err()
	}
	s.shift = source.Pos{}
	s.template, s.ds = NewEnv(s.decl...).CompileTemplate(n)
	return nil
}

func (s *script) evaluate() (any, error) {
	switch {
	case s.ds.HasErrors():
		return nil, s.ds.Err()
	case s.program != nil:
		return s.program.Eval(s.vars, exampleNow)
	}
	return s.template.Eval(s.vars, exampleNow)
}
