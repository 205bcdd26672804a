package source

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Whatever a file holds: no panic, errors or a tree, and every place within the file.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/workflow.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("a: &x [1, 'it''s', \"\\u00e9\\n\"]\nb: *x\nc: |+\n  x\n\nd: >\n  y\n  z\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, ds := ParseWithin("f", text, Limits{Bytes: 1 << 16, Nodes: 2000})
		if (n == nil) != ds.HasErrors() {
			t.Fatalf("node %v with %v", n, ds)
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text)), "\n")
		for _, d := range ds {
			if d.Pos.Line < 1 || d.Pos.Line > len(lines) || d.Pos.Column < 1 || d.Message == "" || d.Code == "" {
				t.Fatalf("%+v", d)
			}
		}
		ds.Render(new(strings.Builder), Texts{"f": text}, true)
		if n == nil {
			return
		}
		inside(t, n, lines)
		again, _ := ParseWithin("f", text, Limits{Bytes: 1 << 16, Nodes: 2000})
		if !reflect.DeepEqual(n.Data(), again.Data()) || !reflect.DeepEqual(n.Data(), FromData(n.Data()).Data()) {
			t.Fatal("the same text gives different data")
		}
	})
}

func inside(t *testing.T, n *Node, lines []string) {
	check := func(pos Pos) {
		if pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len(lines[pos.Line-1])+2 {
			t.Fatalf("%v is not in the file", pos)
		}
	}
	check(n.Pos)
	if text, ok := n.Value.(string); ok {
		for i := range text {
			check(n.At(i))
		}
		check(n.At(len(text)))
	}
	for _, e := range n.Entries {
		check(e.KeyPos)
		inside(t, e.Value, lines)
	}
	for _, item := range n.Items {
		inside(t, item, lines)
	}
}
